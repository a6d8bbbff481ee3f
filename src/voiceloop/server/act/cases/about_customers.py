"""What this room tells tag rules and tiers: how many cases a customer had, what a tier is promised."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models import Case, ServicePromise
from voiceloop.server.understand.customers import tag_fields, tier_promises


def tell() -> None:
    """Once, when the product starts."""
    cases = tag_fields.Field(
        "cases",
        _("Cases opened in the last days"),
        "number",
        lambda condition: tag_fields.counted(Case.objects.all(), "opened_at", condition),
        more="days",
    )
    tag_fields.FIELDS[cases.code] = cases
    tier_promises.SOURCES["act"] = promises_of


def promises_of(tiers: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The promises that are one tier's own, and name nothing else; the shortest of each clock first."""
    found: dict[str, list[dict[str, Any]]] = {tier: [] for tier in tiers}
    plain = ServicePromise.objects.open().filter(
        tier__in=tiers, kind="", severity="", channel="", priority=None
    )
    for one in plain.order_by("minutes"):
        if all(known["clock"] != one.clock for known in found[one.tier]):
            row = {"clock": one.clock, "label": one.get_clock_display(), "within": one.within, "pk": one.pk}
            found[one.tier].append(row)
    return found
