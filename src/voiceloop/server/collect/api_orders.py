"""Orders of a till or a shop, as they are taken."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from voiceloop.server.collect import orders
from voiceloop.server.collect.models import Customer, Transaction
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["collect"])


class OrderIn(Schema):
    number: str = Field(min_length=1, max_length=120)
    unit: str = Field(description="Code of the store")
    customer: str = Field("", max_length=80, description="The customer's number; empty: nobody known")
    at: datetime | None = Field(None, description="Empty: now")
    kind: str = Field("dine_in", min_length=1, max_length=32)
    amount: Decimal = Field(max_digits=18, decimal_places=4)
    channel: str = Field("", max_length=64)
    wait_minutes: float | None = Field(None, ge=0)
    promised_minutes: float | None = Field(None, ge=0)


class OrderOut(Schema):
    id: int
    number: str
    unit: str = Field(alias="unit.code")
    customer: int | None = Field(None, alias="customer_id")
    at: datetime
    kind: str
    amount: float


@router.post(
    "/orders", response={201: OrderOut, 200: OrderOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
)
def take_order(request: HttpRequest, body: OrderIn) -> Any:
    """One order as it happens; 200 when its number is known. History is imported as a file."""
    user = allowed(request, "import")
    unit = get_object_or_404(Unit.objects.visible_to(user), code=body.unit)
    given = body.dict() | {"unit": unit, "customer": _customer(user, body.customer), "at": body.at or now()}
    if given["at"].tzinfo is None:
        raise HttpError(422, _("Say the time with its zone."))
    order, is_new = orders.take(**given, by=user)
    if not Transaction.objects.visible_to(user).filter(pk=order.pk).exists():
        raise HttpError(409, _("This number is taken."))
    return Status(201 if is_new else 200, order)


def _customer(user: User, number: str) -> Customer | None:
    if not number:
        return None
    found: Customer | None = Customer.objects.visible_to(user).filter(number=number).first()
    if found is None:
        raise HttpError(422, _("No customer has this number."))
    return found
