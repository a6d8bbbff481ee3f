"""Evaluation systems for programs: scorecards under any version, publishing, reviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja import Router, Schema, Status

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.measure import evaluation as verbs
from voiceloop.server.measure.evaluation_models import Evaluation, IndicatorReview
from voiceloop.server.measure.evaluation_reading import as_json, scorecard
from voiceloop.server.measure.slices import Slice

router = Router(tags=["evaluation"])


class PointsOut(Schema):
    """`points` is null while an indicator is missing; `low` and `high` then hold all that is possible."""

    points: float | None
    low: float
    high: float
    missing: int


class IndicatorOut(Schema):
    metric: str
    n: int | None
    value: float | None
    low: float | None
    high: float | None
    floor: float
    goal: float
    weight: float
    owner_id: int | None
    points: float | None
    points_low: float
    points_high: float


class DimensionOut(PointsOut):
    code: str
    weight: float
    indicators: list[IndicatorOut]


class ScorecardOut(PointsOut):
    version: int
    published_at: datetime
    by_id: int
    dimensions: list[DimensionOut]


class EvaluationOut(Schema):
    id: int
    kind: str
    name: str
    name_en: str
    unit_id: int
    newest_version: int | None

    @staticmethod
    def resolve_newest_version(one: Any) -> int | None:
        return one.newest.number if one.newest else None


class EntryIn(Schema):
    dimension: str
    metric: str
    floor: float
    goal: float
    weight: float = 1.0
    owner: int | None = None
    of_dimension: float = 1.0


class VersionIn(Schema):
    indicators: list[EntryIn]
    note: str = ""


class IndicatorReviewIn(Schema):
    decision: Literal["keep", "change", "drop"]
    note: str = ""
    next_on: date | None = None


class IndicatorReviewOut(Schema):
    id: int
    metric: str
    due_on: date
    done_at: datetime | None
    decision: str
    note: str


REFUSED = {403: Problem, 404: Problem, 422: Problem}


@router.get("/evaluations", response={200: list[EvaluationOut], 403: Problem})
def list_evaluations(request: HttpRequest) -> Any:
    return Evaluation.objects.visible_to(allowed(request, "measure.see")).order_by("pk")


@router.get("/evaluations/{int:pk}", response={200: ScorecardOut, **REFUSED})
def get_scorecard(request: HttpRequest, pk: int, version: int | None = None) -> Any:
    """Every other parameter is a filter, as for metrics."""
    user = allowed(request, "measure.see")
    rows = get_object_or_404(Evaluation.objects.visible_to(user), pk=pk).versions.select_related("evaluation")
    chosen = rows.filter(number=version).first() if version else rows.order_by("-number").first()
    if chosen is None:
        return Status(404, {"detail": "no such version"})
    try:
        return as_json(scorecard(chosen, Slice.of(user, request.GET), user))
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})


@router.post("/evaluations/{int:pk}/versions", response={201: EvaluationOut, **REFUSED})
def publish(request: HttpRequest, pk: int, body: VersionIn) -> Any:
    user = allowed(request, "targets.edit")
    found = get_object_or_404(Evaluation.objects.changeable_by(user), pk=pk)
    content = [verbs.Entry(**one.dict()) for one in body.indicators]
    people = set(User.objects.visible_to(user).values_list("pk", flat=True))
    if any(one.owner is not None and one.owner not in people for one in content):
        return Status(422, {"detail": "unknown owner"})
    try:
        verbs.publish(found, by=user, content=content, note=body.note)
    except verbs.Faulty as error:
        return Status(422, {"detail": str(error)})
    return Status(201, found)


@router.get("/evaluations/{int:pk}/reviews", response={200: list[IndicatorReviewOut], **REFUSED})
def list_reviews(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "measure.see")
    return get_object_or_404(Evaluation.objects.visible_to(user), pk=pk).reviews.order_by("due_on", "pk")


@router.put("/indicator-reviews/{int:pk}", response={200: IndicatorReviewOut, **REFUSED})
def review(request: HttpRequest, pk: int, body: IndicatorReviewIn) -> Any:
    user = allowed(request, "targets.edit")
    mine = Evaluation.objects.changeable_by(user)
    found = get_object_or_404(IndicatorReview.objects.filter(evaluation__in=mine), pk=pk)
    return verbs.review(found, by=user, **body.dict())
