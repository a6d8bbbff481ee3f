"""Where complaints come from, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand.drivers import reading
from voiceloop.server.understand.drivers.api import DriverFigureOut
from voiceloop.server.verify import complaints

router = Router(tags=["drivers"])


class ComplaintCauseOut(Schema):
    level: str
    code: str
    n: int
    share: DriverFigureOut
    of_problem: DriverFigureOut
    children: list[ComplaintCauseOut]


class LateStepOut(Schema):
    step: str
    n: int
    share: DriverFigureOut
    minutes: DriverFigureOut
    usual_minutes: float


class SourcesOut(Schema):
    n: int
    problems: list[ComplaintCauseOut]
    n_late: int
    late_steps: list[LateStepOut]


@router.get("/drivers/causes", response={200: SourcesOut, 403: Problem, 422: Problem})
def causes(request: HttpRequest, party: str = "unit") -> Any:
    """Complaints from the problem to its source, and what made late orders late."""
    user = allowed(request, "measure.see")
    part = reading.slice_of(user, request.GET, reading.LONG_DAYS)
    party = party if party in complaints.PARTIES else complaints.PARTIES[0]
    branches, n, _keys = complaints.tree(user, part, party)
    steps, n_late, _fault = complaints.late(part)
    problems = [one.of.to_dict() for one in branches]
    return {"n": n, "problems": problems, "n_late": n_late, "late_steps": [one.to_dict() for one in steps]}
