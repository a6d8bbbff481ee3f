"""Explore: any metric by anything, down to its definition, its filter and its rows."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure import explore_page
from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.choices import all_codes, choices
from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports import EXPORTS, rows
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.measure.views_saved import opened
from voiceloop.server.measure.why import panel

# Pages that have the one filter; a page of conditions leads back to one of them.
FILTERED = ("explore", "home", "voice", "coaching")


@requires("measure.see")
def explore(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    answer = Exploration(Asked.of(user, request.GET, by=("touchpoint",)))
    context = explore_page.context(request, user, answer) | opened(request)
    page = render(request, "measure/explore.html", context)
    # Without the empty fields that a form sends along.
    page["HX-Push-Url"] = f"{request.path}?{answer.asked.query(view=context['view'] and context['view'].pk)}"
    return page


@requires("measure.see")
def conditions(request: HttpRequest) -> HttpResponse:
    """Every dimension with its codes, to be ticked; also the whole page where no script fetches it."""
    user = cast(User, request.user)
    part = Slice.of(user, request.GET)
    filter = choices(user, part)
    # Beside the bar, what it shows already is not asked twice; a page of its own asks everything.
    shown = filter.in_bar if request.headers.get("HX-Request") else set()
    codes = all_codes(part, but=shown)
    context = {"codes": codes, "carried": filter.carried({*shown, *(one.name for one in codes)})}
    names = {"next", "page", *dict(part.chosen), *(one.name for one in codes)}
    context["others"] = [(k, v) for k, vs in request.GET.lists() if k not in names for v in vs]
    back = request.GET.get("next", "")
    context["back"] = back if back in FILTERED else "explore"
    return render(request, "measure/conditions.html", context)


@requires("measure.see")
def why(request: HttpRequest) -> HttpResponse:
    """What changed the figure, whether that is unusual, and who is missing: measured when it is looked at."""
    asked = Asked.of(cast(User, request.user), request.GET)
    context = {"asked": asked, "label": metric_label(asked.metric), "words": in_words(asked.part)}
    context |= {"fmt": FORMATS[asked.metric.unit], "room": "explore", **panel(asked)}
    return render(request, "measure/why.html", context)


@requires("measure.export")
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    return EXPORTS[kind](Exploration(Asked.of(cast(User, request.user), request.GET)))


@requires("measure.export")
def export_rows(request: HttpRequest) -> HttpResponseBase:
    return rows.as_csv(Asked.of(cast(User, request.user), request.GET))
