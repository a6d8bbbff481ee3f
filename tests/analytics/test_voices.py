"""How often reasons are named, and figures of only those comments that carry some labels."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from voiceloop.analytics import measure, registry
from voiceloop.analytics.groups import Groups
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.voices import among, counted, named, shares

# Comment → (feeling, kind of comment, {reason: side}, touchpoint).
SAID: dict[int, tuple[str, str, dict[str, int], str]] = {
    1: ("negative", "problem", {"waiting": -1}, "dine_in"),
    2: ("negative", "problem", {"waiting": -1, "price": -1}, "dine_in"),
    3: ("positive", "praise", {"waiting": 1}, "dine_in"),
    4: ("positive", "praise", {}, "dine_in"),
    5: ("neutral", "other", {"price": 0}, "delivery"),
    6: ("positive", "praise", {"price": 1}, "delivery"),
    7: ("unknown", "other", {}, "delivery"),
}
SIDE = {"negative": -1, "neutral": 0, "positive": 1}


def labels(id: int) -> list[dict[str, Any]]:
    feeling, voice, reasons, touchpoint = SAID[id]
    rows: list[tuple[str, str, int | None]] = [
        ("sentiment", feeling, SIDE.get(feeling)),
        ("voice", voice, SIDE.get(feeling)),
    ]
    rows += [("reason", code, side) for code, side in reasons.items()]
    place = {"verbatim_id": id, "response_id": id, "touchpoint": touchpoint, "day": date(2026, 3, id)}
    return [
        {"annotation_id": 100 * id + i, "kind": kind, "label": label, "polarity": side, **place}
        for i, (kind, label, side) in enumerate(rows)
    ]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    lake.append("annotations", [row for id in SAID for row in labels(id)])
    return lake


class TestNamed:
    def test_it_divides_by_every_comment_that_was_understood(self, lake: Lake) -> None:
        found = {row.key["label"]: row for row in named(lake, min_n=1).rows}
        assert (found["waiting"].n, round(found["waiting"].value or 0, 1)) == (6, 33.3)

    def test_it_counts_the_comments_of_a_group_that_never_names_the_reason(self, lake: Lake) -> None:
        found = {tuple(row.key.values()): row for row in named(lake, by=["touchpoint"], min_n=1).rows}
        assert (found["waiting", "delivery"].n, found["waiting", "delivery"].value) == (2, 0.0)
        assert found["waiting", "dine_in"].value == 50.0

    def test_it_takes_complaints_from_praise(self, lake: Lake) -> None:
        found = {row.key["label"]: row for row in named(lake, side="net", min_n=1).rows}
        assert round(found["waiting"].value or 0, 1) == -16.7
        assert found["price"].value == 0.0

    def test_it_has_one_row_a_period(self, lake: Lake) -> None:
        rows = named(lake, every="month", side="positive", min_n=1).rows
        assert [(row.key["label"], row.key["period"], row.n) for row in rows] == [
            ("price", date(2026, 3, 1), 6),
            ("waiting", date(2026, 3, 1), 6),
        ]

    def test_it_looks_only_at_comments_with_the_labels(self, lake: Lake) -> None:
        found = {row.key["label"]: row for row in named(lake, labels={"voice": ["problem"]}, min_n=1).rows}
        assert (found["waiting"].n, found["price"].value) == (2, 50.0)

    def test_it_withholds_what_few_said(self, lake: Lake) -> None:
        assert all(row.value is None for row in named(lake, by=["touchpoint"], min_n=5).rows)


class TestAmong:
    def test_every_kind_must_be_met(self, lake: Lake) -> None:
        metric = among(registry.metric("problem_share"), {"reason": ["waiting"], "sentiment": ["positive"]})
        assert measure(lake, metric, min_n=1).one.n == 1

    def test_one_of_several_labels_is_enough(self, lake: Lake) -> None:
        metric = among(registry.metric("understood_share"), {"reason": ["waiting", "price"]})
        assert measure(lake, metric, min_n=1).one.n == 5

    def test_it_asks_for_the_side_of_a_reason(self, lake: Lake) -> None:
        metric = among(registry.metric("praise_share"), {"reason": ["waiting"]}, -1)
        assert measure(lake, metric, min_n=1).one.n == 2

    def test_a_quote_in_a_label_is_only_a_quote(self, lake: Lake) -> None:
        metric = among(registry.metric("praise_share"), {"theme": ["it's"]})
        assert measure(lake, metric).one.n == 0

    def test_without_labels_it_is_the_metric_itself(self) -> None:
        metric = registry.metric("praise_share")
        assert among(metric, {"reason": []}) is metric


class TestCounted:
    def test_it_is_the_figure_that_the_lake_gives(self, lake: Lake) -> None:
        known = measure(lake, "praise_share", min_n=1).one
        again = counted(registry.metric("praise_share"), Groups({}, shares([5], [3])), min_n=1).one
        assert (known.n, known.value, known.low, known.high) == (again.n, again.value, again.low, again.high)


class TestUnderstoodShare:
    def test_what_no_feeling_was_told_of_counts_against_it(self, lake: Lake) -> None:
        found = measure(lake, "understood_share").one
        assert (found.n, round(found.value or 0, 1)) == (7, 85.7)
