"""Reception for a till: the same lookup, the same card, the same rights."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from voiceloop.server.act.visits import visits
from voiceloop.server.act.visits.card import card
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["act"])


class VisitIn(Schema):
    """One of these; of several customers the chosen one by `customer`."""

    customer: int | None = None
    phone: str = Field("", max_length=40)
    number: str = Field("", max_length=80)
    name: str = Field("", max_length=120)


class VisitorOut(Schema):
    id: int
    name: str
    number: str | None
    phone: str = Field(alias="masked_phone")
    unit: str = Field(alias="unit.code")

    @staticmethod
    def resolve_name(customer: Customer) -> str:
        return str(customer)


class VisitPreferenceOut(Schema):
    id: int
    kind: str
    words: str
    consent: str
    expires_on: date | None


class VisitProblemOut(Schema):
    case: int = Field(alias="pk")
    opened_at: datetime
    state: str
    root_cause: str | None = Field(None, alias="resolution.root_cause.code")
    outcome: str | None = Field(None, alias="outcome.code")


class VisitPromiseOut(Schema):
    what: str
    case: int = Field(alias="case.pk")
    due_at: datetime
    is_late: bool

    @staticmethod
    def resolve_what(promise: Any) -> str:
        return str(promise.what)


class VisitScoreOut(Schema):
    value: float
    score_class: str
    at: datetime


class VisitCardOut(Schema):
    customer: VisitorOut
    address: str
    tier: str
    benefits: str
    segment: str
    preferences: list[VisitPreferenceOut]
    problems: list[VisitProblemOut]
    n_problems: int
    promises: list[VisitPromiseOut]
    score: VisitScoreOut | None
    may_be_asked_from: datetime | None

    @staticmethod
    def resolve_may_be_asked_from(found: Any) -> Any:
        return found.budget["free_at"]


class VisitOut(Schema):
    """One customer has a card; several are to be chosen from."""

    matches: list[VisitorOut]
    card: VisitCardOut | None = None


@router.post("/visits", response={200: VisitOut, 403: Problem, 404: Problem})
def look_up_visitor(request: HttpRequest, body: VisitIn) -> Any:
    """Who stands at the till; the lookup is written down."""
    user = allowed(request, "customers.see")
    hits = visits.found(user, words=body.phone or body.number or body.name, customer=body.customer)
    if not hits:
        raise HttpError(404, _("Nobody is known by this."))
    if len(hits) > 1:
        return {"matches": hits}
    return {"matches": hits, "card": card(visits.receive(hits[0], by=user), user)}
