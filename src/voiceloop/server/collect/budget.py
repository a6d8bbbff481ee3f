"""When a customer was asked last, and from when they may be asked again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from voiceloop.server.collect.models import Customer, Invitation, Programme


def of(customer: Customer) -> dict[str, Any]:
    asked = Invitation.objects.filter(customer=customer, suppressed_by="").order_by("-created_at").first()
    rest = Programme.objects.filter(code=asked.programme).first() if asked else None
    days = rest.rest_days if rest else 30
    free_at = asked.created_at + timedelta(days=days) if asked else None
    spared = (
        Invitation.objects.filter(customer=customer).exclude(suppressed_by="").order_by("-created_at").first()
    )
    return {
        "asked": asked,
        "days": days,
        "free_at": free_at,
        "rests": bool(free_at and free_at > now()),
        "spared": spared,
    }
