"""Word of mouth for programs: bring what was said, read what stands on the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import HttpUrl

from voiceloop.server.act.growth import mouth
from voiceloop.server.act.growth.forms import MOST_REACH
from voiceloop.server.act.models import WordOfMouth
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.measure.shares import Share
from voiceloop.server.measure.slices import Slice

router = Router(tags=["act"])


class WordIn(Schema):
    """`key` is what the source calls it: brought twice, it is kept once."""

    unit: str = Field(..., description="code of the unit it is about")
    side: Literal["good", "bad"]
    place: Literal["talk", "social", "review", "forum", "media"]
    said_on: date
    words: str = Field("", max_length=2000)
    link: HttpUrl | None = None
    reach: int | None = Field(None, ge=1, le=MOST_REACH)
    customer: int | None = None
    key: str | None = Field(None, min_length=1, max_length=120)


class WordOut(Schema):
    id: int
    unit: str = Field(alias="unit.code")
    side: str
    place: str
    said_on: date
    words: str
    link: str
    reach: int | None
    customer: int | None = Field(alias="customer_id")
    key: str | None
    taken_back_at: datetime | None


class WordShareOut(Schema):
    value: float
    low: float
    high: float


class WordClassOut(Schema):
    score_class: str
    n: int
    good: int
    bad: int
    good_share: WordShareOut | None
    bad_share: WordShareOut | None


@router.get("/word-of-mouth", response={200: list[WordOut], 403: Problem})
def words(request: HttpRequest, side: Literal["", "good", "bad"] = "") -> Any:
    """The newest 500 of the period."""
    user = allowed(request, "cases.see")
    return mouth.heard(user, Slice.of(user, request.GET), side)[:500]


@router.get("/word-of-mouth/classes", response={200: list[WordClassOut], 403: Problem})
def classes(request: HttpRequest) -> Any:
    """Of the customers of each class who answered in the period: how many were heard to say something."""
    user = allowed(request, "cases.see")
    found = zip(mouth.SHOWN, mouth.by_class(user, Slice.of(user, request.GET)), strict=True)
    return [
        {
            "score_class": code,
            "n": one.good.n,
            "good": one.good.hits,
            "bad": one.bad.hits,
            "good_share": _share(one.good),
            "bad_share": _share(one.bad),
        }
        for code, one in found
    ]


@router.post("/word-of-mouth", response={201: WordOut, 403: Problem, 404: Problem, 422: Problem})
def hear(request: HttpRequest, body: WordIn) -> Any:
    user = allowed(request, "cases.work")
    unit = get_object_or_404(Unit.objects.visible_to(user), code=body.unit)
    customer = (
        get_object_or_404(Customer.objects.visible_to(user), pk=body.customer) if body.customer else None
    )
    if body.said_on > localdate():
        return Status(422, {"detail": _("This day has not come yet.")})
    known = WordOfMouth.objects.filter(key=body.key).first() if body.key else None
    if known and not WordOfMouth.objects.visible_to(user).filter(pk=known.pk).exists():
        return Status(422, {"detail": _("This key is in use elsewhere.")})
    given = body.dict() | {"unit": unit, "customer": customer, "link": str(body.link or "")}
    return Status(201, mouth.hear(by=user, **given))


@router.delete("/word-of-mouth/{int:pk}", response={200: WordOut, 403: Problem, 404: Problem})
def take_back(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return mouth.take_back(get_object_or_404(WordOfMouth.objects.visible_to(user), pk=pk), by=user)


@router.put("/word-of-mouth/{int:pk}/restored", response={200: WordOut, 403: Problem, 404: Problem})
def restore(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return mouth.restore(get_object_or_404(WordOfMouth.objects.visible_to(user), pk=pk), by=user)


def _share(found: Share) -> dict[str, float | None] | None:
    if found.value is None:
        return None
    return {"value": found.value, "low": found.low, "high": found.high}
