"""Back to before: how bad it was said to be, and a case given back to nobody."""

from __future__ import annotations

from typing import Any

from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.cases.events import CaseGraded
from voiceloop.server.act.casework.events import CaseReleased
from voiceloop.server.act.models import Assignment, Case
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@verb
def grade_as_before(case: Case, *, by: User, severity: str, priority: int, reason: dict[str, Any]) -> Case:
    """What is promised depends on it, so the clocks are read anew."""
    cases.lock(case)
    if (case.severity, case.priority, case.priority_reason) != (severity, priority, reason):
        case.severity, case.priority, case.priority_reason = severity, priority, reason
        case.save(update_fields=["severity", "priority", "priority_reason"])
        clocks.wind(case, anew=True)
        event = CaseGraded(case=case.pk, customer=case.customer_id, severity=severity, priority=priority)
        record(event, by=by, unit=case.unit)
    return case


@verb
def release(case: Case, *, by: User) -> Case:
    """Nobody's again, as it was before somebody was given it."""
    cases.lock(case)
    if case.owner is not None:
        Assignment.objects.create(case=case, to=None, by=by, reason={"kind": "released"})
        case.owner = None
        case.save(update_fields=["owner"])
        record(CaseReleased(case=case.pk, customer=case.customer_id), by=by, unit=case.unit)
    return case
