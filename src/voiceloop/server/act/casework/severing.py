"""How bad it is, said by a person; and a case given back to nobody."""

from __future__ import annotations

from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.casework.events import CaseReleased, SeverityChanged
from voiceloop.server.act.models import Assignment, Case
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@verb
def set_severity(case: Case, *, by: User | None, severity: str) -> Case:
    """What is promised depends on it, so the clocks are read anew."""
    cases.lock(case)
    before = case.severity
    if before != severity:
        case.severity = severity
        case.save(update_fields=["severity"])
        clocks.wind(case)
        event = SeverityChanged(case=case.pk, customer=case.customer_id, severity=severity, before=before)
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
