"""Clocks: paused, reopened, read again, over nights, holidays and changes of the clock."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics.business_hours import OFFICE, BusinessHours
from voiceloop.analytics.sla import Mark, What, read

ALWAYS = BusinessHours()
MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)  # nine o'clock in Shanghai
HOUR = 3600.0


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


whats: st.SearchStrategy[What] = st.sampled_from(["start", "pause", "resume", "met"])
histories = st.lists(st.builds(Mark, st.integers(0, 400).map(lambda n: at(n / 4)), whats), max_size=12)
calendars = st.sampled_from(
    [
        ALWAYS,
        BusinessHours(OFFICE),
        BusinessHours(OFFICE, closed=frozenset({date(2026, 11, 24)})),
        BusinessHours((((22 * 60, 6 * 60),),) * 7, "America/New_York"),
    ]
)


class TestRead:
    def test_it_warns_of_nothing_before_it_starts(self) -> None:
        assert read([], ALWAYS, HOUR, at(9)).state == "idle"

    def test_a_pause_moves_the_moment_it_is_due(self) -> None:
        marks = [Mark(at(0), "start"), Mark(at(0.5), "pause"), Mark(at(3.5), "resume")]
        assert read(marks, ALWAYS, HOUR, at(3.6)).due_at == at(4)

    def test_nothing_is_due_while_it_is_paused(self) -> None:
        marks = [Mark(at(0), "start"), Mark(at(0.5), "pause")]
        found = read(marks, ALWAYS, HOUR, at(100))
        assert (found.state, found.due_at, found.spent, found.is_broken) == ("paused", None, 1800.0, False)

    def test_it_breaks_when_more_time_has_passed_than_was_promised(self) -> None:
        marks = [Mark(at(0), "start")]
        assert not read(marks, ALWAYS, HOUR, at(1)).is_broken
        found = read(marks, ALWAYS, HOUR, at(1) + timedelta(seconds=1))
        assert (found.is_broken, found.due_at) == (True, at(1))

    def test_a_promise_kept_late_stays_broken(self) -> None:
        found = read([Mark(at(0), "start"), Mark(at(2), "met")], ALWAYS, HOUR, at(9))
        assert (found.state, found.met_at, found.is_broken, found.spent) == ("met", at(2), True, 2 * HOUR)

    def test_a_reopened_case_runs_anew_and_what_broke_before_stays_counted(self) -> None:
        marks = [Mark(at(0), "start"), Mark(at(2), "met"), Mark(at(5), "start")]
        found = read(marks, ALWAYS, HOUR, at(5.5))
        assert (found.spent, found.due_at, found.is_broken) == (1800.0, at(6), False)
        assert (found.n_runs, found.n_broken) == (2, 1)

    def test_the_night_does_not_count(self) -> None:
        friday_evening = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
        found = read([Mark(friday_evening, "start")], BusinessHours(OFFICE), HOUR, friday_evening)
        assert found.due_at == datetime(2026, 11, 30, 1, 30, tzinfo=UTC)

    def test_another_calendar_gives_another_clock_from_the_same_history(self) -> None:
        marks = [Mark(at(-2), "start")]
        holiday = BusinessHours(OFFICE, closed=frozenset({MONDAY.date()}))
        assert read(marks, BusinessHours(OFFICE), HOUR, at(2)).is_broken
        assert not read(marks, holiday, HOUR, at(2)).is_broken

    @given(marks=histories, hours=calendars, seconds=st.sampled_from([0.0, 900.0, 4 * HOUR, 40 * HOUR]))
    @settings(max_examples=200, deadline=None)
    def test_a_replay_in_any_order_gives_the_same_clock(
        self, marks: list[Mark], hours: BusinessHours, seconds: float
    ) -> None:
        shuffled = random.Random(1).sample(marks, len(marks))
        assert read(shuffled, hours, seconds, at(101)) == read(marks, hours, seconds, at(101))

    @given(marks=histories, hours=calendars)
    @settings(max_examples=200, deadline=None)
    def test_time_only_adds_to_it_and_never_unbreaks_it(
        self, marks: list[Mark], hours: BusinessHours
    ) -> None:
        readings = [read(marks, hours, HOUR, at(n / 2)) for n in range(210)]
        for before, after in pairwise(readings):
            if after.n_runs == before.n_runs:
                assert after.spent >= before.spent
                assert after.is_broken >= before.is_broken
            assert after.n_broken >= before.n_broken

    @given(marks=histories, hours=calendars)
    @settings(max_examples=200, deadline=None)
    def test_it_is_broken_from_the_moment_it_said_it_would_be(
        self, marks: list[Mark], hours: BusinessHours
    ) -> None:
        now = at(101)
        found = read(marks, hours, HOUR, now)
        if found.state == "running" and found.due_at and found.due_at > now:
            assert not read(marks, hours, HOUR, found.due_at).is_broken
            assert read(marks, hours, HOUR, found.due_at + timedelta(days=9)).is_broken

    @pytest.mark.parametrize(
        "start", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)]
    )
    def test_a_day_on_which_the_clock_is_changed_is_measured_in_real_hours(self, start: datetime) -> None:
        berlin = BusinessHours(zone="Europe/Berlin")
        assert read([Mark(start, "start")], berlin, 24 * HOUR, start).due_at == start + timedelta(hours=24)
