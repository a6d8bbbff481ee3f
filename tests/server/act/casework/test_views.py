"""The screens of merge, link, split, snooze, macros, undo and presence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases
from voiceloop.server.act.casework import guard, undoing
from voiceloop.server.act.models import Case, CaseLink, Deed, Macro, RootCause, WaitRule
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]
SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(signed_in: SignIn, alice: User) -> Client:
    return signed_in(alice)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def toast(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer["HX-Trigger"])["toast"]
    return found


class TestMerge:
    def test_the_answer_is_the_case_that_stays_with_a_way_back(
        self, browser: Client, case: Case, second: Case
    ) -> None:
        given = {"other": case.pk, "stays": "other"}
        answer = browser.post(reverse("case_merge", args=[second.pk]), given, headers=HTMX)
        assert f'data-case="{case.pk}"' in answer.text
        browser.post(toast(answer)["undo"], headers=HTMX)
        assert fresh(second).is_open

    def test_the_other_way_round(self, browser: Client, case: Case, second: Case) -> None:
        given = {"other": case.pk, "stays": "this"}
        browser.post(reverse("case_merge", args=[second.pk]), given, headers=HTMX)
        assert fresh(case).merged_into == second

    def test_a_case_that_one_may_not_see_cannot_be_chosen(
        self, signed_in: SignIn, charlie: User, case: Case, west: Any, dora: User
    ) -> None:
        theirs = cases.open(None, by=charlie, summary="x", unit=west)
        answer = signed_in(charlie).post(
            reverse("case_merge", args=[theirs.pk]), {"other": case.pk, "stays": "other"}, headers=HTMX
        )
        assert answer.status_code == 422

    def test_the_merged_one_has_nothing_to_do_on_it(self, browser: Client, case: Case, second: Case) -> None:
        browser.post(reverse("case_merge", args=[second.pk]), {"other": case.pk, "stays": "other"})
        page = browser.get(reverse("case", args=[second.pk])).text
        assert "dialog-resolve" not in page
        assert reverse("case", args=[case.pk]) in page

    def test_the_log_of_what_stays_holds_both(
        self, browser: Client, case: Case, second: Case, alice: User
    ) -> None:
        cases.note(second, by=alice, text="qzvorher")
        browser.post(reverse("case_merge", args=[second.pk]), {"other": case.pk, "stays": "other"})
        assert "qzvorher" in browser.get(reverse("case", args=[case.pk])).text


class TestOthers:
    @pytest.mark.parametrize("words", ["", "王小明", "13812345678", "退款"])
    def test_it_finds_by_customer_phone_and_words(
        self, browser: Client, case: Case, second: Case, words: str
    ) -> None:
        found = browser.get(reverse("case_others", args=[case.pk]), {"q": words}).text
        assert f'value="{second.pk}"' in found
        assert f'value="{case.pk}"' not in found

    def test_it_finds_by_number(self, browser: Client, case: Case, second: Case) -> None:
        found = browser.get(reverse("case_others", args=[case.pk]), {"q": f"#{second.pk}"}).text
        assert f'value="{second.pk}"' in found


class TestLink:
    def test_it_is_shown_and_taken_away(self, browser: Client, case: Case, second: Case) -> None:
        given = {"other": second.pk, "kind": "child"}
        answer = browser.post(reverse("case_link", args=[case.pk]), given, headers=HTMX)
        assert f"#{second.pk}" in answer.text
        made = CaseLink.objects.get()
        assert made.case == second
        browser.post(reverse("case_unlink", args=[made.pk]), {"from": case.pk}, headers=HTMX)
        made.refresh_from_db()
        assert made.ended_at


class TestSplit:
    def test_it_goes_to_the_new_case(self, browser: Client, case: Case, alice: User) -> None:
        note = cases.note(case, by=alice, text="发票错了")
        address = reverse("case_split", args=[case.pk])
        assert "发票错了" in browser.get(address).text
        answer = browser.post(address, {"summary": "发票", "notes": [note.pk]})
        made = Case.objects.latest("pk")
        assert answer.headers["Location"] == reverse("case", args=[made.pk])
        assert made.notes.count() == 1


class TestSnooze:
    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({"when": "tomorrow"}, 200),
            ({"when": "reply"}, 200),
            ({"when": "at", "at": "2099-01-01T09:00"}, 200),
            ({"when": "at", "at": "2001-01-01T09:00"}, 422),
            ({"when": "at"}, 422),
            ({"when": "x"}, 422),
        ],
    )
    def test_a_moment_still_to_come(
        self, browser: Client, case: Case, given: dict[str, str], status: int
    ) -> None:
        answer = browser.post(reverse("case_snooze", args=[case.pk]), given, headers=HTMX)
        assert answer.status_code == status
        assert case.snoozes.exists() == (status == 200)

    def test_it_can_be_taken_up_again(self, browser: Client, case: Case) -> None:
        browser.post(reverse("case_snooze", args=[case.pk]), {"when": "reply"}, headers=HTMX)
        answer = browser.post(reverse("case_wake", args=[case.pk]), headers=HTMX)
        assert "undo" in toast(answer)
        assert not case.snoozes.filter(ended_at=None).exists()


class TestUndo:
    def test_every_step_offers_it(self, browser: Client, case: Case, slow_kitchen: RootCause) -> None:
        given = {"root_cause": slow_kitchen.pk}
        answer = browser.post(reverse("case_resolve", args=[case.pk]), given, headers=HTMX)
        assert 'data-key="z"' in answer.text
        browser.post(toast(answer)["undo"], headers=HTMX)
        assert fresh(case).is_open

    def test_anothers_step_is_not_ones_own_to_take_back(
        self, signed_in: SignIn, case: Case, alice: User, bob: User
    ) -> None:
        undoing.do(case, by=alice, name="pause", act=lambda: cases.pause(case, by=alice))
        answer = signed_in(bob).post(reverse("deed_undo", args=[Deed.objects.get().pk]))
        assert answer.status_code == 404

    def test_what_others_changed_is_said(self, browser: Client, case: Case, alice: User) -> None:
        undoing.do(case, by=alice, name="pause", act=lambda: cases.pause(case, by=alice))
        cases.resume(case)
        answer = browser.post(reverse("deed_undo", args=[Deed.objects.get().pk]), headers=HTMX)
        assert toast(answer)["level"] == "error"


class TestGuard:
    def test_a_form_that_others_overtook_comes_back_with_the_news_and_its_words(
        self, browser: Client, case: Case, bob: User, slow_kitchen: RootCause
    ) -> None:
        seen = guard.version(case)
        cases.note(case, by=bob, text="qznews")
        given = {"root_cause": slow_kitchen.pk, "note": "qzmine", "version": seen}
        answer = browser.post(reverse("case_resolve", args=[case.pk]), given, headers=HTMX)
        assert answer.status_code == 422
        assert "qznews" in answer.text
        assert "qzmine" in answer.text
        assert fresh(case).is_open
        again = given | {"version": guard.version(case)}
        browser.post(reverse("case_resolve", args=[case.pk]), again, headers=HTMX)
        assert not fresh(case).is_open


class TestBeat:
    def test_it_speaks_only_when_there_is_news(
        self, browser: Client, signed_in: SignIn, case: Case, bob: User
    ) -> None:
        address = reverse("case_beat", args=[case.pk])
        assert browser.post(address, {"seen": "", "types": "0"}).status_code == 204
        signed_in(bob).post(address, {"seen": "", "types": "1"})
        told = browser.post(address, {"seen": "", "types": "0"})
        assert "Bob" in told.text
        assert browser.post(address, {"seen": f"{bob.pk}t", "types": "0"}).status_code == 204

    def test_it_asks_little_of_the_database(
        self, browser: Client, case: Case, django_assert_max_num_queries: Any
    ) -> None:
        address = reverse("case_beat", args=[case.pk])
        browser.post(address, {"seen": ""})
        with django_assert_max_num_queries(14):
            browser.post(address, {"seen": ""})


class TestMacros:
    @pytest.fixture
    def macro(self, alice: User) -> Macro:
        return Macro.objects.create(
            unit=alice.unit, owner=alice, name="升级", actions={"severity": "serious"}
        )

    def test_choose_look_run(self, browser: Client, case: Case, macro: Macro) -> None:
        assert "升级" in browser.get(reverse("case_macros", args=[case.pk])).text
        assert browser.get(reverse("case_macro", args=[case.pk, macro.pk])).status_code == 200
        answer = browser.post(reverse("case_macro_run", args=[case.pk, macro.pk]), headers=HTMX)
        assert "undo" in toast(answer)
        assert fresh(case).severity == "serious"

    def test_it_is_made_changed_and_taken_away(self, browser: Client, alice: User) -> None:
        given = {"name": "记一笔", "whose": "mine", "note": "x"}
        browser.post(reverse("macro_new"), given)
        made = Macro.objects.get()
        browser.post(reverse("macro_edit", args=[made.pk]), given | {"note": "y"})
        made.refresh_from_db()
        assert made.actions == {"note": "y"}
        browser.post(reverse("macro_archive", args=[made.pk]))
        assert "记一笔" not in browser.get(reverse("macros")).text

    def test_the_teams_is_not_the_agents_to_change(self, browser: Client, bob: User) -> None:
        made = Macro.objects.create(unit=bob.unit, name="组", actions={"note": "x"})
        assert browser.get(reverse("macro_edit", args=[made.pk])).status_code == 403
        assert browser.post(reverse("macro_archive", args=[made.pk])).status_code == 403


class TestWaits:
    def test_the_company_sets_it_and_agents_read_it(
        self, browser: Client, signed_in: SignIn, dora: User, slow_kitchen: RootCause
    ) -> None:
        given = {"name": "三天", "nudge_after": 3, "close_after": 4, "root_cause": slow_kitchen.pk}
        assert browser.post(reverse("wait_new"), given).status_code == 403
        signed_in(dora).post(reverse("wait_new"), given)
        made = WaitRule.objects.get()
        assert "三天" in browser.get(reverse("waits")).text
        signed_in(dora).post(reverse("wait_archive", args=[made.pk]))
        assert "三天" not in browser.get(reverse("waits")).text

    def test_an_unknown_place_is_refused(
        self, signed_in: SignIn, dora: User, slow_kitchen: RootCause
    ) -> None:
        given = {"name": "三天", "nudge_after": 3, "close_after": 4, "root_cause": slow_kitchen.pk}
        answer = signed_in(dora).post(reverse("wait_new"), given | {"text_zh": "{name}"})
        assert answer.status_code == 422


class TestMentions:
    def test_the_page_lists_them_and_marks_them_read(
        self, browser: Client, signed_in: SignIn, case: Case, bob: User, alice: User
    ) -> None:
        from voiceloop.server.act.casework import mentions
        from voiceloop.server.core.models import Event

        cases.note(case, by=bob, text="@Alice qzplease")
        mentions.heed(Event.objects.filter(type="case.noted").latest("pk"))
        assert "qzplease" in browser.get(reverse("mentions")).text
        browser.post(reverse("mentions_seen"))
        assert mentions.n_unseen(alice) == 0
