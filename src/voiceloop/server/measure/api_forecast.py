"""What comes next, for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import numpy as np
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Path, Router, Schema, Status
from pydantic import Field

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.problem import Problem
from voiceloop.server.measure.forecasts import Question

router = Router(tags=["measure"])
Name = Annotated[str, Field(json_schema_extra={"enum": sorted(registry.metrics())})]


class ForecastPoint(Schema):
    start: date
    value: float
    low: float | None
    high: float | None
    n: int | None


class ForecastOut(Schema):
    """`errors` are mean absolute errors of every method on the past; `covered` is a share 0–1."""

    every: str
    method: str
    confidence: float
    error: float
    naive_error: float
    naive_is_better: bool
    errors: dict[str, float]
    tests: int
    covered: float | None
    filled: int
    history: list[ForecastPoint]
    points: list[ForecastPoint]


@router.get("/metrics/{name}/forecast", response={200: ForecastOut, 403: Problem, 404: Problem, 422: Problem})
def metric_forecast(
    request: HttpRequest, name: Path[Name], every: str = "month", of: str = "value", ahead: int | None = None
) -> Any:
    """The periods to come; every other parameter is a filter, as for the figure itself."""
    if not request.user.may("measure.see"):  # type: ignore[union-attr]
        raise PermissionError
    if name not in registry.metrics():
        return Status(404, {"detail": f"unknown metric {name}"})
    query = request.GET.copy()
    query["metric"] = name
    try:
        found = Question.asked(request.user, query).answer()  # type: ignore[arg-type]
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
    covered = None if np.isnan(found.covered) else found.covered
    plain = {name: getattr(found, name) for name in ForecastOut.model_fields if hasattr(found, name)}
    points = {name: [point._asdict() for point in getattr(found, name)] for name in ("history", "points")}
    return plain | points | {"covered": covered}
