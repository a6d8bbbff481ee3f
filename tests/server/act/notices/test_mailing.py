"""Notices by e-mail: grouped, in the reader's language, at their hour, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import BusinessCalendar, Case, Notice, NoticeChoice, NoticeHours
from voiceloop.server.act.notices import choices, mailing, notices
from voiceloop.server.collect.models import Message
from voiceloop.server.core.models import Event, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]
HERE = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=HERE)
# Monday to Friday, nine to six.
OFFICE = [[[540, 1080]] for _ in range(5)] + [[], []]


@pytest.fixture
def tells(case: Case, alice: User, bob: User) -> Callable[..., Event]:
    alice.email, alice.language = "alice@example.com", "en"
    alice.save()

    def tell(kind: str = "mention") -> Event:
        cases.note(case, by=bob, text="x")
        event = Event.objects.latest("pk")
        notices.tell(event, to=[alice], kind=kind)
        return event

    return tell


@pytest.fixture
def office(db: None) -> BusinessCalendar:
    return BusinessCalendar.objects.create(name="Office", week=OFFICE, zone="Asia/Shanghai")


def at(hour: int, day: int = 22) -> time_machine.travel:
    return time_machine.travel(datetime(2026, 11, day, hour, 5, tzinfo=HERE), tick=False)


def letters() -> QuerySet[Message]:
    return Message.objects.filter(key__startswith="notices:")


class TestMailDays:
    def test_one_letter_a_day_for_all_that_came(self, tells: Callable[..., Event], case: Case) -> None:
        with at(7):
            for _ in range(3):
                tells()
            assert mailing.mail_days() == 0
        with at(8):
            assert [mailing.mail_days() for _ in range(2)] == [1, 0]
        letter = letters().get()
        assert letter.subject == "Voiceloop: 1 thing of today"
        assert "(and 2 more)" in letter.body
        assert f"/cases/{case.pk}/" in letter.body
        assert "王小明" not in letter.body

    def test_what_comes_after_it_waits_for_the_next_day(self, tells: Callable[..., Event]) -> None:
        with at(8):
            tells()
            mailing.mail_days()
            tells()
            assert mailing.mail_days() == 0
        with at(8, day=23):
            assert mailing.mail_days() == 1

    def test_what_was_read_is_not_mailed(self, tells: Callable[..., Event], alice: User) -> None:
        with at(8):
            tells()
            notices.see_all(alice)
            assert mailing.mail_days() == 0

    def test_what_one_may_no_longer_see_is_not_mailed(
        self, tells: Callable[..., Event], alice: User, west: Unit
    ) -> None:
        with at(8):
            tells()
            User.objects.filter(pk=alice.pk).update(unit=west)
            assert mailing.mail_days() == 0
        assert not letters().exists()

    def test_it_waits_for_a_working_day(
        self, tells: Callable[..., Event], alice: User, office: BusinessCalendar
    ) -> None:
        NoticeHours.objects.create(user=alice, calendar=office, digest_hour=9)
        with at(9):
            tells()
            assert mailing.mail_days() == 0
        with at(9, day=23):
            assert mailing.mail_days() == 1


class TestMailDue:
    def test_at_once_is_one_letter_for_what_came_together(
        self, tells: Callable[..., Event], alice: User
    ) -> None:
        NoticeChoice.objects.create(user=alice, kind="mention", mail="now")
        tells()
        tells()
        assert [mailing.mail_due() for _ in range(2)] == [1, 0]
        assert letters().count() == 1

    def test_at_once_waits_for_working_hours(
        self, tells: Callable[..., Event], alice: User, office: BusinessCalendar
    ) -> None:
        NoticeChoice.objects.create(user=alice, kind="mention", mail="now")
        NoticeHours.objects.create(user=alice, calendar=office)
        with at(12):
            tells()
            assert mailing.mail_due() == 0
        with at(10, day=23):
            assert mailing.mail_due() == 1

    def test_nothing_is_mailed_to_who_wants_none(self, tells: Callable[..., Event], alice: User) -> None:
        NoticeChoice.objects.create(user=alice, kind="mention", mail="", in_app=False)
        tells()
        assert (mailing.mail_due(), Notice.objects.shown().count()) == (0, 0)


class TestChoices:
    def test_they_are_kept(self, signed_in: Callable[[User], Client], alice: User) -> None:
        browser = signed_in(alice)
        form = {
            "digest_hour": "18",
            "calendar": "",
            "language": "en",
            "mention-mail": "now",
            "reply-robot": "on",
        }
        assert browser.post(reverse("notice_choices"), form).status_code == 302
        mine = choices.choices_of(User.objects.get(pk=alice.pk))
        assert mine["mention"] == choices.Ways(in_app=False, mail="now", robot=False)
        assert mine["reply"].robot
        assert (choices.hours_of(alice).digest_hour, User.objects.get(pk=alice.pk).language) == (18, "en")

    def test_by_default_nothing_pings_at_once_but_a_crisis(self) -> None:
        loud = [kind for kind, ways in choices.HOUSE.items() if ways.mail == "now" or ways.robot]
        assert loud == ["crisis"]
