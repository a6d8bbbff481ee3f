"""One number as a card: value, n, interval, change, and the way to its explanation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.analytics.metric import Metric
from voiceloop.server.measure import numbers
from voiceloop.server.measure.numbers import Figure
from voiceloop.server.measure.slices import Slice

FORMATS = {
    "points": "signed",
    "%": "pct",
    "score": "score",
    "minutes": "minutes",
    "seconds": "seconds",
    "CNY": "money",
    "per 1,000": "rate",
}


def metric_label(metric: Metric) -> str:
    return metric.label_en if get_language() == "en" else metric.label_zh


def card(name: str, part: Slice, *, span: int = 3) -> dict[str, Any]:
    """What `web/_figure.html` shows of a metric."""
    figure = numbers.figure(name, part)
    spark = [row.value for row in numbers.trend(name, part).rows if row.value is not None]
    return shown(figure) | {"spark": spark if len(spark) > 1 else [], "span": span}


def shown(figure: Figure) -> dict[str, Any]:
    row, metric = figure.row, figure.metric
    return {
        "label": metric_label(metric),
        "fmt": FORMATS[metric.unit],
        "value": row.value,
        "unit": _scale_end(row.scale) if metric.unit == "score" else "",
        "n": row.n,
        "low": row.low,
        "high": row.high,
        "delta": figure.change.difference if figure.change else None,
        "verdict": figure.change.verdict if figure.change else None,
        "better": figure.better,
        "note": _("too few answers to show") if row.value is None else "",
        "href": reverse("explore") + "?" + figure.part.query(metric=metric.name),
    }


def _scale_end(scale_id: str | None) -> str:
    from voiceloop.analytics.scales import scale

    return f"/ {scale(scale_id).high:g}" if scale_id else ""
