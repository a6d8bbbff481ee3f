"""A customer's word on messages about their orders and cases; it is not their word on surveys."""

from __future__ import annotations

from django.utils.timezone import now

from voiceloop.server.act.models import StatusRefusal
from voiceloop.server.act.status.events import StatusRefused, StatusWanted
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


def refuses(customer: Customer | None) -> bool:
    return bool(customer and StatusRefusal.objects.live().filter(customer=customer).exists())


@verb
def refuse(customer: Customer, *, by: User | None = None) -> None:
    _row, is_new = StatusRefusal.objects.get_or_create(customer=customer, ended_at=None, defaults={"by": by})
    if is_new:
        record(StatusRefused(customer=customer.pk), by=by, unit=customer.unit)


@verb
def want(customer: Customer, *, by: User | None = None) -> None:
    if StatusRefusal.objects.live().filter(customer=customer).update(ended_at=now()):
        record(StatusWanted(customer=customer.pk), by=by, unit=customer.unit)
