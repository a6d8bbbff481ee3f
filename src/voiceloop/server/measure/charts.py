"""Pictures of numbers, in the reader's language and with the company's names on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.analytics import registry
from voiceloop.analytics.charts.bars import Bar
from voiceloop.analytics.charts.trend import reach
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Row
from voiceloop.server.core.numerals import formatted
from voiceloop.server.measure.cards import FORMATS

if TYPE_CHECKING:
    from voiceloop.server.measure.breakdown import Group
    from voiceloop.server.measure.exploration import Exploration, Small

BAR_HEIGHT, AXIS_HEIGHT = 36, 44


@dataclass(frozen=True)
class Picture:
    """An ECharts option and the sentence that says what it shows."""

    option: dict[str, Any]
    finding: str
    height: int = 214


def draw(chart: str, *data: Any, height: int = 214, **more: Any) -> Picture:
    language = "en" if get_language() == "en" else "zh"
    option = registry.charts()[chart].draw(*data, language=language, **more)
    return Picture(option, str(option["aria"]["label"]["description"]), height)


def trend(answer: Exploration) -> Picture:
    picture = in_unit(draw("trend", answer.trend, height=220), answer.metric)
    if answer.metric.unit == "seconds":
        # "7 h 48 min" at the end of the line needs more room than a number.
        picture.option["grid"]["right"] = 84
    return picture


def bars(answer: Exploration, found: list[Group]) -> Picture:
    """The groups of a table's page as bars, in the order of the table."""
    lines = [Bar(group.name, group.row, _tone(group), answer.url_of(group.row)) for group in found]
    picture = draw("bars", lines, whole=answer.figure.row, height=AXIS_HEIGHT + BAR_HEIGHT * len(lines))
    for series in picture.option["series"]:
        for item, line in zip(series["data"], lines, strict=True):
            item["tip"] = tip(line.name, line.row)
    return in_unit(picture, answer.metric)


def tip(name: str, row: Row) -> list[str]:
    """A figure with its uncertainty, for whoever points at it."""
    if row.value is None:
        return [name, f"n = {row.n:,}", _("too few answers to show")]
    fmt = FORMATS[row.metric.unit]
    value, low, high = (formatted(one, fmt) for one in (row.value, row.low, row.high))
    return [name, f"{value} ({low} – {high})", f"n = {row.n:,}"]


def small(answer: Exploration) -> list[tuple[Small, Picture]]:
    """Trends on one common axis."""
    span = reach([row for one in answer.small for row in one.trend.rows])
    return [
        (one, in_unit(draw("trend", one.trend, span=span, height=150), answer.metric)) for one in answer.small
    ]


def _tone(group: Group) -> str:
    if not group.is_signal or group.better is None:
        return ""
    return "better" if group.better else "worse"


def in_unit(picture: Picture, metric: Metric) -> Picture:
    """Axes and labels say minutes, percent or points like every figure of the page."""
    format = {"$fmt": FORMATS[metric.unit]}
    axes = [axis for name in ("xAxis", "yAxis") for axis in _listed(picture.option.get(name))]
    for axis in axes:
        if axis.get("type") == "value" and axis.get("show", True):
            axis["axisLabel"] = {**axis.get("axisLabel", {}), "formatter": format}
    for one in picture.option.get("series", []):
        if "endLabel" in one:
            one["endLabel"]["formatter"] = format
            one["tooltip"] = {"valueFormatter": format}
    return picture


def _listed(axes: Any) -> list[dict[str, Any]]:
    return axes if isinstance(axes, list) else [axes] if axes else []
