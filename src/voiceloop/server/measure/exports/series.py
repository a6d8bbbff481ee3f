"""What a chart in a file draws: names along one axis, one or more lines of values along the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voiceloop.analytics.charts.trend import period_label
from voiceloop.analytics.result import Row
from voiceloop.server.measure.breakdown import Group
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.exploration import MOST_BARS, Exploration

Whisker = tuple[float | None, float | None]


@dataclass(frozen=True)
class Series:
    """`whiskers` are the lengths down to and up to the ends of each interval, of a single line."""

    names: list[str]
    lines: Mapping[str, list[float | None]]
    is_over_time: bool = False
    whiskers: list[Whisker] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    tones: list[str] = field(default_factory=list)


def series_of(answer: Exploration) -> Series | None:
    """None where there is nothing to draw: one figure, or no group with enough answers."""
    found = {"trend": _trend, "bars": _bars, "heat": _columns, "small": _small}[answer.kind](answer)
    return (
        found
        if len(found.names) > 1 and any(v is not None for vs in found.lines.values() for v in vs)
        else None
    )


def _trend(answer: Exploration) -> Series:
    rows = list(answer.trend.rows)
    names = [period_label(row.key["period"], answer.trend.every) for row in rows]
    return Series(names, {metric_label(answer.metric): _values(rows)}, True, _whiskers(rows), rows)


def _bars(answer: Exploration) -> Series:
    found = answer.groups[:MOST_BARS]
    rows = [group.row for group in found]
    lines = {metric_label(answer.metric): _values(rows)}
    return Series(
        [group.name for group in found], lines, False, _whiskers(rows), rows, [_tone(g) for g in found]
    )


def _columns(answer: Exploration) -> Series:
    """Of two dimensions the largest groups of the first, one line for each of the second."""
    assert answer.heat is not None
    names = [name for name, _ in answer.heat.lines][:MOST_BARS]
    lines = {
        column: [cells[i].row.value if cells[i].row else None for _, cells in answer.heat.lines][:MOST_BARS]  # type: ignore[union-attr]  # asked in the same breath
        for i, column in enumerate(answer.heat.columns)
    }
    return Series(names, lines)


def _small(answer: Exploration) -> Series:
    periods = [row.key["period"] for row in answer.trend.rows]
    names = [period_label(period, answer.trend.every) for period in periods]
    return Series(names, {one.name: _dated(one.trend.rows, periods) for one in answer.small}, True)


def _dated(rows: tuple[Row, ...], periods: Sequence[object]) -> list[float | None]:
    known = {row.key["period"]: row.value for row in rows}
    return [known.get(period) for period in periods]  # type: ignore[call-overload]  # periods are dates


def _values(rows: list[Row]) -> list[float | None]:
    return [row.value for row in rows]


def _whiskers(rows: list[Row]) -> list[Whisker]:
    return [
        (None, None) if row.value is None or row.low is None or row.high is None
        else (row.value - row.low, row.high - row.value)
        for row in rows
    ]  # fmt: skip


def _tone(group: Group) -> str:
    if not group.is_signal or group.better is None:
        return ""
    return "better" if group.better else "worse"
