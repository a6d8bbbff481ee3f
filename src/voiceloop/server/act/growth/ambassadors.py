"""Ambassadors: customers who agreed to speak for us. Nobody is on the list unasked."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now

from voiceloop.server.act.growth.events import AmbassadorJoined, AmbassadorLeft
from voiceloop.server.act.models import Ambassador, ShareLink
from voiceloop.server.collect import tokens
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

PURPOSE = "voiceloop.ambassador"


@verb
def join(customer: Customer, *, how: str, by: User | None = None, note: str = "") -> Ambassador:
    """They agreed, and how; who had left and comes back is on the list again."""
    one: Ambassador
    one, is_new = Ambassador.objects.select_for_update().get_or_create(
        customer=customer, defaults={"unit": customer.unit, "how": how, "by": by, "note": note}
    )
    if not is_new and one.ended_at is None:
        return one
    if not is_new:
        one.how, one.by, one.note, one.consented_at, one.ended_at = how, by, note, now(), None
        one.save()
    record(AmbassadorJoined(customer=customer.pk, how=how), by=by, unit=customer.unit, note=note)
    return one


@verb
def leave(one: Ambassador, *, by: User | None = None) -> Ambassador:
    """Consent is taken back as easily as it was given."""
    one.refresh_from_db(from_queryset=Ambassador.objects.select_for_update())
    if one.ended_at is None:
        one.ended_at = now()
        one.save(update_fields=["ended_at"])
        record(AmbassadorLeft(customer=one.customer_id), by=by, unit=one.unit)
    return one


def listed(user: User) -> QuerySet[Any]:
    """Those who brought most friends first."""
    rows = Ambassador.objects.visible_to(user).filter(ended_at=None).select_related("customer", "unit", "by")
    friends = Count("customer__share_links__recommendations", distinct=True)
    found: QuerySet[Any] = rows.annotate(n=friends).order_by("-n", "-consented_at")
    return found


def candidates(user: User) -> QuerySet[Any]:
    """Promoters whose link brought somebody and who were not asked yet, or are not on the list."""
    links = ShareLink.objects.visible_to(user).filter(customer__opted_out_at=None)
    rows = links.exclude(customer=None).filter(Q(customer__ambassador=None))
    counted: QuerySet[Any] = rows.select_related("customer", "unit").annotate(n=Count("recommendations"))
    return counted.filter(n__gt=0).order_by("-n", "-pk")


def token_of(customer: Customer) -> str:
    return tokens.make(customer.pk, purpose=PURPOSE)


def customer_of(token: str) -> Customer | None:
    pk = tokens.read(token, purpose=PURPOSE)
    return Customer.objects.filter(pk=pk).select_related("unit").first() if pk else None
