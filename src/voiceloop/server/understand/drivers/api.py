"""Drivers and what hangs on them for programs: the same readings as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Schema, Status

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand.drivers import claiming, costing, doing, page, reading

router = Router(tags=["drivers"])


class DriverFigureOut(Schema):
    value: float
    low: float
    high: float


class DriverEffectOut(DriverFigureOut):
    what: str


class DriverOut(Schema):
    driver: str
    type: str
    importance: DriverFigureOut
    share: DriverFigureOut
    p_value: float
    verdict: str
    direction: int
    correlation: float | None
    effects: list[DriverEffectOut]
    n: int
    kind: str
    sides: dict[str, Any] | None
    performance: DriverFigureOut | None
    notes: list[str]


class LeverOut(Schema):
    driver: str
    kind: str
    gain: DriverFigureOut
    per_effort: DriverFigureOut
    reach: float
    effort: float


class DriversOut(Schema):
    """What explains an outcome; without n, R² and method it cannot be said."""

    outcome: str
    unit: str
    reads_as: str
    n: int
    n_total: int
    coverage: float
    mean: DriverFigureOut
    r2: float
    r2_adjusted: float
    r2_cross_validated: float
    r2_context: float
    missing: str
    method: str
    confidence: float
    drivers: list[DriverOut]
    context: list[str]
    levers: list[LeverOut]
    set_aside: list[dict[str, str]]
    warnings: list[str]


class FocusAreaOut(Schema):
    driver: str
    gap: DriverFigureOut
    inside: float
    outside: float
    n: int
    verdict: str


class FocusOut(Schema):
    n: int
    gap: DriverFigureOut
    explained: float
    areas: list[FocusAreaOut]


class DeedOut(Schema):
    deed: str
    n: dict[str, int]
    raw: dict[str, float]
    rates: dict[str, DriverFigureOut]
    difference: DriverFigureOut
    p_value: float
    compared: float
    verdict: str


class DelightOut(Schema):
    segment: str
    reason: str
    n: int
    share: DriverFigureOut
    elsewhere: float
    special: bool


class MisfitOut(Schema):
    where: dict[str, str]
    n: int
    n_fine: int
    nps_fine: DriverFigureOut
    gap: DriverFigureOut
    of_detractors: float


class FitOut(Schema):
    misfits: list[MisfitOut]
    looked_at: int
    whole: DriverFigureOut
    without: DriverFigureOut


class BurdenOut(Schema):
    part: str
    n: int
    n_others: int
    detractors: float
    others: float
    attached: DriverFigureOut
    total: DriverFigureOut
    p_value: float
    compared: float
    verdict: str


class DetractorCostOut(Schema):
    """Contacts are a count, everything else is money; what goes together need not be caused."""

    window: int
    cost_of_a_contact: float | None
    n_too_recent: int
    parts: list[BurdenOut]


class ClaimOut(Schema):
    """A claim without a source and what is found here; `needs` says what would have to be asked or tried."""

    claim: str
    says: str
    claimed: float
    kind: str
    found: DriverFigureOut | None
    n: int
    verdict: str
    rests_on: str
    needs: str
    fault: str


WRONG = {403: Problem, 422: Problem}


@router.get("/drivers", response={200: DriversOut, **WRONG})
def drivers(request: HttpRequest, outcome: str = "nps") -> Any:
    """What drives NPS, CSAT or CES; every other parameter is a filter, `effort.LEVER.DRIVER` an effort."""
    part = reading.slice_of(allowed(request, "measure.see"), request.GET)
    asked = reading.outcome_of({"outcome": outcome})
    return _answered(lambda: reading.drivers_of(part, asked, page.efforts(request.GET)).to_dict())


@router.get("/drivers/focus", response={200: FocusOut, **WRONG})
def focus(request: HttpRequest, focus: str, outcome: str = "nps") -> Any:
    """Where one unit is worse on what matters than the others that you may see."""
    part = reading.slice_of(allowed(request, "measure.see"), request.GET)
    asked = reading.outcome_of({"outcome": outcome})
    return _answered(lambda: reading.focus_of(part, asked, focus).to_dict())


@router.get("/drivers/deeds", response={200: list[DeedOut], **WRONG})
def deeds(request: HttpRequest) -> Any:
    """What customers did after they said whether they would recommend."""
    part = reading.slice_of(allowed(request, "measure.see"), request.GET, "all")
    return _answered(lambda: [one.found.to_dict() for one in doing.lines(part) if one.found])


@router.get("/drivers/cost", response={200: DetractorCostOut, **WRONG})
def cost(request: HttpRequest) -> Any:
    """Contacts, refunds and lost purchases of detractors beyond those of customers like them.

    `window` is 30, 90 or 180 days; `contact` what a contact costs where no record says.
    """
    part = reading.slice_of(allowed(request, "measure.see"), request.GET, "all")
    asked = costing.Asked.of(request.GET)
    return _answered(lambda: _cost(costing.costs(part, asked), asked))


def _cost(found: costing.Costs, asked: costing.Asked) -> dict[str, Any]:
    return {
        "window": asked.window,
        "cost_of_a_contact": found.contact,
        "n_too_recent": found.n_early,
        "parts": [one.to_dict() for one in found.burdens],
    }


@router.get("/drivers/claims", response={200: list[ClaimOut], 403: Problem})
def claims(request: HttpRequest) -> Any:
    """Percentages of the trade held against your own customers."""
    part = reading.slice_of(allowed(request, "measure.see"), request.GET, "all")
    return [
        {
            "claim": one.claim.code,
            "says": one.says,
            "claimed": one.claim.claimed,
            "kind": one.claim.kind,
            "found": one.found.to_dict() if one.found else None,
            "n": one.n,
            "verdict": one.verdict,
            "rests_on": str(one.rests),
            "needs": one.needs,
            "fault": one.fault,
        }
        for one in claiming.lines(part)
    ]


@router.get("/drivers/delights", response={200: list[DelightOut], **WRONG})
def delights(request: HttpRequest) -> Any:
    """What promoters praise, by segment."""
    part = reading.slice_of(allowed(request, "measure.see"), request.GET, reading.LONG_DAYS)
    return _answered(lambda: [one.to_dict() for one in reading.delights_of(part)])


@router.get("/drivers/misfits", response={200: FitOut, **WRONG})
def misfits(request: HttpRequest) -> Any:
    """Segments that are unhappy even when nothing went wrong."""
    part = reading.slice_of(allowed(request, "measure.see"), request.GET, "all")
    return _answered(lambda: reading.fit_of(part).to_dict())


def _answered(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
