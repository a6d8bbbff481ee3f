"""What was, and what comes next: the interval widens with the distance."""

from __future__ import annotations

from typing import Any

from voiceloop.analytics.chart import ACCENT, AXIS, BAND, CAPTION, SPLIT, Chart, Option, option, say
from voiceloop.analytics.charts.trend import period_label
from voiceloop.analytics.value.forecast import Forecast, Point

# As many periods of the past as leave room to read the future.
_PAST = 36
_UNSEEN = {"lineStyle": {"opacity": 0}, "symbol": "none", "silent": True}


def draw(found: Forecast, *, name: str = "", digits: int = 1, language: str = "zh") -> Option:
    """Return the last periods and those ahead as one line, solid and dashed.

    Parameters
    ----------
    found : Forecast
    name : str
        What is forecast, in the reader's language.
    digits : int
        Decimals shown.
    language : {'zh', 'en'}

    Returns
    -------
    dict
        ECharts option.

    Examples
    --------
    >>> from datetime import date
    >>> from voiceloop.analytics.value.forecast import forecast_periods
    >>> months = [date(2025 + k // 12, k % 12 + 1, 1) for k in range(20)]
    >>> found = forecast_periods(months, [40.0 + k % 3 for k in range(20)], [40] * 20, every="month", ahead=2)
    >>> draw(found, name="NPS", language="en")["xAxis"]["data"][-3:]
    ['2026-08', '2026-09', '2026-10']
    """
    past, ahead = found.history[-_PAST:], found.points
    small = {"fontSize": 11, "color": CAPTION}
    return option(
        _finding(found, name, digits, language),
        grid={"left": 52, "right": 20, "top": 16, "bottom": 24},
        tooltip={"trigger": "axis", "backgroundColor": "#fff", "borderColor": "#e4e7ec"},
        xAxis={
            "type": "category",
            "data": [period_label(point.start, found.every) for point in (*past, *ahead)],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": AXIS}},
            "axisLabel": small,
        },
        yAxis={
            "type": "value",
            "scale": True,
            "axisLabel": small,
            "splitLine": {"lineStyle": {"color": SPLIT}},
        },
        series=[*_band(past, ahead, digits), *_lines(past, ahead, name, digits, language)],
    )


CHART = Chart("forecast", "Forecast", "预测", draw)


def _band(past: tuple[Point, ...], ahead: tuple[Point, ...], digits: int) -> list[dict[str, Any]]:
    """From the last known value outwards, so that the band opens like a fan."""
    gap: list[float | None] = [None] * (len(past) - 1)
    ends = [(past[-1].value, past[-1].value), *((p.low, p.high) for p in ahead)]
    sides = [(low, high) if low is not None and high is not None else (0.0, 0.0) for low, high in ends]
    stack = {
        "type": "line",
        "stack": "interval",
        "stackStrategy": "all",
        "tooltip": {"show": False},
        **_UNSEEN,
    }
    return [
        {**stack, "data": gap + [round(low, digits + 1) for low, _ in sides]},
        {
            **stack,
            "data": gap + [round(high - low, digits + 1) for low, high in sides],
            "areaStyle": {"color": BAND},
        },
    ]


def _lines(
    past: tuple[Point, ...], ahead: tuple[Point, ...], name: str, digits: int, language: str
) -> list[dict[str, Any]]:
    line = {"type": "line", "symbol": "circle", "symbolSize": 5, "color": ACCENT}
    known: list[float | None] = [round(point.value, digits) for point in past]
    coming: list[float | None] = [None] * (len(past) - 1)
    coming += [known[-1], *(round(point.value, digits) for point in ahead)]
    return [
        {**line, "name": name, "data": known, "lineStyle": {"width": 2.5}},
        {
            **line,
            "name": say(language, {"zh": "预测", "en": "Forecast"}),
            "data": coming,
            "symbol": "emptyCircle",
            "lineStyle": {"width": 2.5, "type": "dashed"},
        },
    ]


def _finding(found: Forecast, name: str, digits: int, language: str) -> str:
    last, after = found.history[-1], found.points[-1]
    when = period_label(after.start, found.every)
    now, then = f"{last.value:,.{digits}f}", f"{after.value:,.{digits}f}"
    between = f"{after.low:,.{digits}f} – {after.high:,.{digits}f}"
    return say(
        language,
        {
            "zh": f"{name}最近为 {now}，预计 {when} 为 {then}（{between}）",
            "en": f"{name}: {now} now, {then} expected for {when} ({between})",
        },
    )
