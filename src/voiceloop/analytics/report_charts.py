"""Charts of a report as inline SVG: figures over time with their band, or groups with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

from voiceloop.analytics.chart import ACCENT, BAND, CAPTION, INTERVAL, SPLIT, TEXT
from voiceloop.analytics.result import Result, Row
from voiceloop.analytics.terminal import named, number, row_label

_WIDTH = 520
_COLOURS = (ACCENT, "#0e7c86", "#d9541a", "#7a5af8", "#667085", "#b7791f")
# More lines than colours, or more groups than a page holds, are read in the table.
_MOST_LINES, _MOST_GROUPS = len(_COLOURS), 60


def chart(result: Result) -> str:
    """Return the chart that suits the answer; nothing for a single figure or too many groups."""
    rows = [row for row in result.rows if row.value is not None]
    if len(rows) < 2:
        return ""
    if result.every:
        return _lines(result, rows)
    return _intervals(rows) if len(rows) <= _MOST_GROUPS else ""


def _lines(result: Result, rows: Sequence[Row]) -> str:
    series: dict[str, list[tuple[int, Row]]] = {}
    for row in rows:
        label = " · ".join(str(row.key[name]) for name in result.by)
        series.setdefault(label, []).append((_ordinal(row), row))
    if len(series) > _MOST_LINES:
        return ""
    days = [day for points in series.values() for day, _ in points]
    x = _scale(min(days), max(days), 60, _WIDTH - 20)
    low, high = _ends(rows)
    y = _scale(low, high, 250, 20)
    parts = [_grid(low, high, y, 60, _WIDTH - 20)]
    for (label, points), colour in zip(series.items(), _COLOURS, strict=False):
        parts.append(_line(points, x, y, colour, has_band=len(series) == 1))
        last_day, last = points[-1]
        if label:
            end = f'x="{x(last_day) - 4:.1f}" y="{y(last.value or 0) - 8:.1f}"'
            parts.append(f'<text {end} text-anchor="end" fill="{colour}">{escape(label)}</text>')
    for day in sorted({min(days), max(days)}):
        anchor = "start" if day == min(days) else "end"
        place = f'x="{x(day):.1f}" y="276" text-anchor="{anchor}"'
        parts.append(f'<text {place} fill="{CAPTION}">{named(date.fromordinal(day), result.every)}</text>')
    return _svg(290, "".join(parts), _finding(rows))


def _line(
    points: Sequence[tuple[int, Row]],
    x: Callable[[float], float],
    y: Callable[[float], float],
    colour: str,
    *,
    has_band: bool,
) -> str:
    at = [f"{x(day):.1f},{y(row.value or 0):.1f}" for day, row in points]
    band = ""
    known = [(day, row.low, row.high) for day, row in points if row.low is not None and row.high is not None]
    if has_band and len(known) > 1:
        edge = [f"{x(day):.1f},{y(high):.1f}" for day, _, high in known]
        edge += [f"{x(day):.1f},{y(low):.1f}" for day, low, _ in reversed(known)]
        band = f'<polygon points="{" ".join(edge)}" fill="{BAND}"/>'
    dots = "".join(
        f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="3" fill="{colour}">'
        f"<title>{escape(_told(row))}</title></circle>"
        for point, (_, row) in zip(at, points, strict=True)
    )
    return f'{band}<polyline points="{" ".join(at)}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def _intervals(rows: Sequence[Row]) -> str:
    low, high = _ends(rows)
    x = _scale(low, high, 170, _WIDTH - 76)
    parts = []
    for i, row in enumerate(rows):
        y = 26 * i + 20
        label = row_label(row)
        short = label if len(label) <= 20 else label[:19] + "…"
        parts.append(f'<text x="160" y="{y + 4}" text-anchor="end" fill="{TEXT}">{escape(short)}</text>')
        if row.low is not None and row.high is not None:
            parts.append(
                f'<line x1="{x(row.low):.1f}" x2="{x(row.high):.1f}" y1="{y}" y2="{y}" stroke="{INTERVAL}" '
                'stroke-width="4" stroke-linecap="round"/>'
            )
        value, ends = row.value or 0, f'x="{_WIDTH - 4}" y="{y + 4}" text-anchor="end"'
        dot = f'<circle cx="{x(value):.1f}" cy="{y}" r="4" fill="{ACCENT}">'
        parts.append(f"{dot}<title>{escape(_told(row))}</title></circle>")
        parts.append(f'<text {ends} fill="{TEXT}">{number(row.value, 1)}</text>')
    if low < 0 < high:
        parts.insert(
            0, f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="4" y2="{26 * len(rows) + 8}" stroke="{SPLIT}"/>'
        )
    return _svg(26 * len(rows) + 16, "".join(parts), _finding(rows))


def _svg(height: int, inside: str, finding: str) -> str:
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {height}" role="img" font-size="13"'
        f' aria-label="{escape(finding)}">'
        f"{inside}</svg></figure>"
    )


def _grid(low: float, high: float, y: Callable[[float], float], left: float, right: float) -> str:
    ticks = [low + (high - low) * i / 4 for i in range(5)]
    return "".join(
        f'<line x1="{left}" x2="{right}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="{SPLIT}"/>'
        f'<text x="{left - 8}" y="{y(tick) + 4:.1f}" text-anchor="end" fill="{CAPTION}">'
        f"{number(tick, 1)}</text>"
        for tick in ticks
    )


def _ends(rows: Sequence[Row]) -> tuple[float, float]:
    seen = [x for row in rows for x in (row.low, row.value, row.high) if x is not None]
    low, high = min(seen), max(seen)
    return (low, high) if high > low else (low - 1, high + 1)


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    width = (high - low) or 1
    return lambda value: start + (value - low) / width * (end - start)


def _ordinal(row: Row) -> int:
    period = row.key["period"]
    assert isinstance(period, date)
    return period.toordinal()


def _told(row: Row) -> str:
    return f"{row_label(row)}: {number(row.value)} ({number(row.low)} – {number(row.high)}), n = {row.n:,}"


def _finding(rows: Sequence[Row]) -> str:
    top = max(rows, key=lambda row: row.value or 0)
    bottom = min(rows, key=lambda row: row.value or 0)
    ends = f"{row_label(top)} {number(top.value)}", f"{row_label(bottom)} {number(bottom.value)}"
    return f"最高 · highest: {ends[0]}; 最低 · lowest: {ends[1]}"
