"""The page against made scores, and the one of who was not asked and who did not answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.missing import NonResponse
from voiceloop.analytics.nonresponse import non_response
from voiceloop.server.collect.models import Invitation
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure import guard as verbs
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.guard_models import GuardReview
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.measure.why import in_names
from voiceloop.server.store import sync

MEASURED = ("nps", "csat", "ces")
BY = ("channel", "touchpoint", "segment", "tier", "region", "unit", "agent")


@requires("team.see")
def guard(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    part = Slice.of(user, request.GET)
    waiting, reviews = verbs.split(verbs.suspects(user, part), user)
    context = {
        "waiting": waiting,
        "reviews": reviews,
        "checks": verbs.CHECKS,
        "choices": choices(user, part),
        "words": in_words(part),
        "part": part,
    }
    return render(request, "measure/guard.html", context)


@require_POST
@requires("team.see")
def guard_review(request: HttpRequest) -> HttpResponse:
    check, subject = request.POST.get("check", ""), request.POST.get("subject", "")
    why, user = request.POST.get("why", "").strip()[:2000], user_of(request)
    if check not in verbs.CHECKS or not why or not may_review(user, subject):
        messages.error(request, _("Say what you found."))
        return redirect("guard")
    verbs.look_into(by=user, check=check, subject=subject, why=why)
    messages.success(request, _("Noted. The suspicion rests for 90 days."))
    return redirect("guard")


@require_POST
@requires("team.see")
def guard_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(GuardReview.objects.visible_to(request.user), pk=pk)
    verbs.reopen(found, by=user_of(request))
    messages.success(request, _("It is open again."))
    return redirect("guard")


def may_review(user: User, subject: str) -> bool:
    """One of one's own people, or, at the company, anybody the facts name."""
    return user.is_of_the_company or User.objects.visible_to(user).filter(code=subject or "-").exists()


@requires("measure.see")
def nonresponse(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    part = Slice.of(user, request.GET)
    metric, by = _one_of(request, "metric", MEASURED), _one_of(request, "by", BY)
    found, fault = _found(metric, by, part)
    context = {
        "found": found,
        "fault": fault,
        "says": found and in_names(found.says_en if get_language() == "en" else found.says_zh, found),
        "fmt": FORMATS.get(found.metric.unit, "score") if found else "score",
        "label": metric_label(found.metric) if found else "",
        "by": by,
        "by_label": dimension_label(by),
        "slices": [(label(by, one.value), one) for one in found.slices] if found else [],
        "reasons": _reasons(found) if found else [],
        "metrics": MEASURED,
        "metric": metric,
        "dimensions": [(name, dimension_label(name)) for name in BY],
        "choices": choices(user, part),
        "words": in_words(part),
        "part": part,
    }
    return render(request, "measure/nonresponse.html", context)


def _found(metric: str, by: str, part: Slice) -> tuple[NonResponse | None, str]:
    try:
        return non_response(sync.lake(), metric, by=by, **part.arguments()), ""
    except AnalyticsError as error:
        return None, error.say(get_language() or "zh")


def _reasons(found: NonResponse) -> list[tuple[str, int]]:
    known = dict(Invitation.Suppressed.choices)
    return [(str(known.get(code, code or "—")), n) for code, n in found.suppressed.items()]


def _one_of(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in known else known[0]


def as_json(suspect: verbs.Suspect) -> dict[str, Any]:
    low, high = suspect.interval
    names = ("check", "subject", "sentence", "n", "hits", "usual", "p_value")
    return {**{name: getattr(suspect, name) for name in names}, "low": low / 100, "high": high / 100}
