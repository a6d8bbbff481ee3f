"""Tags on customers: given and taken by people, once a name, gone on their last day."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.customers.tag_events import CustomerTagged, CustomerUntagged, TagsExpired
from voiceloop.server.understand.tag_models import LONGEST_NAME, CustomerTag, TagRule

MOST_SUGGESTED, MOST_AT_ONCE, LONGEST_WHY = 100, 500, 200
Ended = CustomerTag.Ended


class Refused(ValueError):
    """What was asked cannot be done; the words say why."""


def clean(name: str) -> str:
    """The name as it is kept: of one width, without spaces around it or doubled."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", name) if c.isprintable() or c.isspace())
    kept = " ".join(plain.split())
    if not kept:
        raise Refused(_("Enter the name of the tag."))
    if len(kept) > LONGEST_NAME:
        raise Refused(_("A tag has at most %(n)s characters.") % {"n": LONGEST_NAME})
    return kept


def words(text: str, most: int) -> str:
    """What somebody wrote, as a row can keep it."""
    return text.replace("\0", "").strip()[:most]


def key_of(name: str) -> str:
    """What two spellings of one name have in common."""
    return clean(name).casefold()


@verb
def tag(
    customer: Customer, *, by: User | None, name: str, expires_on: date | None = None, why: str = ""
) -> CustomerTag:
    """Give a tag; one that is there already becomes the person's own, with the new last day."""
    if expires_on is not None and expires_on < localdate():
        raise Refused(_("The last day is over already."))
    name, key = clean(name), key_of(name)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    close_expired(Q(customer=customer, key=key))
    found = CustomerTag.objects.filter(customer=customer, key=key, ended_at=None).first()
    made = found or CustomerTag(customer=customer, key=key, name=_spelt(name, key))
    why = words(why, LONGEST_WHY)
    is_same = found is not None and (found.rule_id, found.expires_on, found.why) == (None, expires_on, why)
    if is_same:
        return made
    made.rule, made.by, made.expires_on, made.why = None, by, expires_on, why
    made.save()
    if found is None:
        record(CustomerTagged(customer=customer.pk, name=made.name), by=by, unit=customer.unit)
    return made


@verb
def tag_many(customers: Iterable[Customer], *, by: User, name: str, expires_on: date | None = None) -> int:
    """Give a tag to several; returns how many did not have it."""
    chosen = list(customers)
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(_("At most %(n)s customers at once.") % {"n": MOST_AT_ONCE})
    key = key_of(name)
    rows = CustomerTag.objects.live().filter(key=key, customer__in=[one.pk for one in chosen])
    have = set(rows.values_list("customer_id", flat=True))
    for customer in chosen:
        if customer.pk not in have:
            tag(customer, by=by, name=name, expires_on=expires_on)
    return len(chosen) - len(have)


@verb
def untag(made: CustomerTag, *, by: User) -> CustomerTag:
    """Take a tag away; twice is once."""
    if CustomerTag.objects.filter(pk=made.pk, ended_at=None).update(
        ended_at=now(), ended_because=Ended.BY_HAND
    ):
        record(CustomerUntagged(customer=made.customer_id, name=made.name), by=by, unit=made.customer.unit)
    made.refresh_from_db()
    return made


@verb
def restore(made: CustomerTag, *, by: User) -> CustomerTag:
    """Undo `untag`: the tag is back as it was, with its reason and its last day."""
    Customer.objects.select_for_update(no_key=True).get(pk=made.customer_id)
    made.refresh_from_db()
    if made.ended_because != Ended.BY_HAND:
        raise Refused(_("Only a tag that was taken away by hand can be given back."))
    close_expired(Q(customer=made.customer_id, key=made.key))
    if CustomerTag.objects.filter(customer=made.customer_id, key=made.key, ended_at=None).exists():
        raise Refused(_("The customer has this tag again already."))
    made.ended_at, made.ended_because = None, ""
    made.save(update_fields=["ended_at", "ended_because"])
    record(CustomerTagged(customer=made.customer_id, name=made.name), by=by, unit=made.customer.unit)
    return made


@verb
def expire() -> int:
    """Write down which tags are past their last day; nobody has seen them since."""
    n = close_expired(Q())
    if n:
        record(TagsExpired(n=n))
    return n


def close_expired(which: Q) -> int:
    rows = CustomerTag.objects.filter(which, ended_at=None, expires_on__lt=localdate())
    return rows.update(ended_at=now(), ended_because=Ended.EXPIRED)


def _spelt(name: str, key: str) -> str:
    """As it was spelt first."""
    known = CustomerTag.objects.filter(key=key).order_by("pk").values_list("name", flat=True).first()
    return known or name


def of(customer: Customer) -> list[CustomerTag]:
    rows = CustomerTag.objects.live().filter(customer=customer).select_related("rule", "by")
    return list(rows.order_by("name"))


def taken_lately(customer: Customer) -> list[CustomerTag]:
    """What was taken away by hand and could come back, newest first."""
    rows = CustomerTag.objects.filter(customer=customer, ended_because=Ended.BY_HAND)
    have = CustomerTag.objects.filter(customer=customer, ended_at=None).values("key")
    return list(rows.exclude(key__in=have).order_by("-ended_at")[:3])


def names(user: User) -> list[dict[str, Any]]:
    """Every name in use on customers whom the user may see, with how many have it."""
    rows = CustomerTag.objects.visible_to(user).live().values("key", "name")
    counted = rows.annotate(n=Count("pk")).order_by("-n", "name")
    return [dict(row) for row in counted]


def suggestions(user: User) -> list[str]:
    """Names to choose from while typing: those in use, and those of rules."""
    used = [row["name"] for row in names(user)[:MOST_SUGGESTED]]
    rules = TagRule.objects.filter(archived_at=None).values_list("name", flat=True)
    return list(dict.fromkeys([*used, *rules]))


def of_rows(customers: list[Customer]) -> None:
    """Put the live tags of each row of a list onto it, with one query."""
    found: dict[int, list[CustomerTag]] = {}
    for one in CustomerTag.objects.live().filter(customer__in=[c.pk for c in customers]).order_by("name"):
        found.setdefault(one.customer_id, []).append(one)
    for customer in customers:
        customer.live_tags = found.get(customer.pk, [])  # type: ignore[attr-defined]  # for the template
