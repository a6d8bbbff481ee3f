"""The guard, non-response and the touchpoint board for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.nonresponse import non_response
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.measure import guard as verbs
from voiceloop.server.measure.guard_models import GuardReview
from voiceloop.server.measure.slices import Slice
from voiceloop.server.measure.touchpoints import board
from voiceloop.server.measure.views_guard import as_json, may_review
from voiceloop.server.store import sync

router = Router(tags=["guard"])


class SuspectOut(Schema):
    """`low` and `high` bound the share of `hits` in `n`; `usual` is that of comparable peers."""

    check: str
    subject: str
    sentence: str
    n: int
    hits: int
    low: float
    high: float
    usual: float | None
    p_value: float | None


class GuardReviewIn(Schema):
    check: Literal["skips_bad", "skips", "ceiling", "on_the_spot", "begging"]
    subject: str = Field(max_length=64)
    why: str = Field(min_length=1, max_length=2000)


class GuardReviewOut(Schema):
    id: int
    check_name: str
    subject: str
    why: str
    by_id: int
    at: datetime
    until: date
    undone_at: datetime | None


class TouchpointOut(Schema):
    touchpoint: str
    nps: float | None
    low: float | None
    high: float | None
    n: int
    off_its_level_since: date | None


REFUSED = {403: Problem, 404: Problem, 422: Problem}


@router.get("/guard", response={200: list[SuspectOut], 403: Problem})
def list_suspects(request: HttpRequest) -> Any:
    """Suspicions that nobody has looked into; the other parameters name the period."""
    user = allowed(request, "team.see")
    waiting, _reviews = verbs.split(verbs.suspects(user, Slice.of(user, request.GET)), user)
    return [as_json(one) for one in waiting]


@router.get("/guard/reviews", response={200: list[GuardReviewOut], 403: Problem})
def list_reviews(request: HttpRequest) -> Any:
    rows = GuardReview.objects.visible_to(allowed(request, "team.see"))
    return rows.order_by("-pk")[:500]


@router.post("/guard/reviews", response={201: GuardReviewOut, **REFUSED})
def look_into(request: HttpRequest, body: GuardReviewIn) -> Any:
    user = allowed(request, "team.see")
    if not may_review(user, body.subject):
        return Status(404, {"detail": "no such person here"})
    return Status(201, verbs.look_into(by=user, **body.dict()))


@router.delete("/guard/reviews/{int:pk}", response={200: GuardReviewOut, **REFUSED})
def reopen(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "team.see")
    return verbs.reopen(get_object_or_404(GuardReview.objects.visible_to(user), pk=pk), by=user)


@router.get("/nonresponse", response={200: dict[str, Any], **REFUSED})
def get_nonresponse(
    request: HttpRequest,
    metric: Literal["nps", "csat", "ces"] = "nps",
    by: Literal["channel", "touchpoint", "segment", "tier", "region", "unit", "agent"] = "channel",
) -> Any:
    """Raw and weighted, with who was not asked and who did not answer."""
    user = allowed(request, "measure.see")
    try:
        part = Slice.of(user, request.GET)
        return non_response(sync.lake(), metric, by=by, **part.arguments()).to_dict()
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})


@router.get("/touchpoints/board", response={200: list[TouchpointOut], 403: Problem})
def get_board(request: HttpRequest) -> Any:
    user = allowed(request, "measure.see")
    return [_told(line) for line in board(Slice.of(user, request.GET))]


def _told(line: Any) -> dict[str, Any]:
    row = line.figures.get("nps")
    figure = {"nps": row.value, "low": row.low, "high": row.high, "n": row.n} if row else {"n": 0}
    empty = {"nps": None, "low": None, "high": None}
    return {"touchpoint": line.code, **empty, **figure, "off_its_level_since": line.since}
