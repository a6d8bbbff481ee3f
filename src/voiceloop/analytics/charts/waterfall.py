"""From one figure to the next in steps: what the mix, the answer rates and the groups themselves did."""

from __future__ import annotations

from typing import Any

from voiceloop.analytics.chart import (
    ACCENT,
    AXIS,
    CAPTION,
    SECOND,
    SPLIT,
    Chart,
    Option,
    digits,
    option,
    say,
    signed,
)
from voiceloop.analytics.explained import Change

UP, DOWN = "#0e7c86", "#d9541a"
WORDS = {
    "before": {"zh": "此前", "en": "before"},
    "mix": {"zh": "构成变化", "en": "mix"},
    "answer_rate": {"zh": "回收率变化", "en": "answer rates"},
    "within": {"zh": "各组自身变化", "en": "own change"},
    "after": {"zh": "现在", "en": "now"},
}


def draw(found: Change, *, language: str = "zh") -> Option:
    """Return the steps from the figure before to the figure now.

    Parameters
    ----------
    found : Change
    language : {'zh', 'en'}

    Returns
    -------
    dict
        ECharts option; the steps add up to the change.

    Examples
    --------
    >>> from datetime import date
    >>> from voiceloop.analytics.change import explain_change
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> days = (date(2026, 3, 1), date(2026, 3, 6)), (date(2026, 3, 6), date(2026, 3, 11))
    >>> found = explain_change(tiny_lake(), "nps", before=days[0], after=days[1], by="channel")
    >>> draw(found, language="en")["xAxis"]["data"][0]
    'before'
    """
    d = digits(found.metric.unit)
    steps = [(name, getattr(found, name)) for name in ("mix", "answer_rate", "within")]
    known = [(name, step) for name, step in steps if step is not None]
    names = ["before", *(name for name, _ in known), "after"]
    bases, sizes = _bars(found, [step for _, step in known], d)
    hidden = {"color": "rgba(0,0,0,0)"}
    stack: dict[str, Any] = {"type": "bar", "stack": "step", "stackStrategy": "all", "barMaxWidth": 56}
    label = {"show": True, "position": "top", "fontSize": 12, "color": SECOND, "fontWeight": 600}
    return option(
        found.says_en if language.startswith("en") else found.says_zh,
        grid={"left": 44, "right": 12, "top": 28, "bottom": 44},
        xAxis={
            "type": "category",
            "data": [say(language, WORDS[name]) for name in names],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": AXIS}},
            "axisLabel": {"fontSize": 12, "color": SECOND, "interval": 0, "width": 62, "overflow": "break"},
        },
        yAxis={
            "type": "value",
            "axisLabel": {"fontSize": 11, "color": CAPTION},
            "splitLine": {"lineStyle": {"color": SPLIT}},
        },
        series=[
            {**stack, "data": bases, "itemStyle": hidden, "silent": True},
            {**stack, "data": sizes, "label": label},
        ],
    )


CHART = Chart("waterfall", "Why it changed", "变化分解", draw)


def _bars(found: Change, steps: list[float], d: int) -> tuple[list[float], list[dict[str, Any]]]:
    """Where each bar begins, and how far it goes; both whole figures stand on zero."""
    better_is_up = found.metric.better == "higher"
    at, bases, sizes = (
        found.before.value,
        [min(found.before.value, 0.0)],
        [_bar(found.before.value, ACCENT, d)],
    )
    for step in steps:
        bases.append(min(at, at + step))
        sizes.append(_bar(step, UP if (step > 0) == better_is_up else DOWN, d, sign=True))
        at += step
    bases.append(min(found.after.value, 0.0))
    sizes.append(_bar(found.after.value, ACCENT, d))
    return [round(base, d + 2) for base in bases], sizes


def _bar(value: float, colour: str, d: int, *, sign: bool = False) -> dict[str, Any]:
    shown = round(value, max(d, 1)) or 0.0  # a step that rounds to nothing has no minus
    said = ("+" if sign and shown > 0 else "") + signed(shown, max(d, 1))
    return {
        "value": round(abs(value), d + 2),
        "itemStyle": {"color": colour, "borderRadius": 3},
        "label": {"formatter": said},
    }
