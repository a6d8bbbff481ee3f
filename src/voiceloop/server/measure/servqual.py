"""The five SERVQUAL dimensions of perceived quality as a radar with n."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics import registry
from voiceloop.analytics.evaluation import Points, Reading, points
from voiceloop.analytics.result import Row
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure import numbers
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.radar import radar
from voiceloop.server.measure.slices import Slice, in_words

# Parasuraman, Zeithaml and Berry, Journal of Retailing 64 (1988) 12: the five dimensions.
DIMENSIONS: dict[str, Any] = {
    "reliability": _("Reliability"),
    "responsiveness": _("Responsiveness"),
    "assurance": _("Assurance"),
    "empathy": _("Empathy"),
    "tangibles": _("Tangibles"),
}


@dataclass(frozen=True)
class Axis:
    label: str
    metric: str
    row: Row | None
    points: Points
    query: str


def axes(part: Slice) -> list[Axis]:
    return [_axis(code, str(label), part) for code, label in DIMENSIONS.items()]


def _axis(code: str, label: str, part: Slice) -> Axis:
    name = f"servqual_{code}"
    row = numbers.result(name, part).one if name in registry.metrics() else None
    reading = Reading(row.value, row.low, row.high) if row else Reading(None)
    # All ends of the scale: 1 is the middle of the radar, 5 its rim.
    return Axis(label, name, row, points(reading, 1, 5), part.query(metric=name))


@requires("measure.see")
def page(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # behind LoginRequiredMiddleware
    part = Slice.of(user, request.GET)
    found = axes(part)
    context = {
        "axes": found,
        "n": max((one.row.n for one in found if one.row), default=0),
        "radar": radar([(one.label, one.points) for one in found]),
        "choices": choices(user, part),
        "words": in_words(part),
        "room": "evaluations",
    }
    return render(request, "measure/servqual.html", context)
