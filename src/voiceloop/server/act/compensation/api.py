"""The ledger, its limits, and what customers are told, for programs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from voiceloop.server.act.cases import remedies
from voiceloop.server.act.compensation import ledger, limits
from voiceloop.server.act.models import Remedy, SpendingLimit, Telling
from voiceloop.server.act.telling import raisers, tellings
from voiceloop.server.core.models import Role, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["act"])
WRONG = {403: Problem, 404: Problem, 422: Problem}


class LedgerLineOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    kind: str
    amount: Decimal
    at: datetime
    by: str = Field(alias="by.username")
    approved_by: str | None = Field(None, alias="approved_by.username")
    approved_at: datetime | None
    declined_at: datetime | None
    reverses: int | None = Field(None, alias="reverses_id")
    limit: dict[str, Any]
    note: str


class LimitOut(Schema):
    id: int
    role: str
    person: str | None = Field(None, alias="person.username")
    each: Decimal
    month: Decimal | None


class LimitIn(Schema):
    role: str = ""
    person: str = ""
    each: Decimal = Field(ge=0, le=1_000_000)
    month: Decimal | None = Field(None, ge=0)


class ReversalIn(Schema):
    note: str = Field(min_length=1, max_length=4000)


class TellingIn(Schema):
    kind: Literal["reason", "theme", "cause"]
    subject: str = Field(max_length=64)
    since: date
    until: date
    said: str = Field(min_length=1, max_length=200)
    said_en: str = Field("", max_length=200)
    did: str = Field(min_length=1, max_length=1000)
    did_en: str = Field("", max_length=1000)
    rest_days: int = Field(30, ge=0, le=365)


class TellingOut(Schema):
    id: int
    kind: str
    subject: str
    since: date
    until: date
    said: str
    did: str
    state: str
    n_total: int
    counts: dict[str, int] = {}

    @staticmethod
    def resolve_counts(one: Telling) -> dict[str, int]:
        """Of a draft: who raised it and who would be told."""
        return raisers.counts(one) if one.state == "draft" else {}


@router.get("/compensation", response={200: list[LedgerLineOut], 403: Problem})
def list_ledger(
    request: HttpRequest, days: str = "90", state: str = "", kind: str = "", unit: str = ""
) -> Any:
    """The newest thousand lines."""
    asked = ledger.Asked.of({"days": days, "state": state, "kind": kind, "unit": unit})
    return ledger.lines(allowed(request, "cases.see"), asked)[:1000]


@router.post("/compensation/{int:pk}/reversal", response={200: LedgerLineOut, **WRONG})
def reverse_line(request: HttpRequest, pk: int, body: ReversalIn) -> Any:
    user = allowed(request, "cases.assign")
    return remedies.reverse(
        get_object_or_404(Remedy.objects.visible_to(user), pk=pk), by=user, note=body.note
    )


@router.get("/spending-limits", response={200: list[LimitOut], 403: Problem})
def list_limits(request: HttpRequest) -> Any:
    allowed(request, "settings.edit")
    return SpendingLimit.objects.select_related("person")


@router.post("/spending-limits", response={200: LimitOut, **WRONG})
def set_limit(request: HttpRequest, body: LimitIn) -> Any:
    """Of a role or of a person, not of both."""
    user = allowed(request, "settings.edit")
    person = User.objects.filter(username=body.person).first() if body.person else None
    if (person is None) == (body.role not in Role.values):
        raise HttpError(422, "Name either a role or a person.")
    role = "" if person else body.role
    return limits.set_limit(by=user, role=role, person=person, each=body.each, month=body.month)


@router.delete("/spending-limits/{int:pk}", response={204: None, **WRONG})
def remove_limit(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "settings.edit")
    limits.remove(get_object_or_404(SpendingLimit, pk=pk), by=user)
    return 204, None


@router.get("/tellings", response={200: list[TellingOut], 403: Problem})
def list_tellings(request: HttpRequest) -> Any:
    return Telling.objects.visible_to(allowed(request, "cases.see")).order_by("-pk")[:100]


@router.post("/tellings", response={200: TellingOut, **WRONG})
def draft_telling(request: HttpRequest, body: TellingIn) -> Any:
    """What is to be told; nothing is sent yet."""
    if body.since > body.until:
        raise HttpError(422, "The end is before the beginning.")
    return tellings.draft(by=allowed(request, "cases.assign"), **body.dict())


@router.post("/tellings/{int:pk}/sending", response={200: TellingOut, **WRONG})
def send_telling(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.assign")
    return tellings.send(get_object_or_404(Telling.objects.visible_to(user), pk=pk), by=user)
