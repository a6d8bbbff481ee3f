"""The clocks of a case, as its history winds them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import MakePerson
from voiceloop.server.act import starter
from voiceloop.server.act.cases import calendars, cases, clocks, watch
from voiceloop.server.act.models import BusinessCalendar, Case, Clock, RootCause, ServicePromise
from voiceloop.server.act.threads import threads
from voiceloop.server.core.models import Event, Unit, User

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Monday morning.
NINE = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)

# What is read from the history; whom it was told is not.
READ = (
    *("kind", "promise", "state", "spent", "due_at", "met_at"),
    *("broken_at", "n_runs", "n_broken", "second_at"),
)
STEPS = st.sampled_from(["hear", "reply", "pause", "resume", "solve", "reopen"])

pytestmark = pytest.mark.django_db


@pytest.fixture
def travel() -> Any:
    with time_machine.travel(NINE.astimezone(UTC), tick=False) as machine:
        yield machine


@pytest.fixture
def promise() -> Callable[..., ServicePromise]:
    starter.promises()
    calendar = BusinessCalendar.objects.get()

    def make(**values: Any) -> ServicePromise:
        given = {"clock": "first_contact", "minutes": 60, "name": "x", "calendar": calendar, **values}
        return ServicePromise.objects.create(**given)

    return make


def opened(by: User, **values: Any) -> Case:
    return cases.open(None, by=by, summary="冷了", **values)


def clock(case: Case, kind: str = "first_contact") -> Clock:
    return Clock.objects.get(case=case, kind=kind)


class TestWind:
    def test_a_case_begins_with_the_promises_of_the_house(self, alice: User, travel: Any) -> None:
        case = opened(alice)
        assert case.first_contact_due_at == NINE + timedelta(hours=2)
        assert clock(case, "solution").due_at == NINE + timedelta(days=3) - timedelta(hours=12)

    def test_the_promise_with_most_conditions_holds(
        self, alice: User, travel: Any, promise: Callable[..., ServicePromise]
    ) -> None:
        promise(minutes=10)
        gold = promise(minutes=30, severity="serious")
        assert clock(opened(alice, severity="serious")).promise == gold

    @pytest.mark.requirement(101)
    def test_of_two_that_fit_alike_what_is_due_first_holds(
        self, alice: User, travel: Any, promise: Callable[..., ServicePromise]
    ) -> None:
        office = promise(minutes=30, severity="catastrophic")
        round_the_clock = starter.critical()[0]
        round_the_clock.minutes = 60
        round_the_clock.save()
        assert clock(opened(alice, severity="catastrophic")).promise == office
        travel.shift(timedelta(hours=13))
        night = opened(alice, severity="catastrophic")
        assert clock(night).promise == round_the_clock
        travel.shift(timedelta(hours=13))
        clocks.wind(night, anew=True)
        assert clock(night).promise == round_the_clock

    def test_a_talk_keeps_the_promise_and_the_solution_goes_on(self, alice: User, travel: Any) -> None:
        case = opened(alice)
        travel.shift(timedelta(hours=1))
        cases.contact(case, by=alice, result="reached")
        assert (clock(case).state, clock(case).met_at) == ("met", NINE + timedelta(hours=1))
        assert clock(case, "solution").state == "running"

    def test_waiting_for_the_customer_stops_every_clock(self, alice: User, travel: Any) -> None:
        case = opened(alice)
        cases.pause(case, by=alice, reason="等待小票照片")
        travel.shift(timedelta(hours=5))
        cases.resume(case, by=alice)
        assert case.first_contact_due_at == NINE + timedelta(hours=7)
        assert [event.type for event in Event.objects.about("case", case.pk).order_by("pk")][-2:] == [
            "case.paused",
            "case.resumed",
        ]

    def test_a_talk_ends_the_waiting(self, alice: User, travel: Any) -> None:
        case = cases.pause(opened(alice), by=alice)
        cases.contact(case, by=alice, result="reached")
        assert not case.pauses.filter(ended_at=None).exists()

    def test_a_second_pause_changes_nothing(self, alice: User, travel: Any) -> None:
        case = cases.pause(cases.pause(opened(alice), by=alice), by=alice)
        assert case.pauses.count() == 1

    def test_a_reopened_case_owes_a_reply_and_a_solution_anew(self, alice: User, travel: Any) -> None:
        starter.starter()
        case = opened(alice)
        cases.contact(case, by=alice, result="reached")
        cases.resolve(case, by=alice, root_cause=RootCause.objects.all()[0])
        travel.shift(timedelta(hours=1))
        cases.reopen(case, by=alice)
        again = NINE + timedelta(hours=1)
        assert clock(case, "next_reply").due_at == again + timedelta(hours=4)
        assert (clock(case, "solution").state, clock(case, "solution").n_runs) == ("running", 2)

    def test_a_case_solved_without_a_talk_and_reopened_owes_the_first_word_anew(
        self, alice: User, travel: Any
    ) -> None:
        starter.starter()
        case = opened(alice)
        cases.resolve(case, by=alice, root_cause=RootCause.objects.all()[0])
        assert clock(case).state == "met"
        travel.shift(timedelta(hours=1))
        cases.reopen(case, by=alice)
        assert (clock(case).state, clock(case).n_runs) == ("running", 2)
        assert case.first_contact_due_at == clock(case).due_at == NINE + timedelta(hours=3)
        assert not case.clocks.filter(kind="next_reply").exists()
        travel.shift(timedelta(hours=1))
        cases.contact(case, by=alice, result="reached")
        assert (clock(case).state, clock(case).n_broken) == ("met", 0)

    def test_another_calendar_moves_the_clocks_of_open_cases(self, alice: User, travel: Any) -> None:
        case = opened(alice)
        calendar = BusinessCalendar.objects.get()
        calendar.days = {"2026-11-23": []}
        calendar.save()
        assert clocks.rewind() == 1
        case.refresh_from_db()
        assert case.first_contact_due_at == NINE + timedelta(days=1, hours=2)

    def test_reading_the_history_again_gives_the_same_clock(self, alice: User, travel: Any) -> None:
        case = cases.pause(opened(alice), by=alice)
        before = list(Clock.objects.order_by("pk").values())
        clocks.wind(case)
        assert list(Clock.objects.order_by("pk").values()) == before

    def test_solutions_that_came_from_elsewhere_are_read_as_ours_are(self, alice: User, travel: Any) -> None:
        starter.starter()
        for hours in (1, 100):
            case = opened(alice)
            travel.shift(timedelta(hours=hours))
            cases.resolve(case, by=alice, root_cause=RootCause.objects.all()[0])
        ours = list(Clock.objects.filter(kind="solution").order_by("case").values(*READ))
        Clock.objects.all().delete()
        assert clocks.read_solutions() == 2
        assert list(Clock.objects.order_by("case").values(*READ)) == ours
        assert [one["n_broken"] for one in ours] == [0, 1]
        assert clocks.read_solutions() == 0


class TestWatch:
    def test_the_owner_is_warned_once_before_and_told_once_after(self, alice: User, travel: Any) -> None:
        case = opened(alice)
        for hours in (1.5, 0.1, 1, 0.1):
            travel.shift(timedelta(hours=hours))
            watch.watch()
        told = Event.objects.about("case", case.pk).filter(type__startswith="promise.").order_by("pk")
        said = [event.type for event in told]
        assert said == ["promise.near", "promise.broken"]

    def test_nothing_is_said_of_a_promise_that_was_kept(self, alice: User, travel: Any) -> None:
        case = opened(alice)
        cases.contact(case, by=alice, result="reached")
        travel.shift(timedelta(hours=3))
        assert watch.watch() == 0

    def test_a_breach_hands_the_case_to_the_lead_where_that_was_agreed(
        self, alice: User, bob: User, travel: Any
    ) -> None:
        starter.promises()
        starter.critical()
        case = opened(alice, severity="catastrophic")
        travel.shift(timedelta(minutes=31))
        watch.watch()
        case.refresh_from_db()
        assert case.owner == bob
        assert case.assignments.last().reason["kind"] == "overdue"

    def test_a_clock_that_breaks_twice_is_told_twice(self, alice: User, travel: Any) -> None:
        starter.starter()
        case = opened(alice)
        travel.shift(timedelta(days=4))
        watch.watch()
        cases.resolve(case, by=alice, root_cause=RootCause.objects.all()[0])
        travel.shift(timedelta(minutes=1))
        cases.reopen(case, by=alice)
        travel.shift(timedelta(days=4))
        watch.watch()
        told = Event.objects.filter(type="promise.broken", data__clock="solution")
        assert (told.count(), clock(case, "solution").n_broken) == (2, 2)


class TestCalendars:
    def test_a_chinese_holiday_is_closed_and_its_make_up_day_is_worked(self) -> None:
        office = [[[540, 1080]]] * 5 + [[], []]
        hours = calendars.hours_of(BusinessCalendar(week=office, country="CN"))
        assert not hours.is_open(datetime(2026, 10, 5, 10, tzinfo=SHANGHAI))
        assert hours.is_open(datetime(2026, 10, 10, 10, tzinfo=SHANGHAI))

    def test_days_of_our_own_go_before_the_country(self) -> None:
        days = {"2026-10-05": [[600, 660]], "2026-10-10": []}
        hours = calendars.hours_of(
            BusinessCalendar(week=[[[540, 1080]]] * 5 + [[], []], country="CN", days=days)
        )
        assert hours.is_open(datetime(2026, 10, 5, 10, 30, tzinfo=SHANGHAI))
        assert not hours.is_open(datetime(2026, 10, 10, 10, tzinfo=SHANGHAI))

    def test_it_names_the_holiday(self) -> None:
        assert calendars.holiday_name("CN", date(2026, 10, 1), "zh") == "国庆节"


class TestEscalation:
    @pytest.mark.requirement(101, 108, 122)
    def test_a_breach_goes_to_the_lead_and_then_to_the_manager(
        self, alice: User, bob: User, dora: User, travel: Any
    ) -> None:
        starter.promises()
        starter.critical()
        case = opened(alice, severity="catastrophic")
        travel.shift(timedelta(minutes=31))
        watch.watch()
        case.refresh_from_db()
        assert (case.owner, case.level) == (bob, Case.Level.LEAD)
        travel.shift(timedelta(minutes=30))
        watch.watch()
        watch.watch()
        case.refresh_from_db()
        assert (case.owner, case.level) == (dora, Case.Level.MANAGER)
        told = Event.objects.about("case", case.pk).filter(type="promise.still_broken")
        assert told.count() == 1

    def test_it_stays_where_it_is_when_the_second_step_is_off(
        self, alice: User, bob: User, dora: User, travel: Any
    ) -> None:
        starter.promises()
        ServicePromise.objects.update(second_percent=0)
        case = opened(alice)
        travel.shift(timedelta(days=9))
        watch.watch()
        case.refresh_from_db()
        assert (case.owner, case.level) == (alice, Case.Level.NONE)

    def test_a_breach_gives_it_to_somebody_who_is_free(
        self, alice: User, person: MakePerson, east: Unit, travel: Any
    ) -> None:
        erin = person("Erin", "agent", east)
        starter.promises()
        ServicePromise.objects.update(on_breach="reassign", second_percent=0)
        case = opened(alice, unit=east)
        travel.shift(timedelta(hours=2, minutes=1))
        watch.watch()
        case.refresh_from_db()
        assert case.owner == erin

    def test_with_nobody_free_the_lead_has_it(self, alice: User, bob: User, travel: Any) -> None:
        starter.promises()
        ServicePromise.objects.update(on_breach="reassign", second_percent=0)
        case = opened(alice)
        User.objects.filter(role="agent").exclude(pk=alice.pk).update(is_active=False)
        travel.shift(timedelta(hours=2, minutes=1))
        watch.watch()
        case.refresh_from_db()
        assert case.owner == bob

    def test_what_is_the_leads_already_goes_up_where_it_lies(
        self, alice: User, bob: User, dora: User, travel: Any
    ) -> None:
        starter.promises()
        starter.critical()
        case = cases.assign(opened(alice, severity="catastrophic"), to=bob, by=alice)
        assert case.level == Case.Level.NONE
        travel.shift(timedelta(minutes=31))
        watch.watch()
        case.refresh_from_db()
        assert (case.owner, case.level) == (bob, Case.Level.LEAD)
        assert case.assignments.count() == 2
        travel.shift(timedelta(minutes=30))
        watch.watch()
        case.refresh_from_db()
        assert (case.owner, case.level) == (dora, Case.Level.MANAGER)

    def test_given_back_to_an_agent_it_is_handed_up_no_more(self, alice: User, bob: User) -> None:
        case = cases.escalate(opened(alice), by=alice)
        assert case.level == Case.Level.LEAD
        assert cases.assign(case, to=alice, by=bob).level == Case.Level.NONE


class TestNextReply:
    def test_the_customers_word_starts_it_and_ours_stops_it(self, alice: User, travel: Any) -> None:
        case = cases.contact(opened(alice), by=alice, result="reached")
        travel.shift(timedelta(hours=1))
        post = threads.hear(case, channel="chat", address="v1", text="还没好", key="1")
        assert clock(case, "next_reply").due_at == NINE + timedelta(hours=5)
        travel.shift(timedelta(hours=1))
        threads.hear(case, channel="chat", address="v1", text="在吗", key="2")
        assert clock(case, "next_reply").due_at == NINE + timedelta(hours=5)
        threads.reply(post.thread, by=alice, text="马上处理")
        assert (clock(case, "next_reply").state, clock(case, "next_reply").n_runs) == ("met", 1)

    def test_before_the_first_contact_only_that_is_owed(self, alice: User, travel: Any) -> None:
        case = opened(alice)
        threads.hear(case, channel="chat", address="v1", text="还没好", key="1")
        assert not case.clocks.filter(kind="next_reply").exists()

    def test_an_answer_taken_back_was_not_given(self, alice: User, travel: Any) -> None:
        case = cases.contact(opened(alice), by=alice, result="reached")
        travel.shift(timedelta(hours=1))
        post = threads.hear(case, channel="chat", address="v1", text="还没好", key="1")
        travel.shift(timedelta(minutes=1))
        answer = threads.reply(post.thread, by=alice, text="马上处理")
        if threads.withdraw(answer, by=alice):
            assert clock(case, "next_reply").state == "running"
        else:
            assert clock(case, "next_reply").state == "met"

    @given(
        steps=st.lists(st.sampled_from(["hear", "reply", "pause", "resume", "solve", "reopen"]), max_size=9)
    )
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_a_replay_gives_the_same_clocks(self, alice: User, travel: Any, steps: list[str]) -> None:
        starter.starter()
        cause = RootCause.objects.all()[0]
        case = cases.contact(opened(alice), by=alice, result="reached")
        key = f"c{case.pk}"
        for n, step in enumerate(steps):
            travel.shift(timedelta(hours=5))
            case.refresh_from_db()
            if step == "hear":
                threads.hear(case, channel="chat", address=key, text="还没好", key=f"{key}-{n}")
            elif step == "reply":
                cases.contact(case, by=alice, result="reached")
            elif step == "pause":
                cases.pause(case, by=alice)
            elif step == "resume":
                cases.resume(case, by=alice)
            elif step == "solve":
                cases.resolve(case, by=alice, root_cause=cause)
            else:
                cases.reopen(case, by=alice)
        case = Case.objects.get(pk=case.pk)
        clocks.wind(case)
        wound = {one["kind"]: one for one in case.clocks.values(*READ)}
        case.clocks.all().delete()
        clocks.wind(case)
        assert {one["kind"]: one for one in case.clocks.values(*READ)} == wound
