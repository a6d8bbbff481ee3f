"""Risk and value for programs: the same list, the same verbs."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand.risk import reading, verbs

router = Router(tags=["understand"])
MOST = 500


class RiskReason(Schema):
    column: str
    value: str
    effect: float
    odds: float


class RiskOut(Schema):
    customer_id: int
    as_of: date
    band: str
    probability: float | None
    reasons: list[RiskReason]
    kind: str
    rfm: str
    stage: str
    historic: float
    expected: float | None
    low: float | None
    high: float | None
    snoozed_until: date | None


class SnoozeIn(Schema):
    days: int = Field(ge=0, le=365)


class StartIn(Schema):
    customers: list[int] = Field(max_length=verbs.MOST_AT_ONCE)


class StartedOut(Schema):
    n: int


@router.get("/risks", response={200: list[RiskOut], 403: Problem})
def list_risks(
    request: HttpRequest,
    band: Literal["", "high", "medium", "low", "left", "unknown"] = "",
    kind: str = "",
    stage: str = "",
    sort: Literal["loss", "risk", "value", "recency"] = "loss",
) -> Any:
    user = allowed(request, "customers.see")
    return reading.RiskFilter(request.GET, user=user).of(reading.visible(user))[:MOST]


@router.get("/customers/{int:pk}/risk", response={200: RiskOut, 403: Problem, 404: Problem})
def risk_of(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(reading.visible(allowed(request, "customers.see")), customer=pk)


@router.put("/customers/{int:pk}/risk/snooze", response={200: RiskOut, 403: Problem, 404: Problem})
def snooze(request: HttpRequest, pk: int, body: SnoozeIn) -> Any:
    user = allowed(request, "cases.work")
    return verbs.snooze(get_object_or_404(reading.visible(user), customer=pk), by=user, days=body.days)


@router.post("/risks/start", response={200: StartedOut, 403: Problem})
def start(request: HttpRequest, body: StartIn) -> Any:
    user = allowed(request, "cases.work")
    return {"n": verbs.start(reading.visible(user).filter(customer__in=body.customers), by=user)}
