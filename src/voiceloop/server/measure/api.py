"""Numbers for programs: the same figures as on the pages, never without their uncertainty."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from ninja import Query, Router, Schema, Status

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.measure import numbers
from voiceloop.server.measure.api_boards import router as boards
from voiceloop.server.measure.slices import Slice

router = Router(tags=["measure"])
router.add_router("", boards)


class MetricOut(Schema):
    name: str
    label_zh: str
    label_en: str
    definition_zh: str
    definition_en: str
    unit: str
    better: str
    table: str
    version: int


class RowOut(Schema):
    key: dict[str, str | int | None]
    n: int
    value: float | None
    low: float | None
    high: float | None


class ResultOut(Schema):
    """A score without n, low, high, method and as_of cannot be said."""

    metric: str
    unit: str
    method: str
    confidence: float
    weighted: bool
    scale: str | None
    left_out: dict[str, int]
    as_of: datetime | None
    filter: dict[str, list[Any]]
    by: list[str]
    every: str | None
    rows: list[RowOut]


class Problem(Schema):
    detail: str


class Asked(Schema):
    by: list[str] = []
    every: Literal["day", "week", "month", "quarter", "year"] | None = None
    weighted: bool = False


@router.get("/metrics", response=list[MetricOut])
def metrics(request: HttpRequest) -> Any:
    """Every metric that there is, with its definition."""
    return list(registry.metrics().values())


@router.get("/metrics/{name}", response={200: ResultOut, 403: Problem, 404: Problem, 422: Problem})
def metric(request: HttpRequest, name: str, asked: Query[Asked]) -> Any:
    """Measure; every other parameter is a filter: `since`, `until`, `days`, or a dimension."""
    if not request.user.may("measure.see"):  # type: ignore[union-attr]
        raise PermissionError
    if name not in registry.metrics():
        return Status(404, {"detail": f"unknown metric {name}"})
    try:
        part = Slice.of(request.user, _all_days_unless_said(request.GET))  # type: ignore[arg-type]
        found = numbers.result(name, part, by=asked.by, every=asked.every, weighted=asked.weighted)
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
    return found.to_dict()


def _all_days_unless_said(query: QueryDict) -> QueryDict:
    said = query.copy()
    if not {"days", "since", "until"} & set(query):
        said["days"] = "all"
    return said
