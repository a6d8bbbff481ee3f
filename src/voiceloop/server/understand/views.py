"""客户之声: what customers said, with the evidence."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from voiceloop.analytics.plan import SCORE_CLASS
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure.cards import card
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.labels import KNOWN
from voiceloop.server.measure.reasons import reasons
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.understand import voices
from voiceloop.server.understand.reasons import book

PAGE = 20
CARDS = ("praise_share", "problem_share", "suggestion_share", "negative_share")


@requires("voice.see")
def voice(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    part = Slice.of(user, request.GET)
    # Labels have no class of score: their figures are those of the slice without that condition.
    scored = part.narrowed(**{SCORE_CLASS: None})
    asked = {name: request.GET.get(name, "") for name in ("sentiment", "voice", "reason")}
    rows = voices.labelled(voices.in_slice(user, part), **asked)
    rows = voices.of_class(rows, request.GET.get("class", ""))
    rows = voices.saying(rows, request.GET.get("q", ""))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "comments": voices.voices(page), "part": part, "words": in_words(part)}
    context |= {"choices": choices(user, part), "asked": asked, "reasons": reasons(scored, most=20)}
    context |= {"q": request.GET.get("q", ""), "score_class": request.GET.get("class", "")}
    context |= {"cards": _cards(user, scored), "lists": _lists()}
    # What else the page's address says goes with a change of the filter.
    named = {**asked, "class": request.GET.get("class", ""), "q": request.GET.get("q", "")}
    context["kept"] = [(name, value) for name, value in named.items() if value]
    return render(request, "understand/voice.html", context)


@requires("voice.see")
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """One feedback as it was given, with its moment and what came of it."""
    rows = Response.objects.visible_to(request.user).select_related(
        "unit", "customer", "plan", "survey_version"
    )
    found = get_object_or_404(rows, pk=pk)
    context = {
        "response": found,
        "answers": found.answers.order_by("id"),
        "comments": voices.voices(found.verbatims.all()),
        "moment": voices.moment(found),
        "events": Event.objects.visible_to(request.user).about("response", pk).newest_first(),
    }
    return render(request, "understand/response.html", context)


def _cards(user: User, part: Slice) -> list[dict[str, Any]]:
    return [card(name, part, span=3) for name in CARDS] if user.may("measure.see") else []


def _lists() -> dict[str, list[tuple[str, str]]]:
    return {
        "sentiment": [(code, str(word)) for code, word in KNOWN["sentiment"].items()],
        "voice": [
            *((code, str(word)) for code, word in KNOWN["voice"].items()),
            ("other", _("None of these")),
        ],
        "reason": [(reason.code, book.called(reason)) for reason in book.in_use()],
    }
