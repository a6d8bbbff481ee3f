"""The first page: how it stands, how sure that is, what customers say, what needs doing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from voiceloop.analytics.distribution import distribution
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure import numbers
from voiceloop.server.measure.cards import card
from voiceloop.server.measure.charts import draw
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.heat import heat
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.reasons import alarm, reasons
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.measure.targets_reading import overdue
from voiceloop.server.store.sync import lake
from voiceloop.server.understand import voices

CARDS = ("csat", "ces", "response_rate", "closed_loop_rate")
COMMENTS = 4


def home(request: HttpRequest) -> HttpResponse:
    """Those who measure see the numbers; agents see their next customer."""
    if not request.user.may("measure.see"):  # type: ignore[union-attr]
        return redirect("workbench")
    return numbers_of(request)


@requires("measure.see")
def numbers_of(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    part = Slice.of(user, request.GET)
    context = _score(user, part) | _shape(part) | _words(user, part, request.GET.get("show", ""))
    context |= {"part": part, "words": in_words(part), "choices": choices(user, part)}
    context |= {"overdue": overdue(user)}
    return render(request, "web/home.html", context)


def _score(user: User, part: Slice) -> dict[str, Any]:
    nps = numbers.figure("nps", part)
    target = (
        Target.objects.visible_to(user)
        .open()
        .of_everything()
        .filter(metric="nps")
        .order_by("-unit__path")
        .first()
    )
    goal = target.value if target else None
    weighted = numbers.result("nps", part, weighted=True).one
    return {
        "nps": nps,
        "target": goal,
        "weighted": weighted if _differs(nps.row.value, weighted.value) else None,
        "gauge": draw("gauge", nps.row, target=goal),
        "trend": draw("trend", numbers.trend("nps", part), target=goal),
        "cards": [card(name, part, span=2) for name in CARDS],
    }


def _differs(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and abs(a - b) >= 0.05


def _shape(part: Slice) -> dict[str, Any]:
    spread = distribution(lake(), "nps", min_n=numbers.MIN_N, **part.arguments())
    table = numbers.result("nps", part, by=("touchpoint", "segment"))
    return {
        "spread": spread,
        "bars": draw("distribution", spread),
        "heat": heat(table, part),
        "reasons": reasons(part),
        "alarm": alarm(part),
    }


def _words(user: User, part: Slice, show: str) -> dict[str, Any]:
    rows = voices.in_slice(user, part)
    if show == "waiting":
        rows = rows.filter(response__case__resolution=None, response__case__isnull=False)
    elif show == "promoter":
        rows = voices.of_class(rows, "promoter")
    return {"comments": voices.voices(rows[:COMMENTS]), "show": show}
