"""The pages of root causes and initiatives, as a browser gets them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.core.models import User
from voiceloop.server.verify import initiatives
from voiceloop.server.verify.models import Initiative

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]
Solved = Callable[..., Case]
MOVES = ("start", "check", "standardise", "replan", "stop")


@pytest.fixture
def browser(signed_in: SignIn, bob: User) -> Client:
    return signed_in(bob)


class TestCauses:
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "后厨交接慢"), ("en", "Hand-over")])
    def test_it_shows_the_patterns(
        self, browser: Client, solved: Solved, handover: RootCause, language: str, word: str
    ) -> None:
        solved(handover)
        assert word in browser.get(reverse("causes"), headers={"accept-language": language}).text

    @pytest.mark.requirement(147)
    def test_an_initiative_is_one_click_away(self, browser: Client, handover: RootCause) -> None:
        assert reverse("initiative_of_cause", args=[handover.pk]) in browser.get(reverse("causes")).text

    def test_an_agent_may_look_but_not_start_one(
        self, signed_in: SignIn, alice: User, handover: RootCause
    ) -> None:
        browser = signed_in(alice)
        assert "/initiative/" not in browser.get(reverse("causes")).text
        assert browser.get(reverse("initiative_new")).status_code == 403

    def test_charlie_sees_no_case_of_the_east(
        self, signed_in: SignIn, charlie: User, solved: Solved, handover: RootCause
    ) -> None:
        solved(handover)
        page = signed_in(charlie).get(reverse("cause", args=[handover.pk])).text
        assert "zqcase" not in page

    def test_the_unit_filter_does_not_reach_another_branch(
        self, signed_in: SignIn, charlie: User, solved: Solved, handover: RootCause
    ) -> None:
        solved(handover)
        page = signed_in(charlie).get(reverse("causes"), {"unit": "east"})
        assert page.context["total"] == 0

    @pytest.mark.parametrize("query", ["days=abc", "days=7&unit=nowhere", "days=" + "9" * 30])
    def test_a_strange_filter_is_ignored(self, browser: Client, handover: RootCause, query: str) -> None:
        assert browser.get(f"{reverse('causes')}?{query}").status_code == 200


class TestCauseForm:
    def test_the_head_office_adds_renames_and_archives(self, signed_in: SignIn, dora: User) -> None:
        browser = signed_in(dora)
        browser.post(reverse("cause_add"), {"group": "people", "name": "新人多", "name_en": "New people"})
        cause = RootCause.objects.get(code="new_people")
        browser.post(reverse("cause_rename", args=[cause.pk]), {"group": "people", "name": "新人多，没人带"})
        browser.post(reverse("cause_archive", args=[cause.pk]), {"do": "archive"})
        cause.refresh_from_db()
        assert (cause.name, cause.code, cause.archived_at is None) == ("新人多，没人带", "new_people", False)
        browser.post(reverse("cause_archive", args=[cause.pk]), {"do": "restore"})
        assert RootCause.objects.get(code="new_people").archived_at is None

    def test_a_branch_may_not(self, browser: Client, handover: RootCause) -> None:
        answer = browser.post(reverse("cause_rename", args=[handover.pk]), {"group": "people", "name": "x"})
        assert answer.status_code == 403


@pytest.mark.requirement(147)
class TestNew:
    def plan(self, browser: Client, bob: User, **more: object) -> Initiative | None:
        given = {"title": "出餐提速", "metric": "nps", "unit": bob.unit_id, "owner": bob.pk, **more}
        browser.post(reverse("initiative_new"), given)
        return Initiative.objects.first()

    def test_it_begins_with_the_cause(self, browser: Client, company: None, handover: RootCause) -> None:
        page = browser.get(reverse("initiative_new"), {"cause": handover.pk}).context["form"]
        assert page.initial["root_cause"] == handover

    def test_it_plans_with_scope_and_baseline(self, browser: Client, company: None, bob: User) -> None:
        made = self.plan(browser, bob, touchpoint="delivery", target="55")
        assert made is not None
        assert (made.scope, made.target) == ({"touchpoint": ["delivery"]}, 55.0)
        assert (made.baseline or {})["n"] == 10

    def test_another_branch_cannot_be_chosen(
        self, browser: Client, company: None, bob: User, charlie: User
    ) -> None:
        assert self.plan(browser, bob, unit=charlie.unit_id) is None
        assert self.plan(browser, bob, owner=charlie.pk) is None

    def test_a_day_that_is_over_is_refused(self, browser: Client, company: None, bob: User) -> None:
        assert self.plan(browser, bob, due_on="2020-01-01") is None


@pytest.mark.requirement(103, 147)
class TestInitiative:
    def test_it_walks_all_four_steps(self, browser: Client, initiative: Initiative) -> None:
        for move in ("start", "check", "standardise"):
            browser.post(reverse(f"initiative_{move}", args=[initiative.pk]), {"note": "已完成"})
        page = browser.get(reverse("initiative", args=[initiative.pk]))
        assert page.context["stage"] == "standardise"
        assert page.text.count("已完成") >= 3

    def test_it_warns_that_before_and_after_prove_little(
        self, browser: Client, initiative: Initiative, bob: User
    ) -> None:
        initiatives.check(initiatives.start(initiative, by=bob), by=bob)
        page = browser.get(reverse("initiative", args=[initiative.pk]), headers={"accept-language": "en"})
        assert "Without a group that was left as it was" in page.text

    def test_a_standard_must_be_said(self, browser: Client, initiative: Initiative, bob: User) -> None:
        initiatives.check(initiatives.start(initiative, by=bob), by=bob)
        answer = browser.post(reverse("initiative_standardise", args=[initiative.pk]), {"note": ""})
        assert answer.status_code == 422
        assert Initiative.objects.get().is_open

    def test_a_move_that_came_too_late_says_so(self, browser: Client, initiative: Initiative) -> None:
        url = reverse("initiative_check", args=[initiative.pk])
        page = browser.post(url, {"note": ""}, follow=True, headers={"accept-language": "en"})
        assert "Somebody moved it meanwhile" in page.text

    def test_its_plan_can_be_changed(self, browser: Client, initiative: Initiative, bob: User) -> None:
        given = {"title": "新题目", "metric": "nps", "unit": bob.unit_id, "owner": bob.pk, "target": "70"}
        browser.post(reverse("initiative_edit", args=[initiative.pk]), given)
        assert (Initiative.objects.get().title, Initiative.objects.get().target) == ("新题目", 70)

    @pytest.mark.parametrize("move", MOVES)
    def test_charlie_cannot_move_it(
        self, signed_in: SignIn, charlie: User, initiative: Initiative, move: str
    ) -> None:
        url = reverse(f"initiative_{move}", args=[initiative.pk])
        assert signed_in(charlie).post(url, {"note": "x"}).status_code == 404

    def test_charlie_cannot_see_it(self, signed_in: SignIn, charlie: User, initiative: Initiative) -> None:
        browser = signed_in(charlie)
        assert browser.get(reverse("initiative", args=[initiative.pk])).status_code == 404
        assert initiative.title not in browser.get(reverse("initiatives")).text

    @pytest.mark.parametrize("move", MOVES)
    def test_an_agent_may_not_move_it(
        self, signed_in: SignIn, alice: User, initiative: Initiative, move: str
    ) -> None:
        url = reverse(f"initiative_{move}", args=[initiative.pk])
        assert signed_in(alice).post(url, {"note": "x"}).status_code == 403


class TestBoard:
    def test_it_stands_in_the_column_of_its_stage(
        self, browser: Client, initiative: Initiative, bob: User
    ) -> None:
        initiatives.start(initiative, by=bob)
        columns = browser.get(reverse("initiatives")).context["columns"]
        assert [len(cards) for _, cards, _ in columns] == [0, 1, 0, 0]

    def test_what_was_stopped_stands_in_the_list_only(
        self, browser: Client, initiative: Initiative, bob: User
    ) -> None:
        initiatives.stop(initiative, by=bob)
        assert initiative.title not in browser.get(reverse("initiatives")).text
        assert initiative.title in browser.get(reverse("initiatives"), {"view": "list"}).text

    def test_its_queries_do_not_grow_with_its_rows(
        self, browser: Client, company: None, bob: User, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        for number in range(8):
            initiatives.plan(by=bob, title=f"t{number}")
        with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
            browser.get(reverse("initiatives"))
