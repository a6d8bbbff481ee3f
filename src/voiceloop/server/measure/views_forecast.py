"""The page of what comes next."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.core.spreadsheets import named, streamed
from voiceloop.server.measure import forecasts
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.explore_page import metric_options
from voiceloop.server.measure.forecasts import Question
from voiceloop.server.measure.slices import in_words
from voiceloop.server.measure.words import EVERY


@requires("measure.see")
def forecast(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    asked = Question.asked(user, request.GET)
    context = {
        "asked": asked,
        "words": in_words(asked.part),
        "choices": choices(user, asked.part),
        "metrics": metric_options(asked.metric),
        "every": [(code, EVERY[code], code == asked.every) for code in ("day", "week", "month", "quarter")],
        "of": [(code, word, code == asked.of) for code, word in forecasts.OF.items()],
        "may_export": user.may("measure.export"),
        **_found(asked),
    }
    return render(request, "measure/forecast.html", context)


@requires("measure.export")
def forecast_export(request: HttpRequest) -> StreamingHttpResponse:
    asked = Question.asked(cast(User, request.user), request.GET)
    found = asked.answer()
    parts = (("past", found.history), ("forecast", found.points))
    rows = ((p.start, kind, p.value, p.low, p.high, p.n) for kind, points in parts for p in points)
    head = ("period", "kind", "value", "low", "high", "n")
    return named(streamed([head], rows), f"forecast-{asked.metric.name}.csv")


def _found(asked: Question) -> dict[str, Any]:
    """The forecast, or in one sentence why there is none."""
    try:
        found = asked.answer()
    except AnalyticsError as error:
        return {"fault": error.say(get_language() or "zh")}
    return {"found": found, "picture": asked.picture(found), **forecasts.facts(found)}
