"""How promises are kept, and what has been open for long."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import override

from tests.conftest import MakePerson
from voiceloop.analytics import Lake, measure
from voiceloop.server.act import starter
from voiceloop.server.act.cases import ageing, cases, kept
from voiceloop.server.act.models import BusinessCalendar, Case, Clock
from voiceloop.server.core.models import Unit, User
from voiceloop.server.store import sync

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts the cases into a lake of their own, as the sync does, and returns where that is."""
    monkeypatch.setattr(settings, "LAKE", tmp_path / "lake")
    sync.lake.cache_clear()

    def carry() -> Path:
        kept_of = ("kind", "severity", "opened_at", "first_contact_due_at", "first_contact_at")
        rows = [
            {name: getattr(case, name) for name in kept_of}
            | {"case_id": case.pk, "day": localdate(case.opened_at), "at": case.opened_at}
            | {"unit": case.unit.code, "agent": case.owner.code, "channel": case.channel or None}
            | {"priority": "normal"}
            for case in Case.objects.select_related("unit", "owner")
        ]
        Lake(tmp_path / "lake").append("cases", rows)
        return tmp_path / "lake"

    yield carry
    sync.lake.cache_clear()


@pytest.fixture
def many(alice: User, east: Unit) -> list[Case]:
    """Twelve cases of Alice's: nine spoken with in time, and of forty replies thirty."""
    made = [cases.open(None, by=alice, summary="冷了", unit=east) for _ in range(12)]
    for number, case in enumerate(made):
        due = now() - timedelta(hours=1)
        spoken = due + timedelta(minutes=-5 if number < 9 else 5)
        Case.objects.filter(pk=case.pk).update(first_contact_due_at=due, first_contact_at=spoken)
    clock = Clock.objects.get(case=made[0], kind="solution")
    replies = {"kind": "next_reply", "state": "met", "promise": clock.promise}
    Clock.objects.create(case=made[0], n_runs=40, n_broken=10, **replies)
    return made


@pytest.mark.requirement(32, 122)
class TestReport:
    def test_it_says_what_measure_says(self, many: list[Case], carried: Any, bob: User) -> None:
        lake = carried()
        first, solution, replies = kept.Report(bob, {"days": "30"}).whole()
        known = measure(Lake(lake), "first_contact_on_time", min_n=5).one
        assert (first.n, first.value, first.low, first.high) == (known.n, known.value, known.low, known.high)
        assert (first.n, first.value) == (12, 75.0)
        assert (replies.n, replies.value) == (40, 75.0)
        assert replies.low is not None
        assert replies.high is not None
        assert replies.low < 75 < replies.high
        assert solution.value is None

    @pytest.mark.parametrize("by", sorted(kept.BY))
    def test_it_can_be_cut(self, many: list[Case], carried: Any, bob: User, by: str) -> None:
        carried()
        lines = kept.Report(bob, {"days": "30"}, by=by).lines()
        assert [line.cells[0].n for line in lines] == [12]
        assert [line.cells[2].n for line in lines] == [40]

    def test_a_reply_still_within_its_time_does_not_count(
        self, many: list[Case], carried: Any, bob: User
    ) -> None:
        carried()
        Clock.objects.filter(kind="next_reply").update(state="running", broken_at=None)
        assert kept.Report(bob, {"days": "30"}).whole()[2].n == 39

    def test_an_agent_sees_no_colleague(
        self, many: list[Case], carried: Any, alice: User, person: MakePerson, east: Unit
    ) -> None:
        carried()
        erin = person("Erin", "agent", east)
        assert [line.code for line in kept.Report(alice, {"days": "30"}).lines()] == [alice.code]
        assert kept.Report(erin, {"days": "30"}).lines() == []


class TestPage:
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "承诺兑现"), ("en", "Promises kept")])
    def test_it_shows_the_figures(
        self, many: list[Case], carried: Any, signed_in: SignIn, bob: User, language: str, word: str
    ) -> None:
        carried()
        page = signed_in(bob).get(reverse("promises_kept"), headers={"accept-language": language}).text
        assert word in page
        assert "75.0%" in page

    def test_its_files_say_the_same(
        self, many: list[Case], carried: Any, signed_in: SignIn, bob: User
    ) -> None:
        carried()
        browser = signed_in(bob)
        answer: Any = browser.get(reverse("promises_kept_export", args=["csv"]))
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        plain = json.loads(browser.get(reverse("promises_kept_export", args=["json"])).content)
        endpoint = browser.get("/api/promises-kept").json()
        assert rows[1][2:4] == ["12", "75.0"]
        assert plain["whole"][0]["value"] == 75.0
        assert endpoint == plain
        assert browser.get(reverse("promises_kept_export", args=["xlsx"])).status_code == 200
        assert browser.get(reverse("promises_kept_export", args=["pdf"])).status_code == 404


@pytest.mark.requirement(101)
class TestAgeing:
    def test_the_oldest_comes_first_with_what_it_waits_for(
        self, alice: User, bob: User, signed_in: SignIn
    ) -> None:
        old, young = (cases.open(None, by=alice, summary=name) for name in ("旧的", "新的"))
        Case.objects.filter(pk=old.pk).update(opened_at=now() - timedelta(days=40))
        cases.pause(old, by=alice, reason="小票照片")
        browser = signed_in(bob)
        page = browser.get(reverse("ageing"), headers={"accept-language": "zh-hans"})
        assert [case.pk for case in page.context["page"]] == [old.pk, young.pk]
        assert "客户：小票照片" in page.text
        assert [band.n for band in page.context["bands"]] == [1, 0, 0, 0, 0, 1]
        narrow = browser.get(reverse("ageing"), {"band": "30"})
        assert [case.pk for case in narrow.context["page"]] == [old.pk]

    def test_it_shows_how_far_up_it_went(self, alice: User, bob: User, signed_in: SignIn) -> None:
        case = cases.escalate(cases.open(None, by=alice, summary="x"), by=alice)
        cases.open(None, by=alice, summary="y")
        page = signed_in(bob).get(reverse("ageing"), {"level": "1"})
        assert [one.pk for one in page.context["page"]] == [case.pk]

    def test_what_it_waits_for_follows_the_case(self, alice: User) -> None:
        case = cases.open(None, by=alice, summary="x")

        def said() -> str:
            with override("en"):
                return ageing.waits_for(ageing.with_reasons(Case.objects.filter(pk=case.pk)).get())

        before = said()
        cases.contact(case, by=alice, result="reached")
        assert [before, said()] == ["The first contact", "The solution"]

    def test_its_file_has_a_line_for_each(self, alice: User, bob: User, signed_in: SignIn) -> None:
        cases.open(None, by=alice, summary="x")
        answer: Any = signed_in(bob).get(reverse("ageing_export", args=["csv"]))
        assert len(b"".join(answer.streaming_content).splitlines()) == 2

    def test_charlie_sees_nothing_of_it(self, signed_in: SignIn, charlie: User, case: Case) -> None:
        assert list(signed_in(charlie).get(reverse("ageing")).context["page"]) == []


class TestEndpoints:
    def test_a_promise_is_set_changed_and_taken_back(self, signed_in: SignIn, dora: User) -> None:
        starter.promises()
        api = signed_in(dora)
        said = {"name": "金卡 15 分钟", "clock": "first_contact", "minutes": 15, "tier": "gold"}
        said |= {"calendar": BusinessCalendar.objects.get().pk}
        made = api.post("/api/promises", said, content_type="application/json").json()
        url = f"/api/promises/{made['id']}"
        changed = api.put(url, said | {"minutes": 20}, content_type="application/json").json()
        assert (made["minutes"], changed["minutes"]) == (15, 20)
        early = said | {"second_percent": 50}
        assert api.put(url, early, content_type="application/json").status_code == 422
        assert api.post(f"{url}/archive").json()["archived_at"]
        assert api.post(f"{url}/restore").json()["archived_at"] is None

    def test_a_lead_of_a_branch_sets_none(self, signed_in: SignIn, bob: User) -> None:
        assert signed_in(bob).post("/api/promises/critical").status_code == 403

    def test_hours_are_set_and_never_all_closed(self, signed_in: SignIn, dora: User) -> None:
        api = signed_in(dora)
        said = {"name": "白班", "week": [[[540, 1080]]] * 5 + [[], []], "country": "CN"}
        made = api.post("/api/business-hours", said, content_type="application/json").json()
        closed = said | {"week": [[]] * 7}
        url = f"/api/business-hours/{made['id']}"
        assert api.put(url, closed, content_type="application/json").status_code == 422
        assert [one["name"] for one in api.get("/api/business-hours").json()] == ["白班"]

    def test_a_case_is_paused_graded_and_read(self, signed_in: SignIn, alice: User, case: Case) -> None:
        api, url = signed_in(alice), f"/api/cases/{case.pk}"
        api.post(f"{url}/pause", {"reason": "小票"}, content_type="application/json")
        assert {one["state"] for one in api.get(f"{url}/clocks").json()} == {"paused"}
        api.delete(f"{url}/pause")
        assert {one["state"] for one in api.get(f"{url}/clocks").json()} == {"running"}
        said = {"severity": "slight", "priority": 1, "reason": "老客户"}
        graded = api.put(f"{url}/grade", said, content_type="application/json").json()
        assert (graded["severity"], graded["priority"]) == ("slight", 1)
        assert [one["id"] for one in api.get("/api/ageing").json()] == [case.pk]
