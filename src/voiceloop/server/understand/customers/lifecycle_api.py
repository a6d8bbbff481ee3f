"""Stages of life for programs: the same report, the same rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from voiceloop.server.collect.models import CustomerLife
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand.customers import lifecycle
from voiceloop.server.understand.customers import lifecycle_reading as reading

router = Router(tags=["understand"])


class StageFigureOut(Schema):
    value: float
    low: float | None
    high: float | None
    n: int


class StageOfLifeOut(Schema):
    code: str
    name: str
    n: int
    share: float | None
    before: int
    score: StageFigureOut | None
    value: StageFigureOut | None
    risk: StageFigureOut | None
    high: int = Field(description="Customers at high risk")


class StageLimitsOut(Schema):
    as_of: date
    at_risk_days: int
    lapsed_days: int
    regular_orders: int


class StageMoveOut(Schema):
    """Out of one stage, or of none (came as a customer), into each of them, in their order."""

    code: str
    name: str
    n: int
    to: list[int]

    @staticmethod
    def resolve_to(line: Any) -> list[int]:
        return [cell["n"] for cell in line["cells"]]


class LifecycleOut(Schema):
    days: int = Field(alias="window")
    n: int
    limits: StageLimitsOut | None = Field(None, alias="run")
    stages: list[StageOfLifeOut]
    moves: list[StageMoveOut]

    @staticmethod
    def resolve_moves(found: Any) -> Any:
        return found["matrix"]["lines"]


class StageRulesIn(Schema):
    """Both limits null: as measured."""

    at_risk_days: int | None = Field(None, ge=1, le=3650)
    lapsed_days: int | None = Field(None, ge=1, le=3650)
    regular_orders: int = Field(4, ge=2, le=1000)
    note: str = Field("", max_length=200)


class StageRulesOut(Schema):
    version: int = Field(alias="pk")
    at_risk_days: int | None
    lapsed_days: int | None
    regular_orders: int
    note: str
    at: datetime
    by: str | None = Field(None, alias="by.username")


class CustomerLifeOut(Schema):
    customer: int = Field(alias="customer_id")
    stage: str
    since: date | None
    as_of: date


@router.get("/lifecycle", response={200: LifecycleOut, 403: Problem})
def lifecycle_report(request: HttpRequest, days: Literal["30", "90", "365"] = "90", unit: str = "") -> Any:
    """Of all whom you may see, or of one unit and what is below it."""
    user = allowed(request, "measure.see")
    if unit and not reading.units(user).filter(code=unit).exists():
        raise HttpError(422, _("There is no unit %(code)s that you may see.") % {"code": unit})
    return reading.report(user, window=int(days), unit=unit)


@router.get("/lifecycle/rules", response={200: StageRulesOut | None, 403: Problem})
def stage_rules(request: HttpRequest) -> Any:
    """Null: as measured."""
    allowed(request, "measure.see")
    return lifecycle.rules_in_force()


@router.put("/lifecycle/rules", response={200: StageRulesOut, 403: Problem, 422: Problem})
def save_stage_rules(request: HttpRequest, body: StageRulesIn) -> Any:
    """A new version, which holds from the next night on."""
    user = allowed(request, "settings.edit")
    try:
        return lifecycle.save_rules(by=user, **body.dict())
    except lifecycle.NotPossible as error:
        raise HttpError(422, str(error)) from error


@router.get("/customers/{int:pk}/life", response={200: CustomerLifeOut, 403: Problem, 404: Problem})
def life_of(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "customers.see")
    return get_object_or_404(CustomerLife.objects.visible_to(user), customer=pk)
