"""A score on an arc that starts at zero, with its interval as a second arc and the target as a tick."""

from __future__ import annotations

from typing import Any

from voiceloop.analytics.chart import (
    ACCENT,
    CAPTION,
    INTERVAL,
    TEXT,
    TRACK,
    Chart,
    Option,
    digits,
    option,
    say,
    signed,
)
from voiceloop.analytics.result import Row
from voiceloop.analytics.scales import scale

_OFF: dict[str, Any] = {"show": False}
_CLEAR = "rgba(0,0,0,0)"


def draw(row: Row, *, target: float | None = None, language: str = "zh") -> Option:
    """Return the gauge of one figure.

    Parameters
    ----------
    row : Row
        In the metric's unit. A withheld value leaves the arc empty and shows a dash.
    target : float, optional
        In the same unit.
    language : {'zh', 'en'}

    Returns
    -------
    dict
        ECharts option.

    Examples
    --------
    >>> from voiceloop.analytics import measure
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> draw(measure(tiny_lake(), "nps").one)["series"][0]["data"]
    [{'value': 20.0}]
    """
    low, high = _ends(row)
    series = [_arc(row, low, high)]
    if row.low is not None and row.high is not None:
        edges = [_clipped(end, low, high) for end in (row.low, row.high)]
        bands = [[edges[0], _CLEAR], [edges[1], INTERVAL], [1, _CLEAR]]
        series.append({**_base(low, high), "radius": "166%", "axisLine": _line(6, bands)})
    if target is not None:
        tick = {"show": True, "icon": "rect", "width": 3, "length": 20, "offsetCenter": [0, "-87%"]}
        tick |= {"itemStyle": {"color": TEXT}}
        series.append(
            {
                **_base(low, high),
                "radius": "152%",
                "axisLine": _OFF,
                "pointer": tick,
                "data": [{"value": target}],
            }
        )
    return option(_finding(row, target, language), series=series)


CHART = Chart("gauge", "Gauge", "仪表", draw)


def _ends(row: Row) -> tuple[float, float]:
    if row.metric.unit == "points":
        return -100.0, 100.0
    if row.metric.unit == "score" and row.scale:
        return scale(row.scale).low, scale(row.scale).high
    return 0.0, 100.0


def _base(low: float, high: float) -> dict[str, Any]:
    off = ("pointer", "axisTick", "splitLine", "axisLabel", "anchor", "title", "detail")
    shape = {
        "type": "gauge",
        "startAngle": 180,
        "endAngle": 0,
        "min": low,
        "max": high,
        "center": ["50%", "88%"],
    }
    return {**shape, **{name: _OFF for name in off}, "data": [{"value": low}]}


def _arc(row: Row, low: float, high: float) -> dict[str, Any]:
    zero = _clipped(0.0, low, high)
    value = zero if row.value is None else _clipped(row.value, low, high)
    bands = [[min(zero, value), TRACK], [max(zero, value), ACCENT], [1, TRACK]]
    shown = "—" if row.value is None else _number(row)
    style = {"fontSize": 46, "lineHeight": 50, "fontWeight": 600, "color": TEXT}
    return {
        **_base(low, high),
        "radius": "152%",
        "axisLine": _line(18, bands),
        "axisLabel": {"show": True, "distance": 8, "fontSize": 11, "color": CAPTION},
        "splitNumber": 4,
        "detail": {
            "show": True,
            "offsetCenter": [0, "-14%"],
            "formatter": f"{{a|{shown}}}",
            "rich": {"a": style},
        },
        "data": [{"value": low if row.value is None else row.value}],
    }


def _line(width: int, colours: list[list[Any]]) -> dict[str, Any]:
    return {"show": True, "lineStyle": {"width": width, "color": colours}}


def _clipped(value: float, low: float, high: float) -> float:
    return round(min(max((value - low) / (high - low), 0.0), 1.0), 6)


def _number(row: Row) -> str:
    value = row.value or 0.0
    plus = "+" if row.metric.unit == "points" and round(value) > 0 else ""
    return plus + signed(value, digits(row.metric.unit))


def _finding(row: Row, target: float | None, language: str) -> str:
    name = say(language, {"zh": row.metric.label_zh, "en": row.metric.label_en})
    if row.value is None or row.low is None or row.high is None:
        return say(
            language, {"zh": f"{name}：样本不足，n = {row.n}", "en": f"{name}: too few answers, n = {row.n}"}
        )
    d = digits(row.metric.unit)
    low, high = signed(row.low, d), signed(row.high, d)
    goal = "" if target is None else say(language, {"zh": f"，目标 {target:g}", "en": f", target {target:g}"})
    return say(
        language,
        {
            "zh": f"{name} {_number(row)}，95% 置信区间 {low} 到 {high}{goal}，n = {row.n:,}",
            "en": f"{name} {_number(row)}, 95% interval {low} to {high}{goal}, n = {row.n:,}",
        },
    )
