"""External figures for programs: brought, looked at, taken; gaps never without their uncertainty."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.measure import benchmarks as verbs
from voiceloop.server.measure import benchmarks_rows as rows
from voiceloop.server.measure.benchmarks_models import SeriesPoint, Sheet
from voiceloop.server.measure.benchmarks_reading import FIELDS, Compared, compared
from voiceloop.server.measure.slices import Slice

router = Router(tags=["benchmarks"])


class GapOut(Schema):
    """`both` says whether the benchmark's own uncertainty is in the interval of the gap."""

    metric: str
    scale: str
    peer: str
    source: str
    as_of: date
    segment: str
    value: float
    n: int | None
    own: float | None
    own_low: float | None
    own_high: float | None
    own_n: int
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    both: bool
    verdict: Literal["ahead", "behind", "open", "no_own", "other_scale"]
    industry: str
    size: str
    country: str
    mode: str
    differs: list[str] = Field(
        description="What of the two figures is not the same, in the reader's language"
    )


class PointOut(Schema):
    series: str
    at: date
    value: float
    measured_in: str
    source: str


class SheetIn(Schema):
    kind: Literal["benchmarks", "series"]
    name: str = Field(max_length=200)
    columns: list[str] = Field(max_length=50)
    lines: list[list[str]] = Field(max_length=2000)
    mapping: dict[str, str] = {}


class FaultOut(Schema):
    number: int
    faults: list[str]


class SheetOut(Schema):
    id: int
    kind: str
    name: str
    mapping: dict[str, str]
    at: datetime
    taken_at: datetime | None
    withdrawn_at: datetime | None
    faulty: list[FaultOut] = []

    @staticmethod
    def resolve_faulty(sheet: Any) -> list[Any]:
        read = rows.read(sheet.kind, sheet.columns, sheet.lines, sheet.mapping)
        return [row for row in read if row.faults]


class TakeIn(Schema):
    without_faulty: bool = False


REFUSED = {403: Problem, 404: Problem, 422: Problem}


@router.get("/benchmarks", response={200: list[GapOut], 403: Problem})
def list_benchmarks(request: HttpRequest) -> Any:
    """With our own figure of the slice that the other parameters name."""
    user = allowed(request, "measure.see")
    return [_gap(one) for one in compared(user, Slice.of(user, request.GET))]


@router.get("/series", response={200: list[PointOut], 403: Problem})
def list_points(request: HttpRequest) -> Any:
    """External series; beside our metrics they show no cause."""
    rows_ = SeriesPoint.objects.visible_to(allowed(request, "measure.see")).valid()
    return rows_.order_by("series", "at", "pk")[:5000]


@router.post("/benchmark-sheets", response={201: SheetOut, **REFUSED})
def bring(request: HttpRequest, body: SheetIn) -> Any:
    """Bring a table; nothing is taken from it yet."""
    user = allowed(request, "targets.edit")
    given = body.dict(exclude={"mapping"})
    if not body.lines or user.unit is None:
        return Status(422, {"detail": "no rows"})
    sheet = verbs.bring(by=user, unit=user.unit, **given)
    return Status(201, verbs.remap(sheet, mapping=body.mapping) if body.mapping else sheet)


@router.get("/benchmark-sheets/{int:pk}", response={200: SheetOut, **REFUSED})
def get_sheet(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(Sheet.objects.visible_to(allowed(request, "measure.see")), pk=pk)


@router.put("/benchmark-sheets/{int:pk}/taken", response={200: SheetOut, **REFUSED})
def take(request: HttpRequest, pk: int, body: TakeIn) -> Any:
    """All rows or none."""
    sheet = _mine(request, pk)
    try:
        verbs.take(sheet, by=allowed(request, "targets.edit"), without_faulty=body.without_faulty)
    except verbs.Refused:
        return Status(422, {"detail": "there are rows that cannot be read; nothing was taken"})
    return sheet


@router.delete("/benchmark-sheets/{int:pk}", response={200: SheetOut, **REFUSED})
def withdraw(request: HttpRequest, pk: int) -> Any:
    return verbs.withdraw(_mine(request, pk), by=allowed(request, "targets.edit"))


@router.put("/benchmark-sheets/{int:pk}/restore", response={200: SheetOut, **REFUSED})
def restore(request: HttpRequest, pk: int) -> Any:
    return verbs.restore(_mine(request, pk), by=allowed(request, "targets.edit"))


def _gap(one: Compared) -> dict[str, Any]:
    names = ("metric", "scale", "peer", "source", "as_of", "segment", "value", "n", *FIELDS)
    theirs = {name: getattr(one.benchmark, name) for name in names}
    own = {"own": one.own.value, "own_low": one.own.low, "own_high": one.own.high, "own_n": one.own.n}
    gap = {"gap": one.gap.difference, "gap_low": one.gap.low, "gap_high": one.gap.high}
    return theirs | own | gap | {"both": one.gap.both, "verdict": one.gap.verdict, "differs": one.differs}


def _mine(request: HttpRequest, pk: int) -> Sheet:
    found: Sheet = get_object_or_404(Sheet.objects.changeable_by(allowed(request, "targets.edit")), pk=pk)
    return found
