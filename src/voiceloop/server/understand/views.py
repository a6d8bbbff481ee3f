"""客户之声: what customers said, with the evidence, and people who correct the labels."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.analytics.plan import SCORE_CLASS
from voiceloop.analytics.text.taxonomy import taxonomy
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure.cards import card
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.labels import KNOWN
from voiceloop.server.measure.reasons import reasons
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.understand import labelling, voices

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
def verbatim(request: HttpRequest, pk: int) -> HttpResponse:
    found = _verbatim(request, pk)
    context = {
        "verbatim": found,
        "comment": voices.voices([found])[0],
        "labels": list(found.annotations.select_related("by").order_by("kind", "label")),
        "chosen": {note.label for note in found.annotations.all()},
        "lists": _lists(),
    }
    return render(request, "understand/verbatim.html", context)


@require_POST
@requires("voice.correct")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    labelling.correct(
        _verbatim(request, pk),
        by=cast(User, request.user),
        sentiment=request.POST.get("sentiment", ""),
        voice=request.POST.get("voice", ""),
        reasons=request.POST.getlist("reason"),
    )
    messages.success(request, _("Thank you. The labels are corrected, and models learn from it."))
    return redirect("verbatim", pk=pk)


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


def _verbatim(request: HttpRequest, pk: int) -> Verbatim:
    rows = Response.objects.visible_to(request.user)
    return get_object_or_404(Verbatim.objects.filter(response__in=rows), pk=pk)


def _cards(user: User, part: Slice) -> list[dict[str, Any]]:
    return [card(name, part, span=3) for name in CARDS] if user.may("measure.see") else []


def _lists() -> dict[str, list[tuple[str, str]]]:
    english = get_language() == "en"
    return {
        "sentiment": [(code, str(word)) for code, word in KNOWN["sentiment"].items()],
        "voice": [
            *((code, str(word)) for code, word in KNOWN["voice"].items()),
            ("other", _("None of these")),
        ],
        "reason": [(r.code, r.label_en if english else r.label_zh) for r in taxonomy()],
    }
