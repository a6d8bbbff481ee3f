"""A figure over time with its interval as a band, the sample size as faint bars and the target as a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, floor
from typing import Any, Protocol

from voiceloop.analytics.chart import (
    ACCENT,
    AXIS,
    BAND,
    CAPTION,
    FAINT,
    SPLIT,
    Chart,
    Option,
    digits,
    option,
    say,
    signed,
)
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Row

_UNSEEN = {"lineStyle": {"opacity": 0}, "symbol": "none", "silent": True}


class OverTime(Protocol):
    """Figures of one metric, period by period: a `Result`, or a part of one."""

    @property
    def metric(self) -> Metric:
        """What was measured."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """One figure a period."""

    @property
    def every(self) -> str | None:
        """The length of a period."""


def draw(
    result: OverTime,
    *,
    target: float | None = None,
    span: tuple[float, float] | None = None,
    language: str = "zh",
) -> Option:
    """Return the trend of a result asked per period.

    Parameters
    ----------
    result : OverTime
        With ``every`` and without ``by``. A withheld value is a gap.
    target : float, optional
        In the metric's unit.
    span : (low, high), optional
        Ends of the value axis, so that several small charts can be compared.
    language : {'zh', 'en'}

    Returns
    -------
    dict
        ECharts option.

    Examples
    --------
    >>> from voiceloop.analytics import measure
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> draw(measure(tiny_lake(), "nps", every="week"))["xAxis"]["data"]
    ['2/23', '3/2', '3/9']
    """
    rows, d = result.rows, digits(result.metric.unit)
    periods = [period_label(row.key["period"], result.every) for row in rows]
    low, high = span or reach(rows, target)
    n_max = max((row.n for row in rows), default=0)
    small = {"fontSize": 11, "color": CAPTION}
    return option(
        _finding(result, periods, language),
        grid={"left": 36, "right": 44 if target is None else 68, "top": 16, "bottom": 24},
        tooltip={"trigger": "axis", "backgroundColor": "#fff", "borderColor": "#e4e7ec"},
        xAxis={
            "type": "category",
            "data": periods,
            "boundaryGap": True,
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": AXIS}},
            "axisLabel": small,
        },
        yAxis=[
            {
                "type": "value",
                "min": low,
                "max": high,
                "axisLabel": small,
                "splitLine": {"lineStyle": {"color": SPLIT}},
            },
            # The bars stay in the lowest fifth.
            {"type": "value", "min": 0, "max": max(n_max * 5, 1), "show": False},
        ],
        series=[_sizes(rows), *_band(rows, d), _line(result, d, target, language)],
    )


CHART = Chart("trend", "Trend", "走势", draw)


def period_label(day: Any, every: str | None) -> str:
    """Return what an axis calls a period."""
    assert isinstance(day, date)
    if every == "year":
        return f"{day.year}"
    if every == "quarter":
        return f"{day.year} Q{day.month // 3 + 1}"
    return f"{day.year}-{day.month:02}" if every == "month" else f"{day.month}/{day.day}"


def reach(rows: Sequence[Row], target: float | None = None) -> tuple[float, float]:
    """Return round ends of an axis that holds the values and their intervals."""
    ends = [end for row in rows for end in (row.low, row.high, row.value) if end is not None]
    ends += [] if target is None else [target]
    if not ends:
        return 0, 1
    step = 10 if max(ends) - min(ends) > 10 else 1
    return floor(min(ends) / step) * step, ceil(max(ends) / step) * step


def _sizes(rows: tuple[Row, ...]) -> dict[str, Any]:
    style = {"color": FAINT, "borderRadius": [2, 2, 0, 0]}
    return {
        "name": "n",
        "type": "bar",
        "yAxisIndex": 1,
        "data": [row.n for row in rows],
        "barWidth": "46%",
        "itemStyle": style,
        "silent": True,
    }


def _band(rows: tuple[Row, ...], d: int) -> list[dict[str, Any]]:
    lows = [None if row.low is None else round(row.low, d + 1) for row in rows]
    widths = [
        None if row.low is None or row.high is None else round(row.high - row.low, d + 1) for row in rows
    ]
    # TRICKY: a band that crosses zero needs stackStrategy 'all', else ECharts stacks each sign apart.
    stack = {
        "type": "line",
        "stack": "interval",
        "stackStrategy": "all",
        "tooltip": {"show": False},
        **_UNSEEN,
    }
    return [{**stack, "data": lows}, {**stack, "data": widths, "areaStyle": {"color": BAND}}]


def _line(result: OverTime, d: int, target: float | None, language: str) -> dict[str, Any]:
    line = {
        "name": say(language, {"zh": result.metric.label_zh, "en": result.metric.label_en}),
        "type": "line",
        "data": [None if row.value is None else round(row.value, d) for row in result.rows],
        "symbol": "circle",
        "symbolSize": 6,
        "showSymbol": True,
        "lineStyle": {"width": 2.5, "color": ACCENT},
        "itemStyle": {"color": "#fff", "borderColor": ACCENT, "borderWidth": 2},
        "endLabel": {"show": True, "formatter": "{c}", "fontWeight": 600, "color": ACCENT, "fontSize": 13},
    }
    if target is not None:
        said = say(language, {"zh": f"目标 {target:g}", "en": f"Target {target:g}"})
        line["markLine"] = {
            "silent": True,
            "symbol": "none",
            "data": [{"yAxis": target}],
            "lineStyle": {"type": "dashed", "color": "#98a2b3"},
            "label": {"formatter": said, "position": "end", "fontSize": 11, "color": CAPTION},
        }
    return line


def _finding(result: OverTime, periods: list[str], language: str) -> str:
    name, d = (
        say(language, {"zh": result.metric.label_zh, "en": result.metric.label_en}),
        digits(result.metric.unit),
    )
    known = [(day, row.value) for day, row in zip(periods, result.rows, strict=True) if row.value is not None]
    if not known:
        return say(language, {"zh": f"{name}走势：样本不足", "en": f"{name}: too few answers for a trend"})
    (first, a), (last, b) = known[0], known[-1]
    return say(
        language,
        {
            "zh": f"{name}走势：{first} 为 {signed(a, d)}，{last} 为 {signed(b, d)}",
            "en": f"{name} from {signed(a, d)} ({first}) to {signed(b, d)} ({last})",
        },
    )
