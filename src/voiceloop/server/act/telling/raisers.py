"""Who raised a subject in a period, and who of them may be told now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import make_aware, now

from voiceloop.server.act.models import Case, Telling, Told
from voiceloop.server.collect import channels
from voiceloop.server.collect.models import Customer, Invitation
from voiceloop.server.core.models import Unit
from voiceloop.server.understand.models import Annotation

Held = Told.Held


def of(telling: Telling) -> QuerySet[Any]:
    """The customers who spoke of it, once each, at or below the unit of who tells them."""
    since = make_aware(datetime.combine(telling.since, time()))
    until = make_aware(datetime.combine(telling.until + timedelta(days=1), time()))
    said = _said(telling, telling.unit, since, until)
    rows: QuerySet[Any] = Customer.objects.filter(pk__in=said).order_by("pk")
    return rows


def _said(telling: Telling, unit: Unit, since: datetime, until: datetime) -> QuerySet[Any]:
    if telling.kind == Telling.Subject.CAUSE:
        cases = Case.objects.filter(
            resolution__root_cause__code=telling.subject,
            unit__path__startswith=unit.path or "",
            opened_at__gte=since,
            opened_at__lt=until,
        )
        return cases.exclude(customer=None).values("customer")
    words = Annotation.objects.filter(
        kind=telling.kind,
        label=telling.subject,
        verbatim__response__unit__path__startswith=unit.path or "",
        verbatim__response__at__gte=since,
        verbatim__response__at__lt=until,
    )
    return words.exclude(verbatim__response__customer=None).values("verbatim__response__customer")


def held(customers: Sequence[Customer], telling: Telling) -> dict[int, str]:
    """For each who is not told now, why: their word, the contact budget of all we send, no address."""
    adapter = channels.preferred()
    rested = _heard_lately([one.pk for one in customers], telling)
    found: dict[int, str] = {}
    for one in customers:
        if one.opted_out_at:
            found[one.pk] = Held.OPTED_OUT
        elif one.pk in rested:
            found[one.pk] = Held.RESTED
        elif not adapter.address_of(one):
            found[one.pk] = Held.NO_ADDRESS
    return found


def _heard_lately(pks: list[int], telling: Telling) -> set[int]:
    """Asked by any survey, or told of something else, within the days of rest."""
    since = now() - timedelta(days=telling.rest_days)
    asked = Invitation.objects.filter(
        customer__in=pks, suppressed_by="", created_at__gt=since, revoked_at=None
    )
    told = Told.objects.filter(customer__in=pks, held_back_by="", at__gt=since).exclude(telling=telling)
    return {*asked.values_list("customer_id", flat=True), *told.values_list("customer_id", flat=True)}


def counts(telling: Telling) -> dict[str, int]:
    """How many raised it, and how many of them would be told now."""
    reasons = {code: 0 for code in Held.values}
    n = 0
    for chunk in chunks(of(telling)):
        n += len(chunk)
        for reason in held(chunk, telling).values():
            reasons[reason] += 1
    return {"n": n, "told": n - sum(reasons.values()), **reasons}


def chunks(rows: QuerySet[Any], after: int = 0, size: int = 500) -> Any:
    """Customers in the order of their keys, from where the last chunk ended."""
    last = after
    while found := list(rows.filter(pk__gt=last)[:size]):
        yield found
        last = found[-1].pk
