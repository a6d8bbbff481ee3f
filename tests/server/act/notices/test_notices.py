"""Telling people: once each, the right ones, grouped, and never what they may not see."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases, remedies
from voiceloop.server.act.cases.events import PromiseBroken, PromiseNear
from voiceloop.server.act.casework.events import ColleagueMentioned
from voiceloop.server.act.models import Case, Notice
from voiceloop.server.act.notices import notices, reading
from voiceloop.server.act.notices import reactions as react
from voiceloop.server.core.events import record
from voiceloop.server.core.models import Event, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]
SignIn = Callable[[User], Client]


@pytest.fixture
def noted(case: Case, bob: User) -> Callable[[], Event]:
    """Another event of Bob's about the case."""

    def note() -> Event:
        cases.note(case, by=bob, text="看一下")
        return Event.objects.latest("pk")

    return note


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


class TestTell:
    def test_it_tells_once_however_often_it_is_delivered(
        self, noted: Callable[[], Event], alice: User
    ) -> None:
        event = noted()
        assert [notices.tell(event, to=[alice, alice], kind="mention") for _ in range(2)] == [1, 0]
        assert told(alice) == ["mention"]

    def test_it_tells_nobody_what_they_did_themselves(self, noted: Callable[[], Event], bob: User) -> None:
        assert notices.tell(noted(), to=[bob], kind="mention") == 0

    def test_it_leaves_out_who_no_longer_works_here(self, noted: Callable[[], Event], alice: User) -> None:
        alice.is_active = False
        alice.save()
        assert notices.tell(noted(), to=[alice], kind="mention") == 0


class TestSeeAll:
    def test_it_can_be_taken_back_without_what_was_read_before(
        self, noted: Callable[[], Event], alice: User
    ) -> None:
        for _ in range(2):
            notices.tell(noted(), to=[alice], kind="mention")
        first = Notice.objects.filter(user=alice).order_by("pk")
        notices.see(alice, notices=Notice.objects.filter(pk=first[0].pk))
        at = notices.see_all(alice)
        assert Notice.objects.unread().count() == 0
        notices.unsee(alice, at=at)
        assert list(Notice.objects.unread()) == [first[1]]


class TestReading:
    def test_one_case_is_one_line(self, noted: Callable[[], Event], alice: User) -> None:
        for _ in range(3):
            notices.tell(noted(), to=[alice], kind="mention")
        line = reading.panel(alice)[0]
        assert (len(reading.panel(alice)), line.n, line.unread) == (1, 3, 3)
        assert reading.unread(alice)["unread"] == 1

    def test_what_one_may_no_longer_see_is_gone(
        self, noted: Callable[[], Event], alice: User, west: Unit
    ) -> None:
        notices.tell(noted(), to=[alice], kind="mention")
        alice.unit = west
        alice.save()
        assert reading.panel(alice) == []
        assert reading.unread(alice)["unread"] == 0

    def test_it_leads_to_the_case(self, noted: Callable[[], Event], case: Case) -> None:
        assert reading.href_of(noted()) == reverse("case", args=[case.pk])


class TestReactions:
    def test_the_new_owner_is_told(self, case: Case, alice: User, bob: User) -> None:
        cases.assign(case, to=bob, by=alice)
        react.tell_the_new_owner(Event.objects.filter(type="case.assigned").latest("pk"))
        assert told(bob) == ["assigned"]

    def test_who_claims_a_case_is_not_told_of_it(self, case: Case, bob: User) -> None:
        cases.assign(case, to=bob, by=bob)
        react.tell_the_new_owner(Event.objects.filter(type="case.assigned").latest("pk"))
        assert told(bob) == []

    def test_who_is_mentioned_is_told(self, case: Case, alice: User, bob: User) -> None:
        said = ColleagueMentioned(case=case.pk, customer=None, people=[bob.pk], note_event=1)
        react.tell_who_is_mentioned(record(said, by=alice, unit=case.unit))
        assert told(bob) == ["mention"]

    @pytest.mark.requirement(122)
    def test_the_owner_is_warned_before_a_promise_breaks(self, case: Case, alice: User, bob: User) -> None:
        said = PromiseNear(case=case.pk, customer=None, clock="first_contact", due_at="")
        react.warn_the_owner(record(said, unit=case.unit))
        assert (told(alice), told(bob)) == (["warning"], [])

    @pytest.mark.requirement(122)
    def test_the_lead_too_hears_of_a_breach(self, case: Case, alice: User, bob: User) -> None:
        said = PromiseBroken(case=case.pk, customer=None, clock="first_contact", due_at="")
        react.tell_of_the_breach(record(said, unit=case.unit))
        assert (told(alice), told(bob)) == (["breach"], ["breach"])

    def test_who_asked_for_a_remedy_hears_of_the_decision(self, case: Case, alice: User, bob: User) -> None:
        remedy = remedies.give(case, by=alice, kind="refund", amount=Decimal(500))
        remedies.decide(remedy, by=bob, approved=True)
        react.tell_who_asked(Event.objects.filter(type="remedy.decided").latest("pk"))
        assert told(alice) == ["decision"]


class TestPages:
    @pytest.mark.parametrize(("language", "words"), [("zh-hans", "全部标为已读"), ("en", "Mark all as read")])
    def test_the_bell_says_what_is_new(
        self, signed_in: SignIn, noted: Callable[[], Event], alice: User, language: str, words: str
    ) -> None:
        notices.tell(noted(), to=[alice], kind="mention")
        page = signed_in(alice).get(reverse("notice_panel"), headers={"accept-language": language}).text
        assert words in page
        assert "王小明" in page

    def test_a_click_marks_it_as_read_and_leads_to_the_case(
        self, signed_in: SignIn, noted: Callable[[], Event], alice: User, case: Case
    ) -> None:
        for _ in range(2):
            notices.tell(noted(), to=[alice], kind="mention")
        pk = Notice.objects.latest("pk").pk
        answer = signed_in(alice).post(reverse("notice", args=[pk]))
        assert answer.headers["Location"] == reverse("case", args=[case.pk])
        assert Notice.objects.unread().count() == 0

    def test_nobody_opens_anothers(
        self, signed_in: SignIn, noted: Callable[[], Event], alice: User, bob: User
    ) -> None:
        notices.tell(noted(), to=[alice], kind="mention")
        pk = Notice.objects.latest("pk").pk
        assert signed_in(bob).post(reverse("notice", args=[pk])).status_code == 404

    def test_all_can_be_marked_and_taken_back(
        self, signed_in: SignIn, noted: Callable[[], Event], alice: User
    ) -> None:
        notices.tell(noted(), to=[alice], kind="mention")
        browser = signed_in(alice)
        browser.post(reverse("notices_seen"))
        page = browser.get(reverse("notices")).text
        at = page.split('name="at" value="')[1].split('"')[0]
        browser.post(reverse("notices_unseen"), {"at": at})
        assert Notice.objects.unread().count() == 1

    def test_counts_are_what_the_badges_show(
        self, signed_in: SignIn, noted: Callable[[], Event], alice: User
    ) -> None:
        notices.tell(noted(), to=[alice], kind="mention")
        counts = signed_in(alice).get(reverse("notice_counts")).json()
        assert (counts["unread"], counts["mentions"], counts["cases"]) == (1, 1, 1)
        assert "王小明" not in counts["newest"]["text"]

    def test_everybody_has_the_pages(self, signed_in: SignIn, carol: User) -> None:
        for name in ("notices", "notice_choices", "notice_panel"):
            assert signed_in(carol).get(reverse(name)).status_code == 200


class TestApproval:
    def test_the_lead_is_asked_when_a_remedy_is_above_the_limit(
        self, case: Case, alice: User, bob: User
    ) -> None:
        remedies.give(case, by=alice, kind="refund", amount=Decimal(500))
        react.ask_who_may_decide(Event.objects.filter(type="remedy.asked").get())
        assert (told(bob), told(alice)) == (["approval"], [])

    def test_nobody_is_asked_below_it(self, case: Case, alice: User) -> None:
        remedies.give(case, by=alice, kind="refund", amount=Decimal(5))
        assert not Event.objects.filter(type="remedy.asked").exists()
