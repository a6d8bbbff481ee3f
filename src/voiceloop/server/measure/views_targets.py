"""The pages of targets: parse, one verb or one queryset, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure import numbers, targets
from voiceloop.server.measure.charts import draw
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.targets_forms import TargetForm
from voiceloop.server.measure.targets_reading import Standing, part_of, standing, standings, visible

VIEWS = ("all", "overdue", "mine", "withdrawn")
# Enough of the past to see where a figure comes from.
TREND_DAYS = 365


@requires("measure.see")
def target_list(request: HttpRequest) -> HttpResponse:
    user, view = user_of(request), request.GET.get("view", "all")
    found = standings(visible(user))
    context = {
        "view": view if view in VIEWS else "all",
        "shown": _shown(found, view, user),
        "counts": _counts(found, user),
        "withdrawn": Target.objects.changeable_by(user)
        .exclude(withdrawn_at=None)
        .select_related("unit", "owner"),
        "edits": user.may("targets.edit"),
        "n": len(found),
    }
    return render(request, "measure/targets.html", context)


@requires("measure.see")
def target(request: HttpRequest, pk: int) -> HttpResponse:
    found = _target(request, pk)
    context = {
        "target": found,
        "one": standing(found),
        "trend": draw("trend", numbers.trend(found.metric, part_of(found, TREND_DAYS)), target=found.value),
        "log": [_entry(event) for event in Event.objects.about("target", found.pk).newest_first()[:50]],
        "edits": user_of(request).may("targets.edit"),
        "room": "targets",
    }
    return render(request, "measure/target.html", context)


@requires("targets.edit")
def target_new(request: HttpRequest) -> HttpResponse:
    form = TargetForm(request.POST or None, user=user_of(request), initial=_asked(request))
    if form.is_valid() and (made := _tried(form, targets.set_target, by=request.user)):
        messages.success(request, _("The target is set."))
        return redirect("target", made.pk)
    context = {"form": form, "room": "targets"}
    return render(request, "measure/target_form.html", context, status=422 if form.is_bound else 200)


@requires("targets.edit")
def target_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _target(request, pk)
    form = TargetForm(request.POST or None, user=user_of(request), target=found)
    if form.is_valid() and _tried(form, targets.revise, found, by=request.user):
        return redirect("target", pk)
    context = {"form": form, "target": found, "room": "targets"}
    return render(request, "measure/target_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("targets.edit")
def target_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    targets.withdraw(_target(request, pk), by=user_of(request))
    messages.success(request, _("Withdrawn. It can be restored here."))
    return redirect("target", pk)


@require_POST
@requires("targets.edit")
def target_restore(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        targets.restore(_target(request, pk), by=user_of(request))
        messages.success(request, _("The target is back."))
    except targets.Taken:
        messages.error(request, _("There is another target for this number in this place."))
    return redirect("target", pk)


def _withdrawn(user: User) -> Any:
    rows = Target.objects.changeable_by(user).exclude(withdrawn_at=None)
    return rows.select_related("unit", "owner")


def _shown(found: list[Standing], view: str, user: User) -> list[Standing]:
    if view == "overdue":
        return [one for one in found if one.is_overdue]
    return [one for one in found if one.target.owner_id == user.pk] if view == "mine" else found


def _counts(found: list[Standing], user: User) -> dict[str, int]:
    counts = {name: sum(one.verdict == name for one in found) for name in ("reached", "not_reached", "open")}
    counts["overdue"] = sum(one.is_overdue for one in found)
    return counts | {"mine": sum(one.target.owner_id == user.pk for one in found)}


def _tried(form: TargetForm, verb: Callable[..., Target], *nouns: Any, by: Any) -> Target | None:
    try:
        return verb(*nouns, by=by, **form.arguments)
    except targets.Taken:
        form.add_error(None, _("There is another target for this number in this place."))
    except AnalyticsError as error:
        form.add_error("threshold", error.say(get_language() or "zh"))
    return None


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the page one comes from knows already."""
    return {name: value for name in ("metric", *targets.SCOPES) if (value := request.GET.get(name))}


def _entry(event: Event) -> dict[str, Any]:
    return {"at": event.at, "sentence": event.sentence, "by": event.by, "icon": event.icon}


def _target(request: HttpRequest, pk: int) -> Target:
    rows = Target.objects.changeable_by(request.user).select_related("unit", "owner")
    found: Target = get_object_or_404(rows, pk=pk)
    return found
