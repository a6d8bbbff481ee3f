"""The page of word of mouth: parse, one verb or one reading, answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.growth import effects, mouth
from voiceloop.server.act.growth.forms import WordForm
from voiceloop.server.act.models import WordOfMouth
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.slices import Slice, in_words

PER_PAGE = 25


@requires("cases.see")
def word_of_mouth(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    return render(request, "act/growth/mouth.html", _context(request, user, WordForm(user=user)))


@require_POST
@requires("cases.work")
def word_hear(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = WordForm(request.POST, user=user)
    if not form.is_valid():
        return render(request, "act/growth/mouth.html", _context(request, user, form), status=422)
    mouth.hear(by=user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("word_of_mouth")


@require_POST
@requires("cases.work")
def word_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    mouth.take_back(_one(request, pk), by=user_of(request))
    messages.success(request, _("Taken back; it can be brought back."))
    return redirect("word_of_mouth")


@require_POST
@requires("cases.work")
def word_restore(request: HttpRequest, pk: int) -> HttpResponse:
    mouth.restore(_one(request, pk), by=user_of(request))
    messages.success(request, _("Saved."))
    return redirect("word_of_mouth")


@requires("cases.see")
def word_export(request: HttpRequest, form: str) -> HttpResponseBase:
    user = user_of(request)
    rows = mouth.heard(user, Slice.of(user, request.GET), _side(request))
    return spreadsheets.answer(mouth.lines(rows), form, "word-of-mouth")


def _context(request: HttpRequest, user: User, form: WordForm) -> dict[str, Any]:
    part, side = Slice.of(user, request.GET), _side(request)
    found = Paginator(mouth.heard(user, part, side), PER_PAGE).get_page(request.GET.get("page"))
    lately = WordOfMouth.objects.visible_to(user).exclude(taken_back_at=None)
    shown: dict[str, Any] = {
        "part": part,
        "choices": choices(user, part),
        "words": in_words(part),
        "kept": [("side", side)] if side else [],
        "form": form,
        "page": found,
        "side": side,
        "sides": WordOfMouth.Side.choices,
        "counts": {one: mouth.heard(user, part, one).count() for one in WordOfMouth.Side.values},
        "heard": mouth.by_class(user, part),
        "taken_back": lately.order_by("-taken_back_at")[:3],
        "tabs": effects.counts(user),
        "works": user.may("cases.work"),
        "room": "growth",
    }
    if user.may("measure.see"):
        shown["told"], shown["told_by_all"] = mouth.told(part)
        shown["claims"] = mouth.CLAIMS
    return shown


def _side(request: HttpRequest) -> str:
    asked = request.GET.get("side", "")
    return asked if asked in WordOfMouth.Side.values else ""


def _one(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(WordOfMouth.objects.visible_to(user_of(request)), pk=pk)
