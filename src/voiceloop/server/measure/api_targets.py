"""Targets for programs: the same verbs and the same verdicts as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.measure import targets
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.targets_reading import Standing, standing, standings, visible

router = Router(tags=["targets"])


class TargetOut(Schema):
    """A target is never told without the interval on which its verdict rests."""

    id: int
    metric: str
    value: float
    threshold: float | None
    unit_id: int
    scope: dict[str, list[str]]
    owner_id: int
    due_on: date | None
    days: int
    note: str
    set_at: datetime
    withdrawn_at: datetime | None
    actual: float | None
    low: float | None
    high: float | None
    n: int
    verdict: Literal["reached", "not_reached", "open", "too_few"]
    is_overdue: bool
    is_alarm: bool


class TargetIn(Schema):
    metric: str
    value: float
    threshold: float | None = None
    unit: int | None = None
    owner: int | None = None
    scope: dict[str, list[str]] = {}
    due_on: date | None = None
    days: int = 90
    note: str = ""


REFUSED = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.get("/targets", response={200: list[TargetOut], 403: Problem})
def list_targets(request: HttpRequest, overdue: bool = False) -> Any:
    user = allowed(request, "measure.see")
    return [_out(one) for one in standings(visible(user)) if one.is_overdue or not overdue]


@router.get("/targets/{int:pk}", response={200: TargetOut, 403: Problem, 404: Problem})
def get_target(request: HttpRequest, pk: int) -> Any:
    return _told(_target(request, pk, "measure.see"))


@router.post("/targets", response={201: TargetOut, **REFUSED})
def set_target(request: HttpRequest, body: TargetIn) -> Any:
    user = allowed(request, "targets.edit")
    return _tried(201, targets.set_target, by=user, **_given(user, body))


@router.put("/targets/{int:pk}", response={200: TargetOut, **REFUSED})
def revise(request: HttpRequest, pk: int, body: TargetIn) -> Any:
    found = _target(request, pk, "targets.edit")
    user = allowed(request, "targets.edit")
    return _tried(200, targets.revise, found, by=user, **_given(user, body))


@router.delete("/targets/{int:pk}", response={200: TargetOut, **REFUSED})
def withdraw(request: HttpRequest, pk: int) -> Any:
    found = _target(request, pk, "targets.edit")
    return _tried(200, targets.withdraw, found, by=allowed(request, "targets.edit"))


@router.put("/targets/{int:pk}/restore", response={200: TargetOut, **REFUSED})
def restore(request: HttpRequest, pk: int) -> Any:
    found = _target(request, pk, "targets.edit")
    return _tried(200, targets.restore, found, by=allowed(request, "targets.edit"))


def _tried(status: int, verb: Callable[..., Target], *nouns: Any, **given: Any) -> Any:
    try:
        return Status(status, _told(verb(*nouns, **given)))
    except targets.Taken:
        return Status(409, {"detail": "there is another target for this metric in this place"})
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})


def _given(user: User, body: TargetIn) -> dict[str, Any]:
    given = body.dict()
    given["unit"] = get_object_or_404(Unit.objects.visible_to(user), pk=body.unit) if body.unit else user.unit
    given["owner"] = get_object_or_404(User.objects.visible_to(user), pk=body.owner) if body.owner else user
    return given


def _told(target: Target) -> dict[str, Any]:
    found = standing(target)
    if found is None:
        raise AnalyticsError(f"Unknown metric {target.metric!r}.", f"没有指标“{target.metric}”。")
    return _out(found)


NAMES = (
    "id", "metric", "value", "threshold", "unit_id", "scope", "owner_id", "due_on", "days", "note", "set_at",
    "withdrawn_at",
)  # fmt: skip


def _out(one: Standing) -> dict[str, Any]:
    about = {name: getattr(one.target, name) for name in NAMES}
    figure = {"actual": one.row.value, "low": one.row.low, "high": one.row.high, "n": one.row.n}
    verdict = {"verdict": one.verdict, "is_overdue": one.is_overdue, "is_alarm": one.is_alarm}
    return about | figure | verdict


def _target(request: HttpRequest, pk: int, right: str) -> Target:
    rows = Target.objects.changeable_by(allowed(request, right)).select_related("unit", "owner")
    found: Target = get_object_or_404(rows, pk=pk)
    return found
