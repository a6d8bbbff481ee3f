"""An order as it is taken: written once, with its moment frozen, and said to whoever serves."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from voiceloop.server.collect.events import OrderTaken
from voiceloop.server.collect.models import Customer, Transaction
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User


@verb
def take(
    *,
    number: str,
    unit: Unit,
    at: datetime,
    kind: str,
    amount: Decimal,
    by: User,
    customer: Customer | None = None,
    channel: str = "",
    wait_minutes: float | None = None,
    promised_minutes: float | None = None,
) -> tuple[Transaction, bool]:
    """The order of this number and whether it is new; a repetition changes nothing."""
    of_customer = (
        {name: getattr(customer, name) for name in ("segment", "tier", "language")} if customer else {}
    )
    order, is_new = Transaction.objects.get_or_create(
        number=number,
        batch=None,
        defaults={
            "unit": unit, "customer": customer, "at": at, "kind": kind, "amount": amount, "channel": channel,
            "wait_minutes": wait_minutes, "promised_minutes": promised_minutes, **of_customer,
        },
    )  # fmt: skip
    if is_new:
        said = OrderTaken(order=order.pk, customer=order.customer_id, number=number)
        record(said, by=by, unit=unit)
    return order, is_new
