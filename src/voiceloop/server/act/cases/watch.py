"""Clocks that run out: a warning before, what was agreed at the breach, the manager when it stays broken."""

from __future__ import annotations

from django.utils.timezone import now

from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.cases.events import PromiseBroken, PromiseNear, PromiseStillBroken
from voiceloop.server.act.models import Clock, ServicePromise
from voiceloop.server.act.routing import choosing, people
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

AT_ONCE = 500
Said = type[PromiseNear | PromiseBroken | PromiseStillBroken]


def watch() -> int:
    """Look at the clocks whose moment has come; return how many had something to say."""
    near = list(Clock.objects.to_be_warned().values_list("pk", flat=True)[:AT_ONCE])
    broken = list(Clock.objects.to_be_told().values_list("pk", flat=True)[:AT_ONCE])
    said = sum(warn(pk) for pk in near) + sum(tell(pk) for pk in broken)
    still = list(Clock.objects.to_go_up().values_list("pk", flat=True)[:AT_ONCE])
    return said + sum(tell_the_manager(pk) for pk in still)


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
    """The promise broke: say so once, and do with the case what was agreed."""
    clock = _locked(pk)
    if clock is None or clock.told_at or not clock.is_broken:
        return False
    clock.told_at = clock.warned_at = now()
    clock.save(update_fields=["told_at", "warned_at"])
    clocks.wind(clock.case)
    _record(PromiseBroken, clock)
    _do_what_was_agreed(clock)
    return True


@verb
def tell_the_manager(pk: int) -> bool:
    """The second step: nobody mended it in the time after the breach that the promise allows for."""
    clock = _locked(pk)
    late = clock is not None and clock.second_at is not None and clock.second_at <= now()
    if clock is None or clock.second_told_at or not late or clock.state != "running":
        return False
    clock.second_told_at = now()
    clock.save(update_fields=["second_told_at"])
    _record(PromiseStillBroken, clock)
    _hand_up(clock, people.manager_above(clock.case.unit))
    return True


def _do_what_was_agreed(clock: Clock) -> None:
    agreed = clock.promise.on_breach
    if agreed == ServicePromise.OnBreach.ESCALATE:
        _hand_up(clock, people.lead_above(clock.case.unit))
    elif agreed == ServicePromise.OnBreach.REASSIGN:
        _give_to_another(clock)


def _give_to_another(clock: Clock) -> None:
    """Somebody who is free takes it over; where nobody is, the lead does."""
    choice = choosing.choose_other(clock.case)
    if choice.user:
        cases.pass_on(clock.case, to=choice.user, reason={**choice.reason, "because": "overdue"})
    else:
        _hand_up(clock, people.lead_above(clock.case.unit))


def _hand_up(clock: Clock, to: User | None) -> None:
    """Who stands as high already keeps it: it never comes down for having broken."""
    if to and people.is_below(clock.case.owner, to):
        cases.hand_up(clock.case, to=to, reason={"kind": "overdue", "clock": clock.kind})
    elif to:
        cases.raise_level(clock.case, why="overdue")


def _locked(pk: int) -> Clock | None:
    """The clock, behind the lock of its case, which every verb takes first."""
    found: Clock | None = Clock.objects.select_related("case", "promise__calendar").filter(pk=pk).first()
    if found:
        cases.lock(found.case)
        found.refresh_from_db(
            fields=["state", "due_at", "broken_at", "warned_at", "told_at", "second_at", "second_told_at"]
        )
    return found


def _record(event: Said, clock: Clock) -> None:
    due = clock.due_at.isoformat() if clock.due_at else ""
    said = event(case=clock.case_id, customer=clock.case.customer_id, clock=clock.kind, due_at=due)
    record(said, unit=clock.case.unit)
