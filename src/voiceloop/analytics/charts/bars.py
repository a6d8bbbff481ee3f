"""Groups side by side: a bar for each, its interval as a whisker, the whole as a dashed line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voiceloop.analytics.chart import (
    ACCENT,
    CAPTION,
    SECOND,
    SPLIT,
    TEXT,
    Chart,
    Option,
    digits,
    option,
    say,
    signed,
)
from voiceloop.analytics.result import Row

# Neutral unless a group is known to differ: then the colours of the better and of the worse.
TONES = {"": "#c3cff5", "better": "#0e7c86", "worse": "#d9541a"}
# Under this many answers a bar is hatched: the figure is there, but it is thin.
SURE_N = 30


@dataclass(frozen=True)
class Bar:
    """A group: its name, its figure, how it stands ('', 'better', 'worse'), where a click leads."""

    name: str
    row: Row
    tone: str = ""
    url: str = ""


def draw(bars: Sequence[Bar], *, whole: Row | None = None, language: str = "zh") -> Option:
    """Return horizontal bars in the order given, the first at the top.

    Parameters
    ----------
    bars : sequence of Bar
        Of one metric on one scale. A withheld value leaves its line empty.
    whole : Row, optional
        The figure of all groups together, drawn as a line.
    language : {'zh', 'en'}

    Returns
    -------
    dict
        ECharts option.

    Examples
    --------
    >>> from voiceloop.analytics import measure
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> rows = measure(tiny_lake(), "nps", by=["channel"]).rows
    >>> option = draw([Bar(row.key["channel"], row) for row in rows])
    >>> option["yAxis"]["data"][0], option["series"][0]["data"][0]["value"]
    ('sms\\nn 5', 0.0)
    """
    d = digits(bars[0].row.metric.unit) if bars else 0
    small = {"fontSize": 11, "color": CAPTION}
    series: list[dict[str, Any]] = [_values(bars, d), _whiskers(bars, d)]
    if whole is not None and whole.value is not None:
        series[0]["markLine"] = _line(whole.value, d, language)
    return option(
        _finding(bars, d, language),
        grid={"left": 4, "right": 24, "top": 20, "bottom": 4, "containLabel": True},
        tooltip={"trigger": "item", "formatter": {"$fmt": "tip"}},
        xAxis={
            "type": "value",
            "position": "top",
            "splitNumber": 4,
            "axisLabel": {**small, "hideOverlap": True},
            "splitLine": {"lineStyle": {"color": SPLIT}},
        },
        yAxis={
            "type": "category",
            "inverse": True,
            "data": [f"{bar.name}\nn {bar.row.n:,}" for bar in bars],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {
                "fontSize": 12,
                "color": SECOND,
                "lineHeight": 15,
                "width": 92,
                "overflow": "truncate",
            },
        },
        series=series,
    )


CHART = Chart("bars", "Groups", "分组对比", draw)


def _values(bars: Sequence[Bar], d: int) -> dict[str, Any]:
    return {
        "type": "bar",
        "barMaxWidth": 16,
        "data": [_bar(bar, d) for bar in bars],
        "label": {"show": False},
    }


def _bar(bar: Bar, d: int) -> dict[str, Any]:
    style: dict[str, Any] = {"color": TONES[bar.tone], "borderRadius": 3}
    if bar.row.n < SURE_N:
        style["opacity"] = 0.5
    value = None if bar.row.value is None else round(bar.row.value, d + 1)
    return {"value": value, "itemStyle": style, "tip": _tip(bar, d), **({"url": bar.url} if bar.url else {})}


def _whiskers(bars: Sequence[Bar], d: int) -> dict[str, Any]:
    """A box without a box: both quartiles at the value, the ends of the interval as whiskers."""
    return {
        "type": "boxplot",
        "data": [_box(bar, d) for bar in bars],
        "boxWidth": [9, 9],
        "itemStyle": {"color": TEXT, "borderColor": TEXT, "borderWidth": 1.25},
        "z": 3,
    }


def _box(bar: Bar, d: int) -> dict[str, Any]:
    low, value, high = (
        None if x is None else round(x, d + 1) for x in (bar.row.low, bar.row.value, bar.row.high)
    )
    known = low is not None and high is not None
    box = [low, value, value, value, high] if known else ["-"] * 5
    return {"value": box, "tip": _tip(bar, d), **({"url": bar.url} if bar.url else {})}


def _tip(bar: Bar, d: int) -> list[str]:
    row = bar.row
    if row.value is None:
        return [bar.name, f"n {row.n:,}"]
    ends = "" if row.low is None or row.high is None else f" [{signed(row.low, d)}, {signed(row.high, d)}]"
    return [bar.name, f"{signed(row.value, d)}{ends}", f"n {row.n:,}"]


def _line(value: float, d: int, language: str) -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": "none",
        "data": [{"xAxis": round(value, d + 1)}],
        "lineStyle": {"type": "dashed", "color": ACCENT, "opacity": 0.7},
        "label": {
            "formatter": say(language, {"zh": "全部", "en": "all"}),
            "position": "start",
            "fontSize": 11,
        },
    }


def _finding(bars: Sequence[Bar], d: int, language: str) -> str:
    known = sorted((bar for bar in bars if bar.row.value is not None), key=lambda bar: bar.row.value or 0)
    if not known:
        return say(language, {"zh": "各组样本不足", "en": "Too few answers in every group"})
    low, high = known[0], known[-1]
    name = say(language, {"zh": low.row.metric.label_zh, "en": low.row.metric.label_en})
    top, bottom = signed(high.row.value or 0, d), signed(low.row.value or 0, d)
    if low is high:
        return f"{name}: {high.name} {top}"
    return say(
        language,
        {
            "zh": f"{name}：最高 {high.name} {top}，最低 {low.name} {bottom}，共 {len(bars)} 组",
            "en": f"{name}: highest {high.name} {top}, lowest {low.name} {bottom}, {len(bars)} groups",
        },
    )
