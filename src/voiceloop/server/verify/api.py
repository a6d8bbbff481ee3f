"""The room's endpoints: parse, call one verb or read one queryset, answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act.knowledge import causes as verbs
from voiceloop.server.act.models import RootCause
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import user_of
from voiceloop.server.verify import initiatives
from voiceloop.server.verify.api_outer import router as outer
from voiceloop.server.verify.api_sources import router as sources
from voiceloop.server.verify.models import Initiative
from voiceloop.server.verify.page import for_rows
from voiceloop.server.verify.patterns import PERIODS, Window, patterns

router = Router(tags=["verify"])
router.add_router("", sources)
router.add_router("", outer)


class InitiativeStepOut(Schema):
    stage: str
    at: datetime
    by_id: int
    note: str
    evidence: dict[str, Any] | None


class InitiativeOut(Schema):
    id: int
    title: str
    stage: str
    root_cause_id: int | None
    goal: str
    metric: str
    scope: dict[str, list[str]]
    baseline: dict[str, Any] | None
    target: float | None
    owner_id: int
    unit_id: int
    due_on: date | None
    created_at: datetime
    closed_at: datetime | None
    steps: list[InitiativeStepOut]


class InitiativeIn(Schema):
    title: str
    root_cause: int | None = None
    goal: str = ""
    metric: str = ""
    scope: dict[str, list[str]] = {}
    target: float | None = None
    owner: int | None = None
    unit: int | None = None
    due_on: date | None = None


class InitiativeStepIn(Schema):
    note: str = ""


class StandardIn(InitiativeStepIn):
    training: str = ""


class PatternOut(Schema):
    id: int
    code: str
    group: str
    name: str
    name_en: str
    n: int
    n_before: int
    n_resolved: int
    share: float | None
    low: float | None
    high: float | None
    is_signal: bool


class CauseIn(Schema):
    group: Literal["problem", "process", "people"]
    name: str
    name_en: str = ""


class CauseChange(CauseIn):
    is_archived: bool = False


class CauseNameOut(CauseIn):
    id: int
    code: str
    archived_at: datetime | None


class PatternsAsked(Schema):
    days: int = 90
    unit: str = ""


REFUSED = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.get("/initiatives", response=list[InitiativeOut])
def list_initiatives(request: HttpRequest) -> Any:
    return for_rows(Initiative.objects.visible_to(request.user)).order_by("-created_at", "-pk")[:500]


@router.get("/initiatives/{int:pk}", response={200: InitiativeOut, 404: Problem})
def get_initiative(request: HttpRequest, pk: int) -> Any:
    return _initiative(request, pk)


@router.post("/initiatives", response={201: InitiativeOut, **REFUSED})
def plan(request: HttpRequest, body: InitiativeIn) -> Any:
    """Plan an initiative; its baseline is measured now."""
    user, given = _editor(request), body.dict()
    if body.metric and body.metric not in registry.metrics():
        return Status(422, {"detail": f"unknown metric {body.metric}"})
    given["root_cause"] = get_object_or_404(RootCause, pk=body.root_cause) if body.root_cause else None
    given["owner"] = get_object_or_404(User.objects.visible_to(user), pk=body.owner) if body.owner else None
    given["unit"] = get_object_or_404(Unit.objects.visible_to(user), pk=body.unit) if body.unit else None
    try:
        return Status(201, initiatives.plan(by=user, **given))
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})


@router.put("/initiatives/{int:pk}/start", response={200: InitiativeOut, **REFUSED})
def start(request: HttpRequest, pk: int, body: InitiativeStepIn) -> Any:
    return _move(request, pk, initiatives.start, body)


@router.post("/initiatives/{int:pk}/checks", response={200: InitiativeOut, **REFUSED})
def check(request: HttpRequest, pk: int, body: InitiativeStepIn) -> Any:
    return _move(request, pk, initiatives.check, body)


@router.put("/initiatives/{int:pk}/standard", response={200: InitiativeOut, **REFUSED})
def standardise(request: HttpRequest, pk: int, body: StandardIn) -> Any:
    return _move(request, pk, initiatives.standardise, body)


@router.put("/initiatives/{int:pk}/replan", response={200: InitiativeOut, **REFUSED})
def replan(request: HttpRequest, pk: int, body: InitiativeStepIn) -> Any:
    return _move(request, pk, initiatives.replan, body)


@router.put("/initiatives/{int:pk}/stop", response={200: InitiativeOut, **REFUSED})
def stop(request: HttpRequest, pk: int, body: InitiativeStepIn) -> Any:
    return _move(request, pk, initiatives.stop, body)


@router.get("/causes", response={200: list[PatternOut], 403: Problem, 422: Problem})
def causes(request: HttpRequest, asked: Query[PatternsAsked]) -> Any:
    """How often each root cause was found, and whether its share of the solved cases moved."""
    user = user_of(request)
    if not user.may("cases.see"):
        raise PermissionError
    if asked.days not in PERIODS:
        return Status(422, {"detail": f"days is one of {', '.join(map(str, PERIODS))}"})
    unit = get_object_or_404(Unit.objects.visible_to(user), code=asked.unit) if asked.unit else None
    return [_cause(pattern) for pattern in patterns(Window(user, asked.days, unit))]


@router.post("/causes", response={201: CauseNameOut, 403: Problem, 422: Problem})
def add_cause(request: HttpRequest, body: CauseIn) -> Any:
    return Status(201, verbs.add(by=_keeper(request), **body.dict()))


@router.put("/causes/{int:pk}", response={200: CauseNameOut, **REFUSED})
def change_cause(request: HttpRequest, pk: int, body: CauseChange) -> Any:
    """Name, group, and whether it is in use."""
    by, given = _keeper(request), body.dict()
    move = verbs.archive if given.pop("is_archived") else verbs.restore
    return move(verbs.rename(get_object_or_404(RootCause, pk=pk), by=by, **given), by=by)


def _cause(pattern: Any) -> dict[str, Any]:
    cause, row = pattern.cause, pattern.row
    about = {name: getattr(cause, name) for name in ("id", "code", "group", "name", "name_en")}
    share = {"share": row.value, "low": row.low, "high": row.high, "n_resolved": row.n}
    return about | share | {"n": pattern.hits, "n_before": pattern.before, "is_signal": pattern.is_signal}


def _move(request: HttpRequest, pk: int, verb: Callable[..., Initiative], body: InitiativeStepIn) -> Any:
    user = _editor(request)
    try:
        verb(_initiative(request, pk), by=user, **body.dict())
    except initiatives.WrongStage as stage:
        return Status(409, {"detail": f"not possible at the stage {stage}"})
    return _initiative(request, pk)


def _editor(request: HttpRequest) -> User:
    if not user_of(request).may("initiatives.edit"):
        raise PermissionError
    return user_of(request)


def _keeper(request: HttpRequest) -> User:
    """Causes are shared by all branches, so who belongs to one of them may not change them."""
    if not _editor(request).is_of_the_company:
        raise PermissionError
    return user_of(request)


def _initiative(request: HttpRequest, pk: int) -> Initiative:
    found: Initiative = get_object_or_404(for_rows(Initiative.objects.visible_to(request.user)), pk=pk)
    return found
