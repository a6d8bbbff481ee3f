"""Explore: any metric by anything, down to its definition, its filter and its rows."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from voiceloop.analytics import registry
from voiceloop.analytics.drill import explain
from voiceloop.analytics.metric import Metric
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure import exports, numbers
from voiceloop.server.measure.breakdown import breakdown
from voiceloop.server.measure.cards import FORMATS, metric_label, shown
from voiceloop.server.measure.charts import draw
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.drill import Rows
from voiceloop.server.measure.labels import DIMENSIONS
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.store.sync import lake

PAGE = 25


@requires("measure.see")
def explore(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    part = Slice.of(user, request.GET)
    metric = registry.metric(request.GET.get("metric", "nps"))
    by = request.GET.get("by", "touchpoint")
    context = _figure(metric, part) | _definition(metric, part) | _parts(user, metric, part, by)
    context |= {"page": Paginator(cast(Any, Rows(metric, part)), PAGE).get_page(request.GET.get("page"))}
    context |= {"part": part, "words": in_words(part), "choices": choices(user, part)}
    return render(request, "measure/explore.html", context)


@requires("measure.export")
def export(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    part = Slice.of(cast(User, request.user), request.GET)
    metric = registry.metric(request.GET.get("metric", "nps"))
    by = [name for name in request.GET.getlist("by") if name]
    return exports.EXPORTS[kind](metric, part, by, request.GET.get("every") or None)


def _figure(metric: Metric, part: Slice) -> dict[str, Any]:
    figure = numbers.figure(metric.name, part)
    over_time = numbers.trend(metric.name, part)
    return {
        "figure": figure,
        "card": shown(figure) | {"span": 4, "href": ""},
        "trend": draw("trend", over_time),
        "over_time": over_time,
        "fmt": FORMATS[metric.unit],
    }


def _definition(metric: Metric, part: Slice) -> dict[str, Any]:
    english = get_language() == "en"
    return {
        "metric": metric,
        "label": metric_label(metric),
        "definition": metric.definition_en if english else metric.definition_zh,
        "explanation": explain(lake(), metric, **part.arguments()),
        "metrics": [(name, metric_label(one)) for name, one in registry.metrics().items()],
    }


def _parts(user: User, metric: Metric, part: Slice, by: str) -> dict[str, Any]:
    return {
        "by": by,
        "dimensions": list(DIMENSIONS.items()),
        "groups": breakdown(metric, part, by),
    }
