"""Tiers for programs: the same verbs as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand.customers import tier_views, tiers
from voiceloop.server.understand.customers.tag_api import JobQueuedOut
from voiceloop.server.understand.customers.tags import Refused
from voiceloop.server.understand.tag_models import TierApplication, TierHold

router = Router(tags=["understand"])
PROBLEMS = {403: Problem, 404: Problem, 422: Problem}


class TierStepIn(Schema):
    code: str = Field(max_length=64)
    name: str = Field(max_length=40)
    name_en: str = Field("", max_length=40)
    by: Literal["amount", "top"]
    at: float
    benefits: str = Field("", max_length=500)


class TierPromiseOut(Schema):
    clock: str
    label: str
    within: str


class TierStepOut(TierStepIn):
    n: int
    promises: list[TierPromiseOut]


class TierSchemeIn(Schema):
    measure: Literal["year", "historic", "expected", "orders"]
    steps: list[TierStepIn] = Field(max_length=tiers.MOST_STEPS)


class TierSchemeOut(Schema):
    measure: str
    is_active: bool
    steps: list[TierStepOut]


class TierMoveOut(Schema):
    before: str
    after: str
    n: int


class TierDryRunOut(Schema):
    up: int
    down: int
    same: int
    held: int
    moves: list[TierMoveOut]


class TierApplicationOut(Schema):
    id: int
    at: datetime
    up: int
    down: int
    same: int
    held: int
    undone_at: datetime | None


class TierSwitchIn(Schema):
    is_active: bool


class TiersUndoneOut(Schema):
    n: int


class TierHoldIn(Schema):
    tier: str = Field(max_length=64)
    until: date
    why: str = Field(max_length=200)


class TierHoldOut(Schema):
    customer_id: int
    tier: str
    until: date
    why: str


@router.get("/tiers", response={200: TierSchemeOut, 403: Problem})
def read_tiers(request: HttpRequest) -> Any:
    """The scheme, with how many of the caller's customers are in each tier and what it is promised."""
    user, scheme = allowed(request, "customers.see"), tiers.scheme()
    steps = tier_views.steps(scheme, user)
    return {"measure": scheme.measure, "is_active": scheme.is_active, "steps": steps}


@router.put("/tiers", response={200: TierSchemeOut, 403: Problem, 422: Problem})
def change_tiers(request: HttpRequest, body: TierSchemeIn) -> Any:
    user = allowed(request, "settings.edit")
    try:
        tiers.save(by=user, measure=body.measure, steps=[step.dict() for step in body.steps])
    except Refused as refused:
        return Status(422, {"detail": str(refused)})
    return read_tiers(request)


@router.put("/tiers/active", response={200: TierSchemeOut, 403: Problem})
def switch_tiers(request: HttpRequest, body: TierSwitchIn) -> Any:
    tiers.switch(by=allowed(request, "settings.edit"), is_active=body.is_active)
    return read_tiers(request)


@router.get("/tiers/dry-run", response={200: TierDryRunOut, 403: Problem})
def try_tiers(request: HttpRequest) -> Any:
    """Who would go where; nothing is changed."""
    allowed(request, "settings.edit")
    plan = tiers.plan(tiers.scheme())
    moves = [{"before": b, "after": a, "n": n} for (b, a), n in sorted(plan.moves.items())]
    return {**plan.counts, "moves": moves}


@router.post("/tiers/apply", response={202: JobQueuedOut, 403: Problem})
def apply_tiers(request: HttpRequest) -> Any:
    allowed(request, "settings.edit")
    return Status(202, {"is_new": tiers.queue()})


@router.get("/tiers/applications", response={200: list[TierApplicationOut], 403: Problem})
def list_tier_applications(request: HttpRequest) -> Any:
    allowed(request, "customers.see")
    return TierApplication.objects.order_by("-pk")[:100]


@router.post("/tiers/undo", response={200: TiersUndoneOut, **PROBLEMS})
def undo_tiers(request: HttpRequest) -> Any:
    """Take the last application back; it also switches the nightly one off."""
    user, newest = allowed(request, "settings.edit"), TierApplication.objects.order_by("-pk").first()
    try:
        return {"n": tiers.undo(newest, by=user) if newest else 0}
    except Refused as refused:
        return Status(422, {"detail": str(refused)})


@router.put("/customers/{int:pk}/tier/hold", response={200: TierHoldOut, **PROBLEMS})
def hold_tier(request: HttpRequest, pk: int, body: TierHoldIn) -> Any:
    user = allowed(request, "cases.assign")
    customer = get_object_or_404(Customer.objects.visible_to(user), pk=pk)
    try:
        return tiers.hold(customer, by=user, **body.dict())
    except Refused as refused:
        return Status(422, {"detail": str(refused)})


@router.delete("/customers/{int:pk}/tier/hold", response={204: None, 403: Problem, 404: Problem})
def release_tier(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.assign")
    tiers.release(get_object_or_404(TierHold.objects.visible_to(user).live(), customer=pk), by=user)
    return Status(204, None)
