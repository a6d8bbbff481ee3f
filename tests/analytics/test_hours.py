"""Contacts and waits by hour of the week, counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.hours import by_hour, hour_sql
from voiceloop.analytics.lake import Lake

MONDAY = date(2026, 3, 2)
HOME = ZoneInfo("Asia/Shanghai")


def talk(day: date, clock: int, **more: Any) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, clock, 30, tzinfo=HOME)
    return {"kind": "call", "channel": "phone", "day": day, "at": at, **more}


def lake_of(folder: Path, rows: list[dict[str, Any]]) -> Lake:
    lake = Lake(folder / "lake")
    lake.append("conversations", [{"conversation_id": i, **row} for i, row in enumerate(rows, 1)])
    return lake


@pytest.mark.requirement(38)
class TestByHour:
    def test_it_counts_local_hours_of_the_week(self, tmp_path: Path) -> None:
        # Monday 6:30 in Shanghai is still Sunday in UTC.
        rows = [talk(MONDAY, 6)] * 3 + [talk(MONDAY + timedelta(days=6), 23)] * 2
        week = by_hour(lake_of(tmp_path, rows), min_n=1)
        assert {hour.at: hour.n for hour in week.hours if hour.n} == {6: 3, 6 * 24 + 23: 2}

    def test_a_rate_is_per_hour_that_occurred(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY + timedelta(days=7 * week), 9) for week in range(3) for _ in range(4)]
        week = by_hour(lake_of(tmp_path, rows))
        assert (week.hours[9].days, week.hours[9].per_hour) == (3, 4.0)
        # Between the first Monday and the last there are two Tuesdays.
        assert week.hours[24 + 9].days == 2

    def test_days_without_rows_of_the_filter_count_too(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY + timedelta(days=n), 9, channel="chat") for n in range(14)]
        lake = lake_of(tmp_path, [*rows, talk(MONDAY, 9)])
        week = by_hour(lake, where={"channel": "phone"}, min_n=1)
        assert week.hours[9].per_hour == 0.5

    def test_times_are_quantiles_with_their_n(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY, 10, wait_seconds=float(10 * n)) for n in range(1, 11)]
        hour = by_hour(lake_of(tmp_path, rows)).hours[10]
        assert hour.n_timed == 10
        assert hour.p50 == pytest.approx(50, rel=0.011)
        assert hour.p90 == pytest.approx(90, rel=0.011)
        assert hour.p90_low is not None
        assert hour.p90_high is not None
        assert hour.p90_low <= hour.p90 <= hour.p90_high

    def test_few_are_not_timed(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY, 10, wait_seconds=30.0)] * 4
        hour = by_hour(lake_of(tmp_path, rows)).hours[10]
        assert (hour.n_timed, hour.p50, hour.p90) == (4, None, None)

    def test_only_customers_who_came_to_us_count(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY, 10), talk(MONDAY, 10, kind="self_service"), talk(MONDAY, 10, kind="callback")]
        rows += [talk(MONDAY, 10, case_id=7), talk(MONDAY, 10, case_id=-7)]
        assert by_hour(lake_of(tmp_path, rows)).n == 2

    def test_kinds_and_periods_narrow_it(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY, 10), talk(MONDAY, 10, kind="chat"), talk(MONDAY + timedelta(days=1), 10)]
        lake = lake_of(tmp_path, rows)
        assert by_hour(lake, kinds=["call"]).n == 2
        assert by_hour(lake, kinds=["call"], until=MONDAY + timedelta(days=1)).n == 1

    def test_handling_time_is_the_metrics(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY, 10, handle_seconds=float(s)) for s in (100, 200, 300, 400, 500, 99_999)]
        week = by_hour(lake_of(tmp_path, rows))
        assert (week.handling, week.n_handled) == (300.0, 5)

    def test_an_empty_lake_has_empty_hours(self, tmp_path: Path) -> None:
        week = by_hour(Lake(tmp_path / "nothing"))
        assert (week.n, week.first, week.hours[0].per_hour) == (0, None, None)

    def test_another_time_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(AnalyticsError):
            by_hour(Lake(tmp_path / "nothing"), time="nps")

    def test_summer_time_moves_the_clock(self, tmp_path: Path) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        days = [date(2026, 3, 23), date(2026, 3, 30)]  # Mondays before and after the change
        rows = [
            {**talk(day, 0), "at": datetime(day.year, day.month, day.day, 9, 30, tzinfo=berlin)}
            for day in days
        ]
        week = by_hour(lake_of(tmp_path, rows), zone="Europe/Berlin", since=days[0], until=date(2026, 4, 6))
        assert {hour.at: hour.n for hour in week.hours if hour.n} == {9: 2}

    def test_a_zone_without_changes_is_one_number(self) -> None:
        assert "CASE" not in hour_sql("Asia/Shanghai")
