"""Working time, at the edges where calendars break."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics.business_hours import AROUND_THE_CLOCK, DAY, OFFICE, BusinessHours, Span, Week
from voiceloop.analytics.errors import AnalyticsError

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")

spans = st.tuples(st.integers(0, DAY - 1), st.integers(0, DAY)).filter(lambda span: span[0] != span[1])
days = st.lists(spans, max_size=3).map(tuple)
weeks: st.SearchStrategy[Week] = st.lists(days, min_size=7, max_size=7).map(tuple)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])


def walked(hours: BusinessHours, start: datetime, end: datetime) -> int:
    """Minutes of working time, counted one by one from the wall clock: slow, and obviously right."""
    zone = ZoneInfo(hours.zone)
    n = 0
    while start < end:
        local = start.astimezone(zone)
        n += any(_covers(hours, local.date() - timedelta(days=back), local) for back in (0, 1))
        start += timedelta(minutes=1)
    return n


def _covers(hours: BusinessHours, day: date, local: datetime) -> bool:
    if day in hours.closed:
        return False
    return any(_in(span, day, local) for span in hours.instead.get(day, hours.week[day.weekday()]))


def _in(span: Span, day: date, local: datetime) -> bool:
    midnight = datetime.combine(day, datetime.min.time())
    start, end = span
    wall = local.replace(tzinfo=None)
    return (
        midnight + timedelta(minutes=start)
        <= wall
        < midnight + timedelta(minutes=end if end > start else end + DAY)
    )


class TestBetween:
    @given(week=weeks, start=moments, minutes=st.integers(0, 3 * DAY))
    @settings(max_examples=60, deadline=None)
    def test_it_counts_what_a_walk_along_the_wall_clock_counts(
        self, week: Week, start: datetime, minutes: int
    ) -> None:
        start = start.replace(second=0, microsecond=0)
        hours = BusinessHours(week, closed=frozenset({start.date()}), instead={start.date(): ((0, 60),)})
        end = start + timedelta(minutes=minutes)
        assert hours.between(start, end) == 60 * walked(hours, start, end)

    @given(week=weeks, zone=zones, marks=st.tuples(moments, moments, moments))
    @settings(max_examples=100, deadline=None)
    def test_parts_add_up_over_years_and_changes_of_the_clock(
        self, week: Week, zone: str, marks: tuple[datetime, datetime, datetime]
    ) -> None:
        hours, (a, b, c) = BusinessHours(week, zone), marks
        assert hours.between(a, b) + hours.between(b, c) == pytest.approx(hours.between(a, c), abs=1e-6)
        assert hours.between(a, b) == -hours.between(b, a)

    def test_the_night_in_which_the_clock_is_put_back_has_an_hour_more(self) -> None:
        hours = BusinessHours((((22 * 60, 6 * 60),),) * 7, "Europe/Berlin")
        night = datetime(2026, 10, 24, 20, tzinfo=BERLIN)
        assert hours.between(night, night + timedelta(hours=14)) == 9 * 3600

    def test_the_night_in_which_it_is_put_forward_has_one_less(self) -> None:
        hours = BusinessHours((((22 * 60, 6 * 60),),) * 7, "Europe/Berlin")
        night = datetime(2026, 3, 28, 20, tzinfo=BERLIN)
        assert hours.between(night, night + timedelta(hours=14)) == 7 * 3600

    def test_a_night_shift_works_into_the_new_year(self) -> None:
        hours = BusinessHours((((22 * 60, 6 * 60),),) * 7)
        start = datetime(2026, 12, 31, 23, tzinfo=SHANGHAI)
        assert hours.between(start, datetime(2027, 1, 1, 2, tzinfo=SHANGHAI)) == 3 * 3600

    def test_around_the_clock_is_elapsed_time(self) -> None:
        start = datetime(2024, 2, 28, 1, tzinfo=UTC)
        assert BusinessHours(AROUND_THE_CLOCK).between(start, start + timedelta(days=900)) == 900 * 86_400


class TestAfter:
    @given(week=weeks.filter(any), zone=zones, start=moments, minutes=st.integers(0, 20_000))
    @settings(max_examples=150, deadline=None)
    def test_so_much_was_worked_by_then_and_less_before(
        self, week: Week, zone: str, start: datetime, minutes: int
    ) -> None:
        hours = BusinessHours(week, zone)
        due = hours.after(start, 60 * minutes)
        assert due >= start
        assert hours.between(start, due) == pytest.approx(60 * minutes, abs=1e-6)
        if minutes:
            assert hours.between(start, due - timedelta(seconds=1)) < 60 * minutes
        else:
            assert hours.is_open(due)

    def test_the_last_minute_of_a_day_is_due_that_day(self) -> None:
        start = datetime(2026, 11, 20, 17, tzinfo=SHANGHAI)
        assert BusinessHours(OFFICE).after(start, 3600) == datetime(2026, 11, 20, 18, tzinfo=SHANGHAI)

    def test_a_make_up_workday_is_worked(self) -> None:
        # 2026-10-10 is a Saturday that is worked for the week of the National Day.
        saturday = date(2026, 10, 10)
        hours = BusinessHours(OFFICE, instead={saturday: OFFICE[0]})
        start = datetime(2026, 10, 9, 17, 30, tzinfo=SHANGHAI)
        assert hours.after(start, 3600) == datetime(2026, 10, 10, 9, 30, tzinfo=SHANGHAI)

    def test_hours_that_never_open_say_so(self) -> None:
        with pytest.raises(AnalyticsError, match="never open"):
            BusinessHours(((),) * 7).after(datetime(2026, 1, 1, tzinfo=UTC), 60)

    @pytest.mark.parametrize("week", [OFFICE[:6], (*OFFICE[:6], ((0, DAY + 1),))])
    def test_a_week_that_is_none_is_refused(self, week: Week) -> None:
        with pytest.raises(AnalyticsError, match="seven days"):
            BusinessHours(week)
