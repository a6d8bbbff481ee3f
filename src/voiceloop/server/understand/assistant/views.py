"""The pages of the language model: its settings, a summary, a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.understand import voices
from voiceloop.server.understand.assistant import asking, uses
from voiceloop.server.understand.assistant.forms import SettingForm
from voiceloop.server.understand.models import AssistantCall

FIELDS = ("is_on", "base_url", "model", "seconds", "calls_a_day")


@requires("settings.edit")
def setting(request: HttpRequest) -> HttpResponse:
    found = asking.setting()
    form = SettingForm(request.POST or None, initial={name: getattr(found, name) for name in FIELDS})
    if form.is_valid():
        asking.set_up(by=user_of(request), **form.arguments)
        messages.success(request, _("Saved."))
        return redirect("assistant")
    calls = AssistantCall.objects.select_related("by").order_by("-pk")[:20]
    context = {"form": form, "found": found, "used": asking.used_today(), "calls": calls, "room": "assistant"}
    return render(request, "understand/assistant.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("settings.edit")
def trial(request: HttpRequest) -> HttpResponse:
    return render(request, "understand/_assistant_answer.html", _tried(uses.trial, by=user_of(request)))


@require_POST
@requires("voice.see")
def summary(request: HttpRequest) -> HttpResponse:
    """Of the newest comments of a slice: the filter of the page on which it was asked for."""
    _only_when_on()
    user, part = user_of(request), Slice.of(user_of(request), request.GET)
    rows = list(voices.in_slice(user, part)[: uses.MOST_COMMENTS])
    context = _tried(uses.summarise, rows, by=user, language=get_language() or "zh")
    return render(request, "understand/_assistant_summary.html", context | {"words": in_words(part)})


@require_POST
@requires("voice.see")
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Verbatim.objects.filter(response__in=Response.objects.visible_to(request.user))
    found = get_object_or_404(rows.select_related("response__customer"), pk=pk)
    _only_when_on()
    return render(request, "understand/_assistant_draft.html", _tried(uses.draft, found, by=user_of(request)))


def _tried(use: Any, *args: Any, **given: Any) -> dict[str, Any]:
    """The answer, or one sentence in the reader's language."""
    try:
        return {"answer": use(*args, **given)}
    except AnalyticsError as error:
        return {"fault": error.say(get_language() or "zh")}


def _only_when_on() -> None:
    if not asking.is_on():
        raise Http404
