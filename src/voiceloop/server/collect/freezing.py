"""What a fact keeps of its moment, looked up once, when it happens."""

from __future__ import annotations

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, QuerySet

from voiceloop.server.collect.models import Customer, Touchpoint
from voiceloop.server.core.models import Unit

ASKED = "survey"


def region_of(unit: Unit) -> str:
    """The code of the region that the unit lies in, or ""."""
    regions = unit.ancestors_and_self().filter(kind="region")
    return regions.values_list("code", flat=True).last() or ""


def region_above(path: str) -> QuerySet[Unit, str]:
    """As `region_of`, for the unit whose path is a column of the outer query."""
    inside = ExpressionWrapper(OuterRef(path), output_field=CharField())
    regions = Unit.objects.filter(kind="region").annotate(inside=inside)
    return regions.filter(inside__startswith=F("path")).values_list("code", flat=True)[:1]


def stage_of(touchpoint: str) -> str:
    return Touchpoint.objects.filter(code=touchpoint).values_list("stage", flat=True).first() or ""


def of_customer(customer: Customer) -> dict[str, str]:
    return {"segment": customer.segment, "tier": customer.tier, "language": customer.language}
