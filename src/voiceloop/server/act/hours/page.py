"""What the page of peak hours shows: a table of colours, the picture of the week, and sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from voiceloop.analytics.attempts import Attempts
from voiceloop.analytics.chart import ACCENT, AXIS, CAPTION, SPLIT, option
from voiceloop.server.act.cases.promise_forms import WEEKDAYS
from voiceloop.server.act.hours.report import Cell, Report
from voiceloop.server.core.numerals import duration, plain, signed
from voiceloop.server.measure import numbers
from voiceloop.server.measure.charts import Picture

COLOURED_FROM = 30
# The ends of the house's colours: orange is bad, teal is good, the middle says neither.
BAD, MIDDLE, GOOD = -40.0, 20.0, 80.0
SHOWS: dict[str, Any] = {
    "n": gettext_lazy("Contacts per hour"),
    "p50": gettext_lazy("Wait, half (min)"),
    "p90": gettext_lazy("Wait, nine of ten (min)"),
    "gap": gettext_lazy("People missing"),
}
MISSING, THERE = "#d9541a", "#0e7c86"


@dataclass(frozen=True)
class Square:
    """One cell of the table; no text where there are too few."""

    text: str
    title: str
    shade: float | None = None

    @property
    def look(self) -> str:
        return "none" if not self.text else "" if self.shade is not None else "low"


def table(report: Report, show: str) -> list[tuple[str, list[Square]]]:
    """Seven days of twenty-four hours."""
    shade = _shades(report, show)
    squares = [_square(cell, show, shade) for cell in report.cells]
    return [(str(day), squares[24 * i : 24 * i + 24]) for i, day in enumerate(WEEKDAYS)]


def shows(report: Report) -> dict[str, Any]:
    """What can be shown of these contacts."""
    has_gap = report.is_staffed and report.present.hours is not None
    return {code: word for code, word in SHOWS.items() if code != "gap" or has_gap}


def picture(report: Report) -> Picture:
    """People needed as bars, people there as a line, over the whole week."""
    cells = report.cells
    needed = [cell.need.on_duty if cell.need else None for cell in cells]
    said = finding(report)
    names = [cell.name for cell in cells]
    bars = [
        {
            "value": need,
            "itemStyle": {"color": MISSING if (cell.gap or 0) > 0 else ACCENT},
            "tip": _tip(cell),
        }
        for cell, need in zip(cells, needed, strict=True)
    ]
    small = {"fontSize": 11, "color": CAPTION}
    days = {str(i * 24): _short(str(day)) for i, day in enumerate(WEEKDAYS)}
    drawn = option(
        said,
        grid={"left": 34, "right": 12, "top": 30, "bottom": 26},
        legend={"top": 0, "left": 0, "itemWidth": 14, "textStyle": {"fontSize": 12, "color": CAPTION}},
        tooltip={"trigger": "axis"},
        xAxis={
            "type": "category",
            "data": names,
            "axisLine": {"lineStyle": {"color": AXIS}},
            "axisTick": {"show": False},
            "axisLabel": {**small, "interval": 23, "showMinLabel": True, "hideOverlap": False},
        },
        yAxis={
            "type": "value",
            "minInterval": 1,
            "axisLabel": small,
            "splitLine": {"lineStyle": {"color": SPLIT}},
        },
        series=[
            {"type": "bar", "name": _("People needed"), "data": bars, "barCategoryGap": "10%",
             "itemStyle": {"color": ACCENT}},
            {"type": "line", "name": _("People there"), "step": "middle", "symbol": "none",
             "data": [cell.there for cell in cells], "lineStyle": {"width": 2, "color": THERE},
             "itemStyle": {"color": THERE}},
        ],
    )  # fmt: skip
    # A label of a day stands at its first hour, and says the day alone.
    drawn["xAxis"]["data"] = [
        {"value": days[str(i)]} if str(i) in days else {"value": name} for i, name in enumerate(names)
    ]
    return Picture(drawn, said, 260)


def finding(report: Report) -> str:
    """The one sentence over the page."""
    if not report.week.n:
        return _("No contacts in this period.")
    if not report.is_staffed:
        return _("How many people are needed cannot be told: no handling times are known.")
    if report.present.hours is None:
        return _("How many people are there is not known: nobody has working hours yet.")
    gaps = [cell for cell in report.cells if (cell.gap or 0) > 0]
    sure = sum(cell.is_sure for cell in gaps)
    if not gaps:
        return _("In no hour of the week are people missing.")
    words = ngettext(
        "In %(n)s hour of the week people are missing, in %(sure)s of them whatever chance allows for.",
        "In %(n)s hours of the week people are missing, in %(sure)s of them whatever chance allows for.",
        len(gaps),
    )
    return words % {"n": len(gaps), "sure": sure}


def sentences(report: Report) -> list[str]:
    """The worst hours in words."""
    found = []
    top = report.busiest()
    if top is not None:
        found.append(
            _("Most customers come on %(when)s: %(n)s an hour.")
            % {"when": top.name, "n": plain(top.hour.per_hour or 0, 1)}
        )
    peak = report.peak()
    if peak.value is not None and peak.low is not None and peak.high is not None:
        found.append(
            _(
                "The busiest hour of a day brings %(share)s%% of its contacts (%(low)s–%(high)s%%); "
                "an even day: 4.2%%."
            )
            % {"share": f"{peak.value:.1f}", "low": f"{peak.low:.1f}", "high": f"{peak.high:.1f}"}
        )
    for cell in report.worst_gaps()[:3]:
        found.append(
            _(
                "%(when)s: %(rate)s contacts an hour need %(need)s people (%(low)s–%(high)s), "
                "%(there)s are there."
            )
            % {
                "when": cell.name,
                "rate": plain(cell.hour.per_hour or 0, 1),
                "need": cell.need.on_duty if cell.need else 0,
                "low": cell.need_low,
                "high": cell.need_high,
                "there": _people(cell.there),
            }
        )
    slow = next(iter(report.slowest()), None)
    if slow is not None:
        found.append(
            _("Longest waits on %(when)s: nine of ten are answered within %(p90)s (%(low)s–%(high)s).")
            % {
                "when": slow.name,
                "p90": duration(slow.hour.p90),
                "low": duration(slow.hour.p90_low),
                "high": duration(slow.hour.p90_high),
            }
        )
    return found


def failed(clocks: list[Attempts]) -> list[Square]:
    """The share of failed attempts in each hour of the day; the worse, the more orange."""
    known = [one.share for one in clocks if one.share is not None and one.n >= COLOURED_FROM]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    span = (high - low) or 1.0
    found = []
    for one in clocks:
        if one.share is None or one.low is None or one.high is None:
            found.append(Square("", f"n = {one.n}"))
            continue
        title = f"{one.share:.1f}% ({one.low:.1f}–{one.high:.1f}%) · n = {one.n:,}"
        shade = MIDDLE - (MIDDLE - BAD) * (one.share - low) / span
        found.append(Square(f"{one.share:.0f}%", title, shade if one.n >= COLOURED_FROM else None))
    return found


def _square(cell: Cell, show: str, shade: Callable[[float], float]) -> Square:
    value, n = _value(cell, show), cell.hour.n if show in ("n", "gap") else cell.hour.n_timed
    title = f"{cell.name} · n = {n:,}" if n >= numbers.MIN_N else cell.name
    if value is None or n < numbers.MIN_N:
        return Square("", title)
    text = signed(value, 0 if value == int(value) else 1) if show == "gap" else plain(value, _digits(value))
    if show == "gap" and cell.need:
        title += " · " + _("needed %(need)s, there %(there)s") % {
            "need": cell.need.on_duty,
            "there": _people(cell.there),
        }
    return Square(text, title, shade(value) if n >= COLOURED_FROM else None)


def _value(cell: Cell, show: str) -> float | None:
    if show == "gap":
        return cell.gap
    if show == "n":
        return cell.hour.per_hour
    seconds = cell.hour.p50 if show == "p50" else cell.hour.p90
    return None if seconds is None else seconds / 60


def _shades(report: Report, show: str) -> Callable[[float], float]:
    """Missing people and long waits are bad; many contacts are neither good nor bad."""
    known = [
        value
        for cell in report.cells
        if (cell.hour.n if show in ("n", "gap") else cell.hour.n_timed) >= COLOURED_FROM
        and (value := _value(cell, show)) is not None
    ]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if show == "gap":
        most = max(abs(low), abs(high), 1.0)
        return lambda value: MIDDLE - (MIDDLE - BAD) * value / most
    span = (high - low) or 1.0
    if show == "n":
        return lambda value: MIDDLE + (GOOD - MIDDLE) * (value - low) / span
    return lambda value: GOOD - (GOOD - BAD) * (value - low) / span


def _tip(cell: Cell) -> list[str]:
    lines = [cell.name]
    if cell.need is not None:
        lines.append(
            _("needed %(need)s, there %(there)s")
            % {
                "need": f"{cell.need.on_duty} ({cell.need_low}–{cell.need_high})",
                "there": _people(cell.there),
            }
        )
        lines.append(_("%(n)s contacts an hour") % {"n": plain(cell.hour.per_hour or 0, 1)})
    return lines


def _people(n: float | None) -> str:
    return "—" if n is None else plain(n, 0 if n == int(n) else 1)


def _digits(value: float) -> int:
    return 0 if value >= 100 else 1


def _short(day: str) -> str:
    """周一 of 星期一, Mon of Monday."""
    return day[:3] if get_language() == "en" else "周" + day[-1]
