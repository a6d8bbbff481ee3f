"""Clocks that run out: the owner is warned before, and what was promised happens when one breaks."""

from __future__ import annotations

from django.utils.timezone import now

from voiceloop.server.act import routing
from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.cases.events import PromiseBroken, PromiseNear
from voiceloop.server.act.models import Clock, ServicePromise
from voiceloop.server.core.events import record, verb

AT_ONCE = 500


def watch() -> int:
    """Look at the clocks whose moment has come; return how many had something to say."""
    near = list(Clock.objects.to_be_warned().values_list("pk", flat=True)[:AT_ONCE])
    broken = list(Clock.objects.to_be_told().values_list("pk", flat=True)[:AT_ONCE])
    return sum(warn(pk) for pk in near) + sum(tell(pk) for pk in broken)


@verb
def warn(pk: int) -> bool:
    """One event a run, however often this is asked."""
    clock = _locked(pk)
    if clock is None or clock.warned_at or clock.state != "running" or clock.is_broken:
        return False
    clock.warned_at = now()
    clock.save(update_fields=["warned_at"])
    _record(PromiseNear, clock)
    return True


@verb
def tell(pk: int) -> bool:
    """The promise broke: say so once, and hand the case up where that was agreed."""
    clock = _locked(pk)
    if clock is None or clock.told_at or not clock.is_broken:
        return False
    clock.told_at = clock.warned_at = now()
    clock.save(update_fields=["told_at", "warned_at"])
    clocks.wind(clock.case)
    _record(PromiseBroken, clock)
    if clock.promise.on_breach == ServicePromise.OnBreach.ESCALATE:
        _hand_up(clock)
    return True


def _hand_up(clock: Clock) -> None:
    lead = routing.lead_above(clock.case.unit)
    if lead and clock.case.owner != lead:
        cases.hand_up(clock.case, to=lead, reason={"kind": "overdue", "clock": clock.kind})


def _locked(pk: int) -> Clock | None:
    """The clock, behind the lock of its case, which every verb takes first."""
    found: Clock | None = Clock.objects.select_related("case", "promise__calendar").filter(pk=pk).first()
    if found:
        cases.lock(found.case)
        found.refresh_from_db(fields=["state", "due_at", "broken_at", "warned_at", "told_at"])
    return found


def _record(event: type[PromiseNear] | type[PromiseBroken], clock: Clock) -> None:
    due = clock.due_at.isoformat() if clock.due_at else ""
    said = event(case=clock.case_id, customer=clock.case.customer_id, clock=clock.kind, due_at=due)
    record(said, unit=clock.case.unit)
