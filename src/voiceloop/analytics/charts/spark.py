"""A small line without axes, for the foot of a figure's card."""

from __future__ import annotations

from voiceloop.analytics.chart import ACCENT, Chart, Option, digits, option, say, signed
from voiceloop.analytics.result import Result


def draw(result: Result, *, language: str = "zh") -> Option:
    """Return the small trend of a result asked per period.

    Parameters
    ----------
    result : Result
        With ``every`` and without ``by``. A withheld value is a gap.
    language : {'zh', 'en'}

    Returns
    -------
    dict
        ECharts option.

    Examples
    --------
    >>> from voiceloop.analytics import measure
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> draw(measure(tiny_lake(), "nps", every="week"))["series"][0]["data"]
    [None, 14.0, None]
    """
    d = digits(result.metric.unit)
    values = [None if row.value is None else round(row.value, d) for row in result.rows]
    known = [value for value in values if value is not None]
    name = say(language, {"zh": result.metric.label_zh, "en": result.metric.label_en})
    ends = f" {signed(known[0], d)} → {signed(known[-1], d)}" if known else " —"
    return option(
        name + ends,
        grid={"left": 1, "right": 1, "top": 3, "bottom": 3},
        xAxis={"type": "category", "show": False, "boundaryGap": False, "data": list(range(len(values)))},
        yAxis={"type": "value", "show": False, "scale": True},
        series=[
            {
                "type": "line",
                "data": values,
                "symbol": "none",
                "silent": True,
                "lineStyle": {"width": 1.75, "color": ACCENT},
                "areaStyle": {"color": ACCENT, "opacity": 0.09, "origin": "start"},
            }
        ],
    )


CHART = Chart("spark", "Sparkline", "迷你走势", draw)
