"""How severe and how urgent a case is: read anew when more was heard, or set by a person."""

from __future__ import annotations

from voiceloop.server.act.cases import cases, clocks, priority
from voiceloop.server.act.cases.events import CaseGraded
from voiceloop.server.act.cases.severity import HARM, STOPPED
from voiceloop.server.act.models import Case
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand import engine
from voiceloop.server.understand.models import Annotation


@verb
def grade(case: Case, *, by: User, severity: str, urgency: int | None = None, reason: str = "") -> Case:
    """A person says how bad it is and, unless it is to be read from that, how urgent."""
    cases.lock(case)
    said = {"severity_by": by.pk} | ({"by": by.pk, "text": reason[:200]} if urgency else {})
    kept = {k: v for k, v in case.priority_reason.items() if k not in ("severity_by", "by", "text")}
    before = case.severity, case.priority
    case.severity, case.priority_reason = severity, kept | said
    case.priority = urgency or case.priority
    case.save(update_fields=["severity", "priority", "priority_reason"])
    _settle(case, before=before, by=by, reason=reason)
    return case


@verb
def heed(case: Case) -> Case:
    """The words of its response are labelled now, or a person corrected the labels."""
    cases.lock(case)
    labels = Annotation.objects.filter(verbatim__response=case.response_id, kind="severity")
    before = case.severity, case.priority
    _raise(case, set(labels.values_list("label", flat=True)))
    _settle(case, before=before)
    return case


@verb
def hear(case: Case, *, words: str) -> Case:
    """Words that are no answer of a survey: a message, or what somebody wrote down for the customer."""
    found = engine.in_use().analyse([words], evidence=False)[0]
    cases.lock(case)
    before = case.severity, case.priority
    heard = dict(case.priority_reason.get("heard", {}))
    if found.emotion.label in priority.EMOTION:
        heard["emotion"] = found.emotion.label
    heard["urgency"] = priority.gravest(priority.URGENCY, {heard.get("urgency", ""), found.urgency.label})
    case.priority_reason = {**case.priority_reason, "heard": heard}
    grave = HARM.search(words) or STOPPED.search(words)
    _raise(case, {Case.Severity.CATASTROPHIC if grave else found.severity.label})
    _settle(case, before=before)
    return case


def _raise(case: Case, severities: set[str]) -> None:
    """A person's severity stays; otherwise the gravest that was said holds."""
    gravest = max((*severities, case.severity), key=lambda name: priority.SEVERITY.get(name, -1))
    if gravest != case.severity and not case.priority_reason.get("severity_by"):
        case.severity = gravest
        case.save(update_fields=["severity"])


def _settle(case: Case, *, before: tuple[str, int], by: User | None = None, reason: str = "") -> None:
    """What follows: the priority, the promises that fit now, and one event if anything is another."""
    priority.settle(case)
    if (case.severity, case.priority) == before:
        return
    clocks.wind(case, anew=True)
    event = CaseGraded(
        case=case.pk, customer=case.customer_id, severity=case.severity, priority=case.priority
    )
    record(event, by=by, unit=case.unit, note=reason)
