"""Care and referrals for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from voiceloop.server.act.growth import care, effects
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["act"])


class CareOut(Schema):
    id: int
    response_id: int
    customer_id: int | None
    owner_id: int | None
    unit_id: int
    due_at: datetime
    done_at: datetime | None
    result: str
    note: str


class CareIn(Schema):
    result: Literal["cared", "declined", "not_reached"]
    note: str = ""


class ShareLinkOut(Schema):
    id: int
    code: str
    customer_id: int | None
    unit_id: int
    created_at: datetime
    n: int


@router.get("/care", response={200: list[CareOut], 403: Problem})
def list_care(request: HttpRequest, state: Literal["open", "due", "done"] = "open") -> Any:
    return effects.TABS[state](allowed(request, "cases.see"))[:500]


@router.put("/care/{int:pk}/result", response={200: CareOut, 403: Problem, 404: Problem})
def finish(request: HttpRequest, pk: int, body: CareIn) -> Any:
    user = allowed(request, "cases.work")
    return care.finish(get_object_or_404(effects.tasks(user), pk=pk), by=user, **body.dict())


@router.delete("/care/{int:pk}/result", response={200: CareOut, 403: Problem, 404: Problem})
def reopen(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return care.reopen(get_object_or_404(effects.tasks(user), pk=pk), by=user)


@router.get("/share-links", response={200: list[ShareLinkOut], 403: Problem})
def list_links(request: HttpRequest) -> Any:
    """`n` counts the friends who pressed the button."""
    return effects.links(allowed(request, "cases.see"))[:500]
