"""Working time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.server.act.cases import clocks

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


class TestAfter:
    @pytest.mark.parametrize(
        ("start", "due"),
        [
            (at(2, 10), at(2, 12)),
            (at(2, 19), at(2, 21)),
            (at(2, 20, 30), at(3, 10, 30)),
            (at(2, 23), at(3, 11)),
            (at(3, 3), at(3, 11)),
        ],
    )
    def test_it_counts_only_the_hours_in_which_we_work(self, start: datetime, due: datetime) -> None:
        assert clocks.after(start, timedelta(hours=2)) == due

    def test_it_spans_days(self) -> None:
        assert clocks.after(at(2, 10), timedelta(hours=25)) == at(4, 11)


class TestBetween:
    def test_it_stands_still_at_night(self) -> None:
        assert clocks.between(at(2, 20), at(3, 10)) == timedelta(hours=2)

    def test_it_is_negative_when_the_deadline_has_passed(self) -> None:
        assert clocks.between(at(2, 12), at(2, 10)) == timedelta(hours=-2)

    @given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(1, 100_000))
    def test_it_is_the_inverse_of_after(self, start: datetime, seconds: int) -> None:
        start, working = start.replace(tzinfo=SHANGHAI), timedelta(seconds=seconds)
        assert clocks.between(start, clocks.after(start, working)) == working
