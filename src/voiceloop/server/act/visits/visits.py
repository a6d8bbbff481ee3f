"""Looking a customer up to serve them, and telling a store that one of them has ordered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate, now

from voiceloop.server.act.models import Notice
from voiceloop.server.act.notices.notices import tell
from voiceloop.server.act.routing import people
from voiceloop.server.act.visits.card import may_see
from voiceloop.server.act.visits.events import CustomerReceived, VisitAnnounced
from voiceloop.server.collect.models import Customer, Preference, Transaction
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Event, Unit, User

SHOWN = 12
# An order that became known later is no visit any more.
FRESH = timedelta(hours=12)


def found(user: User, *, words: str = "", customer: int | None = None) -> list[Customer]:
    """Customers by exact phone, number, address or name; a chosen one of several by their key."""
    visible: QuerySet[Customer] = Customer.objects.visible_to(user).select_related("unit")
    if customer is not None:
        return list(visible.filter(pk=customer))
    rows: Any = visible
    return list(rows.found_by(words).order_by("pk")[:SHOWN]) if words.strip() else []


@verb
def receive(customer: Customer, *, by: User) -> Customer:
    """Open somebody's card; that somebody looked is written down."""
    record(CustomerReceived(customer=customer.pk), by=by, unit=customer.unit)
    return customer


@verb
def announce(order: Transaction) -> int:
    """Tell the people of the store that a customer with preferences has ordered: once a customer and day."""
    if order.customer_id is None or order.batch_id is not None or order.at < now() - FRESH:
        return 0
    customer = Customer.objects.select_for_update(no_key=True).get(pk=order.customer_id)
    n = Preference.objects.filter(customer=customer).live().count()
    if not n or _is_told(customer):
        return 0
    said = VisitAnnounced(customer=customer.pk, number=order.number, n=n)
    event = record(said, unit=order.unit)
    return tell(event, to=_who_serve(order.unit, customer), kind=Notice.Kind.VISIT)


def _is_told(customer: Customer) -> bool:
    """Whether the store has heard of this customer today."""
    told = Event.objects.about("customer", customer.pk).filter(type=VisitAnnounced.type)
    return bool(told.filter(at__date=localdate()).exists())


def _who_serve(unit: Unit, customer: Customer) -> list[User]:
    """The people of the store who may see the customer; the nearest lead where nobody works there."""
    here = list(User.objects.filter(unit=unit, is_active=True).select_related("unit"))
    lead = None if here else people.lead_above(unit)
    asked = [*here, *([lead] if lead else [])]
    return [one for one in asked if may_see(customer, one)]
