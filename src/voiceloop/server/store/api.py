"""The room's endpoints: parse, call one verb or read one queryset, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.store import erasure
from voiceloop.server.store.models import Erasure

router = Router(tags=["store"])


class ErasureIn(Schema):
    reason: str = Field(default="", max_length=200, description="Kept on the receipt: no name, no number")


class LostScore(Schema):
    """What one score of one month lost."""

    month: str
    question: str
    scale: str
    score_class: str
    n: int
    total: float


class ErasureOut(Schema):
    id: int
    customer_key: int
    unit: str = Field(alias="unit.code")
    by: str = Field(alias="by.username")
    at: datetime
    reason: str
    rows: dict[str, int] = Field(description="Rows deleted from the database")
    taken: dict[str, dict[str, int]] | None = Field(
        description="Rows deleted from the lake, by table and month; null until the sync has come by"
    )
    scores: list[LostScore]
    versions: dict[str, list[int]] = Field(description="The lake's versions before and after, by table")
    lake_at: datetime | None
    bytes_due_at: datetime | None
    bytes_gone_at: datetime | None


@router.post("/customers/{int:pk}/erasure", response={201: ErasureOut, 403: Problem, 404: Problem})
def erase(request: HttpRequest, pk: int, body: ErasureIn) -> Any:
    """Erase a customer for good; the answer is the receipt, completed when the lake has followed."""
    by = allowed(request, "customers.erase")
    customer = get_object_or_404(erasure.erasable_by(by), pk=pk)
    return Status(201, erasure.erase(customer, by=by, reason=body.reason))


@router.get("/erasures", response={200: list[ErasureOut], 403: Problem})
def erasures(request: HttpRequest, limit: int = 100) -> Any:
    """The newest receipts."""
    rows = Erasure.objects.visible_to(allowed(request, "audit.see")).select_related("by", "unit")
    return rows.order_by("-pk")[: max(1, min(limit, 500))]


@router.get("/erasures/{int:pk}", response={200: ErasureOut, 403: Problem, 404: Problem})
def receipt(request: HttpRequest, pk: int) -> Any:
    visible = Erasure.objects.visible_to(allowed(request, "audit.see")).select_related("by", "unit")
    return get_object_or_404(visible, pk=pk)
