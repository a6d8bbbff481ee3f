"""One feedback as it was given."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import Event
from voiceloop.server.core.rights import requires
from voiceloop.server.understand import voices


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
