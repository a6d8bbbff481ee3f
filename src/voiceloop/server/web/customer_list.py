"""The list of customers: found by exact words, a tag or a tier; the same rows on the page and in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.customers import tags, tiers
from voiceloop.server.understand.tag_models import CustomerTag

CHUNK = 2_000
NO_TIER = "-"


class CustomerFilter:
    """Out of the address: `q`, `tag` and `tier`; a tier of "-" asks for those without one."""

    def __init__(self, given: QueryDict) -> None:
        self.words = tags.words(given.get("q", ""), 120)
        self.tag = tags.words(given.get("tag", ""), 80)
        self.tier = tags.words(given.get("tier", ""), 64)

    @property
    def is_on(self) -> bool:
        return any((self.words, self.tag, self.tier))

    def of(self, user: User) -> QuerySet[Customer]:
        rows = Customer.objects.visible_to(user).select_related("unit")
        if self.words:
            rows = rows.found_by(self.words)
        if self.tier:
            rows = rows.filter(tier="" if self.tier == NO_TIER else self.tier)
        if self.tag:
            rows = rows.filter(pk__in=_tagged(self.tag))
        return rows.order_by("-pk")


def _tagged(name: str) -> QuerySet[Any]:
    try:
        key = tags.key_of(name)
    except tags.Refused:
        key = ""
    return CustomerTag.objects.live().filter(key=key).values("customer")


def dressed(customers: list[Customer]) -> list[Customer]:
    """Each with its tags and the name of its tier."""
    tags.of_rows(customers)
    for one in customers:
        one.tier_name = label("tier", one.tier) if one.tier else ""  # type: ignore[attr-defined]  # for the template
    return customers


def choices(user: User) -> dict[str, Any]:
    """What the list can be narrowed to."""
    scheme = tiers.scheme()
    visible = Customer.objects.visible_to(user).exclude(tier="").order_by("tier")
    known = scheme.names if scheme.pk else {}
    found = dict.fromkeys([*known, *visible.values_list("tier", flat=True).distinct()])
    return {
        "tag_names": tags.suggestions(user),
        "tiers": [(code, label("tier", code)) for code in found],
        "no_tier": NO_TIER,
    }


def lines(rows: QuerySet[Customer]) -> Iterator[list[Any]]:
    """The file: no phone and no address, which the page shows one at a time and writes down."""
    yield [_("Customer"), _("Number"), _("Unit"), _("Tier"), _("Tags"), _("Joined")]
    some: list[Customer] = []
    for one in rows.iterator(chunk_size=CHUNK):
        some.append(one)
        if len(some) == CHUNK:
            yield from map(_line, dressed(some))
            some = []
    yield from map(_line, dressed(some))


def _line(one: Any) -> list[Any]:
    names = "; ".join(tag.name for tag in one.live_tags)
    joined = one.joined_on.isoformat() if one.joined_on else ""
    return [str(one), one.number or "", str(one.unit), one.tier_name, names, joined]
