"""The room as people see it: who leads, who only sees, and what nobody may do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.server.act.crisis.conftest import Complains
from voiceloop.server.act.crisis import opening, page, statements
from voiceloop.server.act.crisis.for_case import context as of_case
from voiceloop.server.act.models import Case, Crisis, CrisisWatch
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(194)]
SignIn = Callable[[User], Client]


class TestRoom:
    def test_an_agent_sees_it_and_ticks_but_does_not_lead(
        self, crisis: Crisis, alice: User, signed_in: SignIn
    ) -> None:
        client = signed_in(alice)
        shown = client.get(f"/crises/{crisis.pk}/")
        assert shown.status_code == 200
        assert f"/crises/{crisis.pk}/review/" not in shown.content.decode()
        assert client.get(f"/crises/{crisis.pk}/review/").status_code == 403
        task = crisis.tasks.first()
        assert task is not None
        client.post(f"/crises/tasks/{task.pk}/tick/", {"do": "done"})
        task.refresh_from_db()
        assert task.done_by == alice

    def test_it_shows_the_spike_with_its_limit(
        self, calm: None, store: Unit, bob: User, complains: Complains, signed_in: SignIn
    ) -> None:
        complains(store, 12, text="等了两个小时")
        (crisis,) = opening.watch()
        shown = signed_in(bob).get(f"/crises/{crisis.pk}/").content.decode()
        assert "等了两个小时" in shown
        assert 'id="crisis-chart"' in shown

    def test_it_is_refreshed_only_when_something_is_another(
        self, crisis: Crisis, bob: User, signed_in: SignIn
    ) -> None:
        client, seen = signed_in(bob), page.version(crisis)
        assert client.get(f"/crises/{crisis.pk}/live/", {"seen": seen}).status_code == 204
        statements.write(crisis, by=bob, text_zh="正在核实")
        assert "crisis-log" in client.get(f"/crises/{crisis.pk}/live/", {"seen": seen}).content.decode()

    def test_a_draft_is_not_shown_to_those_who_may_not_approve(
        self, crisis: Crisis, alice: User, bob: User, signed_in: SignIn
    ) -> None:
        draft = statements.write(crisis, by=bob, text_zh="还没批准的话")
        assert "还没批准的话" not in signed_in(alice).get(f"/crises/{crisis.pk}/live/?seen=").content.decode()
        statements.approve(draft, by=bob)
        assert "还没批准的话" in signed_in(alice).get(f"/crises/{crisis.pk}/").content.decode()

    def test_closing_without_a_review_is_refused(self, crisis: Crisis, bob: User, signed_in: SignIn) -> None:
        assert signed_in(bob).post(f"/crises/{crisis.pk}/review/", {"why": "x"}).status_code == 422
        crisis.refresh_from_db()
        assert crisis.is_open


class TestBanner:
    def test_it_stands_above_every_page_of_those_concerned(
        self, crisis: Crisis, alice: User, charlie: User, signed_in: SignIn
    ) -> None:
        link = f'href="/crises/{crisis.pk}/"'
        assert link in signed_in(alice).get("/knowledge/").content.decode()
        assert link not in signed_in(charlie).get("/knowledge/").content.decode()


class TestForCase:
    def test_a_case_of_the_crisis_brings_the_approved_words(
        self, crisis: Crisis, store: Unit, bob: User
    ) -> None:
        case = Case.objects.create(unit=store)
        draft = statements.write(crisis, by=bob, text_zh="正在核实")
        assert of_case(case, bob) == {"case_crises": [crisis], "holding_words": []}
        statements.approve(draft, by=bob)
        assert of_case(case, bob)["holding_words"] == ["正在核实"]


class TestWatchSettings:
    def test_they_are_tried_before_they_are_kept(self, calm: None, dora: User, signed_in: SignIn) -> None:
        given = {
            "answer": "propose", "false_a_year": "4", "at_least": "6", "times": "3", "charts": ["negative"],
            "words": "中毒\nfire",
        }  # fmt: skip
        client = signed_in(dora)
        assert client.post("/crises/watch/", given | {"preview": "1"}).status_code == 200
        assert not CrisisWatch.objects.exists()
        client.post("/crises/watch/", given)
        kept = CrisisWatch.current()
        assert (kept.answer, kept.at_least, kept.words) == ("propose", 6, ["中毒", "fire"])


class TestApi:
    def test_it_leads_a_crisis_from_the_first_word_to_the_review(
        self, store: Unit, bob: User, signed_in: SignIn
    ) -> None:
        client, kind = signed_in(bob), {"content_type": "application/json"}
        made = client.post("/api/crises", {"title": "停电", "unit": store.pk}, **kind).json()
        path = f"/api/crises/{made['id']}"
        said = client.post(f"{path}/statements", {"text_zh": "正在抢修"}, **kind).json()
        refused = client.post(f"{path}/messages", {"statement": said["id"]}, **kind)
        assert refused.status_code == 409
        client.put(f"/api/crisis-statements/{said['id']}/approval", **kind)
        review = {"what_happened": "停电", "why": "无备用电", "what_changes": "备发电机"}
        closed = client.put(f"{path}/review", review, **kind).json()
        assert (closed["state"], closed["review"]["why"]) == ("closed", "无备用电")
        assert closed["figures"]["to_close"] is not None
        assert next(line["type"] for line in client.get(f"{path}/log").json()) == "crisis.closed"

    def test_an_agent_may_not(self, crisis: Crisis, alice: User, signed_in: SignIn) -> None:
        answer = signed_in(alice).put(
            f"/api/crises/{crisis.pk}/dismissal", {}, content_type="application/json"
        )
        assert answer.status_code == 403
