"""Numbers for programs: the same figures as on the pages, never without their uncertainty."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field, model_validator

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.problem import Problem
from voiceloop.server.measure import numbers
from voiceloop.server.measure.api_boards import router as boards
from voiceloop.server.measure.api_saved import router as saved
from voiceloop.server.measure.slices import Slice

router = Router(tags=["measure"])
router.add_router("", boards)
router.add_router("", saved)


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


# The names are the registry's, so that a program sees in the schema what it can ask for.
MetricName = Annotated[str, Field(json_schema_extra={"enum": sorted(registry.metrics())})]


class RowOut(Schema):
    key: dict[str, str | int | None]
    n: int
    value: float | None
    low: float | None
    high: float | None
    more: dict[str, float | None] = {}

    @model_validator(mode="after")
    def is_uncertain(self) -> Self:
        if self.value is not None and (self.low is None or self.high is None) and self.n > 1:
            raise ValueError("a value without its interval")
        return self


class ResultOut(Schema):
    """A score without n, low, high, method and as_of cannot be said."""

    metric: str
    version: int
    unit: str
    source: str
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

    @model_validator(mode="after")
    def is_dated(self) -> Self:
        if self.as_of is None and any(row.value is not None for row in self.rows):
            raise ValueError("a value without the time of its data")
        return self


class Asked(Schema):
    by: list[str] = []
    every: Literal["day", "week", "month", "quarter", "year"] | None = None
    weighted: bool = False
    cluster: str | None = None
    version: int | None = None


@router.get("/metrics", response=list[MetricOut])
def metrics(request: HttpRequest) -> Any:
    """Every metric that there is, with its definition."""
    return list(registry.metrics().values())


@router.get("/metrics/{name}", response={200: ResultOut, 403: Problem, 404: Problem, 422: Problem})
def metric(request: HttpRequest, name: Path[MetricName], asked: Query[Asked]) -> Any:
    """Measure; every other parameter is a filter: `since`, `until`, `days`, or a dimension."""
    if not request.user.may("measure.see"):  # type: ignore[union-attr]
        raise PermissionError
    if name not in registry.metrics():
        return Status(404, {"detail": f"unknown metric {name}"})
    try:
        part = Slice.of(request.user, _all_days_unless_said(request.GET))  # type: ignore[arg-type]
        wanted = registry.metric(f"{name}@{asked.version}" if asked.version else name)
        how: dict[str, Any] = {"every": asked.every, "weighted": asked.weighted, "cluster": asked.cluster}
        found = numbers.result(wanted, part, by=asked.by, **how)
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
    return found.to_dict()


def _all_days_unless_said(query: QueryDict) -> QueryDict:
    said = query.copy()
    if not {"days", "since", "until"} & set(query):
        said["days"] = "all"
    return said
