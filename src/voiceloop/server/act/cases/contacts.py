"""Looking at a customer's phone number and address, which is written down."""

from __future__ import annotations

from voiceloop.server.act.events import ContactShown
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@verb
def show(customer: Customer, *, by: User) -> Customer:
    record(ContactShown(customer=customer.pk), by=by, unit=customer.unit)
    return customer
