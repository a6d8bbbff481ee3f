"""A figure over time with the limits within which chance alone would keep it; alarms stand out."""

from __future__ import annotations

from typing import Any

from voiceloop.analytics.chart import ACCENT, AXIS, BAND, CAPTION, SPLIT, Chart, Option, digits, option, say
from voiceloop.analytics.charts.trend import period_label
from voiceloop.analytics.control import ControlChart

ALARM = "#d9541a"
_UNSEEN = {"lineStyle": {"opacity": 0}, "symbol": "none", "silent": True, "tooltip": {"show": False}}


def draw(found: ControlChart, *, every: str = "week", language: str = "zh") -> Option:
    """Return the control chart: values, the usual level as a dashed line, its limits as a band.

    Parameters
    ----------
    found : ControlChart
    every : str
        The length of a period.
    language : {'zh', 'en'}

    Returns
    -------
    dict
        ECharts option.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from voiceloop.analytics.control import control_chart
    >>> from voiceloop.analytics.stats.parts import Parts
    >>> weeks = [(date(2026, 1, 5) + timedelta(weeks=i), Parts.of([1, 0, -1] * 20)) for i in range(9)]
    >>> draw(control_chart(weeks, "nps"), language="en")["aria"]["label"]["description"]
    'Net Promoter Score: no alarm in 9 periods'
    """
    d = digits(found.metric.unit) + 1
    points = found.points
    stack: dict[str, Any] = {"type": "line", "stack": "limits", "stackStrategy": "all", **_UNSEEN}
    widths = [None if p.lower is None or p.upper is None else round(p.upper - p.lower, d) for p in points]
    return option(
        _finding(found, every, language),
        grid={"left": 44, "right": 24, "top": 16, "bottom": 24},
        tooltip={"trigger": "axis"},
        xAxis={
            "type": "category",
            "data": [period_label(point.period, every) for point in points],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": AXIS}},
            "axisLabel": {"fontSize": 11, "color": CAPTION},
        },
        yAxis={
            "type": "value",
            "scale": True,
            "axisLabel": {"fontSize": 11, "color": CAPTION},
            "splitLine": {"lineStyle": {"color": SPLIT}},
        },
        series=[
            {**stack, "data": [_rounded(p.lower, d) for p in points]},
            {**stack, "data": widths, "areaStyle": {"color": BAND}},
            {
                "name": say(language, {"zh": "通常水平", "en": "usual level"}),
                "type": "line",
                "data": [_rounded(p.centre, d) for p in points],
                "symbol": "none",
                "lineStyle": {"type": "dashed", "width": 1.25, "color": "#98a2b3"},
            },
            {
                "name": say(language, {"zh": found.metric.label_zh, "en": found.metric.label_en}),
                "type": "line",
                "data": [_point(p.value, p.is_alarm, d) for p in points],
                "lineStyle": {"width": 2, "color": ACCENT},
                "itemStyle": {"color": "#fff", "borderColor": ACCENT, "borderWidth": 2},
                "symbol": "circle",
                "symbolSize": 6,
            },
        ],
    )


CHART = Chart("control", "Control chart", "控制图", draw)


def _rounded(value: float | None, d: int) -> float | None:
    return None if value is None else round(value, d)


def _point(value: float | None, is_alarm: bool, d: int) -> dict[str, Any]:
    """Not by colour alone: an alarm is another shape and larger."""
    known: dict[str, Any] = {"value": _rounded(value, d)}
    if is_alarm:
        known |= {"symbol": "triangle", "symbolSize": 13, "itemStyle": {"color": ALARM, "borderColor": ALARM}}
    return known


def _finding(found: ControlChart, every: str, language: str) -> str:
    name = say(language, {"zh": found.metric.label_zh, "en": found.metric.label_en})
    n, alarms = len(found.points), found.alarms
    if not alarms:
        return say(
            language, {"zh": f"{name}：{n} 个周期内没有警报", "en": f"{name}: no alarm in {n} periods"}
        )
    first = period_label(alarms[0].period, every)
    return say(
        language,
        {
            "zh": f"{name}：{len(alarms)} 个周期偏离通常水平，最早在 {first}",
            "en": f"{name}: off its usual level in {len(alarms)} periods, first in {first}",
        },
    )
