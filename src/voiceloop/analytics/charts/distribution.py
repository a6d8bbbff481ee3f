"""The share of answers at each score, in the colours of their classes."""

from __future__ import annotations

from voiceloop.analytics.chart import AXIS, CLASS_COLOURS, SECOND, Chart, Option, option, say
from voiceloop.analytics.distribution import Distribution
from voiceloop.analytics.scales import CLASS_LABELS


def draw(found: Distribution, *, language: str = "zh") -> Option:
    """Return the bars of a distribution; the page sets the brackets with the class shares below.

    Parameters
    ----------
    found : Distribution
    language : {'zh', 'en'}

    Returns
    -------
    dict
        ECharts option; shares in percent with one decimal.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> from voiceloop.analytics.distribution import distribution
    >>> len(draw(distribution(tiny_lake()))["series"][0]["data"])
    11
    """
    bars = [
        {
            "value": None if bar.share is None else round(bar.share, 1),
            "itemStyle": {"color": CLASS_COLOURS[bar.score_class], "borderRadius": [4, 4, 0, 0]},
        }
        for bar in found.bars
    ]
    label = {"show": True, "position": "top", "fontSize": 11, "color": SECOND, "formatter": "{c}"}
    return option(
        _finding(found, language),
        grid={"left": 4, "right": 4, "top": 22, "bottom": 54},
        xAxis={
            "type": "category",
            "data": [f"{bar.score:g}".replace("-", "−") for bar in found.bars],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": AXIS}},
            "axisLabel": {"fontSize": 12, "color": SECOND, "margin": 6},
        },
        yAxis={"show": False},
        series=[{"type": "bar", "barCategoryGap": "22%", "data": bars, "label": label}],
    )


CHART = Chart("distribution", "Distribution", "评分分布", draw)


def _finding(found: Distribution, language: str) -> str:
    position = 1 if language.startswith("en") else 0
    shares = [
        f"{CLASS_LABELS[name][position]} {share:.0f}%"
        for name, share in found.classes.items()
        if share is not None
    ]
    if not shares:
        return say(language, {"zh": f"样本不足，n = {found.n}", "en": f"Too few answers, n = {found.n}"})
    return say(
        language,
        {"zh": "，".join(shares) + f"，n = {found.n:,}", "en": ", ".join(shares) + f", n = {found.n:,}"},
    )
