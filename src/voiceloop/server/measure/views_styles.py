"""The pages of comparison across industries, sizes and cultures: parse, one reading, render."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.core import spreadsheets
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure import benchmarks as verbs
from voiceloop.server.measure.benchmarks_reading import FIELDS
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.slices import in_words
from voiceloop.server.measure.styles import Comparison


@requires("measure.see")
def styles(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = Comparison(user, request.GET)
    context = {
        "found": found,
        "picture": found.picture() if len(found.lines) > 1 else None,
        "kept": [("by", found.by), ("on", found.on), ("against", found.against)],
        "words": in_words(found.part),
        "choices": choices(user, found.part),
        "part": found.part,
        "view": "styles",
        "room": "benchmarks",
    }
    return render(request, "measure/styles.html", context)


@requires("measure.see")
def styles_export(request: HttpRequest, form: str) -> HttpResponseBase:
    return spreadsheets.answer(Comparison(user_of(request), request.GET).rows(), form, "groups")


@require_POST
@requires("targets.edit")
def circumstances(request: HttpRequest) -> HttpResponse:
    """Say what we are, so that a benchmark of somebody else is marked as such."""
    said = {name: request.POST.get(name, "").strip()[:64] for name in FIELDS}
    verbs.say_circumstances(by=user_of(request), **said)
    messages.success(request, _("Saved. What differs is said beside each benchmark."))
    return redirect("benchmarks")
