"""Finding another case: by its number, its customer, or words of its summary."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User

SHOWN = 12


def others(case: Case, user: User) -> QuerySet[Any]:
    """Every other case that the person may see and that is not merged away."""
    rows: QuerySet[Any] = Case.objects.visible_to(user).filter(merged_into=None).exclude(pk=case.pk)
    return rows


def among(case: Case, user: User, words: str) -> list[Case]:
    """What fits the words; without words, those of the same customer, or the newest open ones."""
    rows = others(case, user).select_related("customer", "unit", "resolution")
    words = words.strip().lstrip("#")[:120]
    if words:
        rows = rows.filter(of_words(words, user))
    elif case.customer_id and rows.filter(customer=case.customer_id).exists():
        rows = rows.filter(customer=case.customer_id)
    else:
        rows = rows.open()  # type: ignore[attr-defined]  # CaseQuerySet
    return list(rows.order_by("-opened_at", "-pk")[:SHOWN])


def of_words(words: str, user: User) -> Q:
    """A number is the case's; a name, phone or address is the customer's; else words of the summary."""
    known: Any = Customer.objects.visible_to(user)
    by_customer = Q(customer__in=known.found_by(words).values("pk"))
    if words.isdigit() and len(words) < 10:
        return Q(pk=int(words)) | by_customer
    parts = Q()
    for part in words.split():
        parts &= Q(summary__icontains=part)
    return by_customer | parts
