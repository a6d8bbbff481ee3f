"""The page of what comes next."""

from __future__ import annotations

import csv
import io
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
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
def forecast_export(request: HttpRequest) -> HttpResponse:
    asked = Question.asked(cast(User, request.user), request.GET)
    found = asked.answer()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("period", "kind", "value", "low", "high", "n"))
    for kind, points in (("past", found.history), ("forecast", found.points)):
        writer.writerows((p.start, kind, p.value, p.low, p.high, p.n) for p in points)
    # TRICKY: the mark at the start tells Excel that the file is UTF-8.
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="forecast-{asked.metric.name}.csv"'
    return answer


def _found(asked: Question) -> dict[str, Any]:
    """The forecast, or in one sentence why there is none."""
    try:
        found = asked.answer()
    except AnalyticsError as error:
        return {"fault": error.say(get_language() or "zh")}
    return {"found": found, "picture": asked.picture(found), **forecasts.facts(found)}
