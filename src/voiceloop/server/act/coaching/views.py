"""The team board of a lead, and an agent's own figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from voiceloop.server.act.coaching import board
from voiceloop.server.core.models import User
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.slices import Slice, in_words


def coaching(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # behind LoginRequiredMiddleware
    part = Slice.of(user, request.GET)
    context = {
        "lines": board.lines(user, part),
        "heads": board.heads(),
        "is_team": user.may("team.see"),
        "words": in_words(part),
        "choices": choices(user, part),
        "part": part,
    }
    return render(request, "act/coaching/board.html", context)
