"""A radar of points from 0 to 100 with the ends of their intervals; the table beside it has the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from voiceloop.analytics.chart import ACCENT, AXIS, BAND, INTERVAL, SECOND, SPLIT, option
from voiceloop.analytics.evaluation import Points
from voiceloop.server.measure.charts import Picture


def radar(axes: Sequence[tuple[str, Points]]) -> Picture:
    """Where something is missing the solid line lies on the lower end: what is sure at least."""
    said = ", ".join(f"{name} {_word(points)}" for name, points in axes)
    solid = {"lineStyle": {"width": 2.5, "color": ACCENT}, "itemStyle": {"color": ACCENT}}
    thin = {"lineStyle": {"width": 1, "type": "dashed", "color": INTERVAL}, "symbol": "none"}
    highs, lows = [round(p.high, 1) for _n, p in axes], [round(p.low, 1) for _n, p in axes]
    values = [round(p.low if p.value is None else p.value, 1) for _n, p in axes]
    lines = [
        {"value": highs, "name": _("upper end"), **thin, "areaStyle": {"color": BAND}},
        {"value": lows, "name": _("lower end"), **thin},
        {"value": values, "name": _("Points"), **solid},
    ]
    ground = {
        "indicator": [{"name": _broken(name), "max": 100, "min": 0} for name, _p in axes],
        # Leaves room for the longest name on a phone.
        "radius": "50%",
        "axisNameGap": 7,
        "splitNumber": 4,
        "axisName": {"color": SECOND, "fontSize": 12},
        "splitLine": {"lineStyle": {"color": SPLIT}},
        "axisLine": {"lineStyle": {"color": AXIS}},
        "splitArea": {"show": False},
    }
    return Picture(
        option(said, radar=ground, series=[{"type": "radar", "data": lines, "silent": True}]), said
    )


def _word(points: Points) -> str:
    if points.value is None:
        return f"{points.low:.0f}–{points.high:.0f}"
    return f"{points.value:.0f} ({points.low:.0f}–{points.high:.0f})"


def _broken(name: str) -> str:
    """Competitive-ness and responsive-ness are wider than a phone leaves room for."""
    return f"{name[:-4]}-\nness" if len(name) > 12 and name.endswith("ness") else name
