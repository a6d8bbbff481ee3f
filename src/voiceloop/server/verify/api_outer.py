"""The outer loop for programs: patterns without a name, one-click initiatives, what is to be learned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from voiceloop.server.act.models import Crisis, RootCause
from voiceloop.server.core.models import User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.verify import beginning, suggestions, training
from voiceloop.server.verify.models import Initiative, TrainingItem
from voiceloop.server.verify.patterns import DEFAULT_DAYS, PERIODS, Window

router = Router(tags=["verify"])
REFUSED = {403: Problem, 404: Problem, 422: Problem}


class BundleOut(Schema):
    id: str
    name: str
    phrases: list[str]
    n: int
    cases: list[int]
    trend: list[int]
    rises: bool
    is_new: bool


class BeginIn(Schema):
    """One of the three: a root cause, a crisis, or cases with a name."""

    cause: int | None = None
    crisis: int | None = None
    cases: list[int] = []
    name: str = ""
    days: int = DEFAULT_DAYS


class BegunOut(Schema):
    id: int
    title: str
    origin: str
    target: float | None
    n_cases: int


class TrainingIn(Schema):
    title: str
    text: str
    due_on: date | None = None


class TrainingOut(Schema):
    id: int
    title: str
    text: str
    unit_id: int
    initiative_id: int | None
    due_on: date | None
    at: datetime


@router.get("/cause-suggestions", response={200: list[BundleOut], 403: Problem})
def suggested(request: HttpRequest) -> Any:
    """Open cases without a cause, bundled by their words."""
    return suggestions.suggested(allowed(request, "cases.see")).bundles


@router.post("/initiatives/begun", response={201: BegunOut, **REFUSED})
def begin(request: HttpRequest, body: BeginIn) -> Any:
    """An initiative with its cases, its baseline and a target, planned at once."""
    user = allowed(request, "initiatives.edit")
    if body.days not in PERIODS:
        return Status(422, {"detail": f"days is one of {', '.join(map(str, PERIODS))}"})
    if body.cause:
        start = beginning.of_cause(get_object_or_404(RootCause, pk=body.cause), Window(user, body.days))
    elif body.crisis:
        crisis = get_object_or_404(Crisis.objects.visible_to(user), pk=body.crisis)
        start = beginning.of_crisis(crisis, user)
    elif body.cases:
        start = beginning.of_cases(body.name, body.cases[: beginning.MOST_CASES], user, body.days)
    else:
        return Status(422, {"detail": "name a cause, a crisis or cases"})
    made = beginning.begin(start, by=user)
    about = {name: getattr(made, name) for name in ("title", "origin", "target")}
    return Status(201, {"id": made.pk, "n_cases": made.links.count(), **about})


@router.get("/training", response=list[TrainingOut])
def list_training(request: HttpRequest) -> Any:
    return TrainingItem.objects.visible_to(request.user).open()[:200]


@router.post("/initiatives/{int:pk}/training", response={201: TrainingOut, **REFUSED})
def give(request: HttpRequest, pk: int, body: TrainingIn) -> Any:
    user = allowed(request, "initiatives.edit")
    found = get_object_or_404(Initiative.objects.visible_to(user), pk=pk)
    return Status(201, training.give(by=user, initiative=found, **body.dict()))


@router.put("/training/{int:pk}/learned", response={200: TrainingOut, **REFUSED})
def learn(request: HttpRequest, pk: int) -> Any:
    user: User = request.user  # type: ignore[assignment]  # signed in by session or key
    return training.learn(get_object_or_404(TrainingItem.objects.visible_to(user), pk=pk), by=user)


@router.delete("/training/{int:pk}", response={200: TrainingOut, **REFUSED})
def archive(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "initiatives.edit")
    return training.archive(get_object_or_404(TrainingItem.objects.changeable_by(user), pk=pk), by=user)
