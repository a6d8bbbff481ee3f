"""Attempts that failed, counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from voiceloop.analytics.attempts import attempts, pooled, unanswered
from voiceloop.analytics.errors import AnalyticsError
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


@pytest.mark.requirement(34)
class TestAttempts:
    def test_failed_ones_are_a_share_of_those_with_a_known_end(self, tmp_path: Path) -> None:
        ends = ["answered"] * 6 + ["abandoned"] * 3 + ["missed"] + [None] * 5
        found = attempts(lake_of(tmp_path, [talk(MONDAY, 10, outcome=end) for end in ends]))
        one = found[0]
        assert (one.channel, one.n, one.failed, one.unknown, one.share) == ("phone", 10, 4, 5, 40.0)
        assert one.ends == {"abandoned": 3, "missed": 1}
        assert one.low is not None
        assert one.high is not None
        assert one.low < 40 < one.high

    def test_few_have_no_share(self, tmp_path: Path) -> None:
        one = attempts(lake_of(tmp_path, [talk(MONDAY, 10, outcome="abandoned")] * 4))[0]
        assert (one.n, one.share) == (4, None)

    def test_by_the_hour_they_add_up_to_the_whole(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY, 9 + n % 3, outcome="abandoned" if n % 4 else "answered") for n in range(40)]
        lake = lake_of(tmp_path, rows)
        cells = attempts(lake, hourly=True)
        assert sorted(one.at or 0 for one in cells) == [9, 10, 11]
        whole, added = attempts(lake)[0], pooled(cells, "phone")
        assert (added.n, added.failed, added.share) == (whole.n, whole.failed, whole.share)

    def test_our_own_attempts_are_apart(self, tmp_path: Path) -> None:
        rows = [talk(MONDAY, 10, outcome="no_reply", case_id=3), talk(MONDAY, 10, outcome="answered")]
        lake = lake_of(tmp_path, rows)
        assert [one.failed for one in attempts(lake, whose="ours")] == [1]
        assert [one.failed for one in attempts(lake)] == [0]


@pytest.mark.requirement(34)
class TestUnanswered:
    NOW = datetime(2026, 3, 10, tzinfo=UTC)

    def letters(self, folder: Path, *seconds: float | None, **more: Any) -> Lake:
        rows = [
            talk(MONDAY, 10, kind="mail", channel="email", first_response_seconds=one, **more)
            for one in seconds
        ]
        return lake_of(folder, rows)

    def test_late_and_missing_replies_count(self, tmp_path: Path) -> None:
        lake = self.letters(tmp_path, 60.0, 3600.0, 7201.0, None, 7200.0, 1.0)
        found = unanswered(lake, 2, now=self.NOW)
        assert [(one.channel, one.n, one.failed) for one in found] == [("email", 6, 2)]

    def test_what_just_came_is_not_late_yet(self, tmp_path: Path) -> None:
        at = datetime(2026, 3, 2, 10, 30, tzinfo=HOME)
        assert unanswered(self.letters(tmp_path, None), 2, now=at + timedelta(hours=1)) == []

    def test_an_end_that_says_answered_is_believed(self, tmp_path: Path) -> None:
        lake = self.letters(tmp_path, None, outcome="answered")
        assert unanswered(lake, 2, now=self.NOW)[0].failed == 0

    def test_no_time_at_all_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(AnalyticsError):
            unanswered(Lake(tmp_path / "nothing"), 0)
