"""Care and referrals for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from voiceloop.server.act.growth import ambassadors, care, effects
from voiceloop.server.act.models import Ambassador
from voiceloop.server.collect.models import Customer
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
    offer: str
    offered_at: datetime | None
    taken_at: datetime | None
    result: str
    note: str


class OfferIn(Schema):
    offer: Literal["trial", "voucher", "priority", "listen"]


class CareIn(Schema):
    result: Literal["cared", "declined", "not_reached"]
    note: str = ""


class AmbassadorIn(Schema):
    how: Literal["phone", "writing"]
    note: str = ""


class AmbassadorOut(Schema):
    id: int
    customer_id: int
    unit_id: int
    how: str
    note: str
    consented_at: datetime
    ended_at: datetime | None


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


@router.put("/care/{int:pk}/offer", response={200: CareOut, 403: Problem, 404: Problem})
def make_offer(request: HttpRequest, pk: int, body: OfferIn) -> Any:
    """Offer something to the customer; another offer takes its place."""
    user = allowed(request, "cases.work")
    return care.offer(get_object_or_404(effects.tasks(user), pk=pk), by=user, offer=body.offer)


@router.get("/ambassadors", response={200: list[AmbassadorOut], 403: Problem})
def list_ambassadors(request: HttpRequest) -> Any:
    """Who agreed to speak for us, those who brought most friends first."""
    return ambassadors.listed(allowed(request, "cases.see"))[:500]


@router.put("/customers/{int:pk}/ambassador", response={200: AmbassadorOut, 403: Problem, 404: Problem})
def join_ambassadors(request: HttpRequest, pk: int, body: AmbassadorIn) -> Any:
    """Write down that a customer agreed, and how."""
    user = allowed(request, "cases.work")
    customer = get_object_or_404(Customer.objects.visible_to(user), pk=pk, opted_out_at=None)
    return ambassadors.join(customer, by=user, **body.dict())


@router.delete("/customers/{int:pk}/ambassador", response={200: AmbassadorOut, 403: Problem, 404: Problem})
def leave_ambassadors(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return ambassadors.leave(get_object_or_404(Ambassador.objects.visible_to(user), customer=pk), by=user)


@router.get("/share-links", response={200: list[ShareLinkOut], 403: Problem})
def list_links(request: HttpRequest) -> Any:
    """`n` counts the friends who pressed the button."""
    return effects.links(allowed(request, "cases.see"))[:500]
