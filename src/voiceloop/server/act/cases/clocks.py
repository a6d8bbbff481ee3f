"""The clocks of a case: what was promised to the customer, and how much of the time is left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from voiceloop.analytics.business_hours import BusinessHours
from voiceloop.analytics.sla import Mark, read
from voiceloop.server.act import starter
from voiceloop.server.act.cases.calendars import hours_of
from voiceloop.server.act.models import BusinessCalendar, Case, Clock, Contact, Post, ServicePromise
from voiceloop.server.core.events import verb

CONDITIONS = ("kind", "severity", "priority", "tier", "channel")
FIRST_CONTACT, NEXT_REPLY, SOLUTION = ServicePromise.Clock
MANY = 2_000


def wind(case: Case, *, anew: bool = False) -> None:
    """Read every clock of the case from its history; `anew`, clocks not yet met take what now fits best."""
    known = {clock.kind: clock for clock in case.clocks.select_related("promise__calendar")}
    for kind, promise in promises_for(case).items():
        clock = known.get(kind) or Clock(case=case, kind=kind, promise=promise)
        if anew and clock.state != "met":
            clock.promise = promise
        marks = list(_marks(case, kind))
        if any(mark.what == "start" for mark in marks):
            _show(clock, marks, now())
            clock.save()
            known[kind] = clock
    _keep_dues(case, known)


def _keep_dues(case: Case, known: dict[str, Clock]) -> None:
    """On the case itself, so that a list of many needs no other table for its order."""
    first = known.get(FIRST_CONTACT)
    contact = (first.due_at or case.first_contact_due_at) if first else None
    dues = [one.due_at for one in known.values() if one.state == "running" and one.due_at]
    nearest = min(dues, default=None)
    if (contact, nearest) != (case.first_contact_due_at, case.due_at):
        case.first_contact_due_at, case.due_at = contact, nearest
        case.save(update_fields=["first_contact_due_at", "due_at"])


def promises_for(case: Case) -> dict[str, ServicePromise]:
    """The promise of each clock that fits the case best: most conditions first, then what is due first."""
    return _fitting(case, _offered())


def _offered() -> list[ServicePromise]:
    if not ServicePromise.objects.exists():
        starter.promises()
    return list(ServicePromise.objects.open().select_related("calendar").order_by("pk"))


def _fitting(case: Case, offered: list[ServicePromise]) -> dict[str, ServicePromise]:
    found: dict[str, list[ServicePromise]] = {}
    for promise in offered:
        if all(getattr(promise, name) in ("", None, getattr(case, name)) for name in CONDITIONS):
            found.setdefault(promise.clock, []).append(promise)
    return {clock: _strictest(fitting, case.opened_at) for clock, fitting in found.items()}


def _strictest(fitting: list[ServicePromise], opened_at: datetime) -> ServicePromise:
    """Of those with most conditions, what is due first: an hour of the night may be none of the office."""
    most = max(map(_n_conditions, fitting))
    closest = [promise for promise in fitting if _n_conditions(promise) == most]
    if len(closest) == 1:
        return closest[0]
    return min(closest, key=lambda one: hours_of(one.calendar).after(opened_at, 60.0 * one.minutes))


def read_solutions() -> int:
    """Read the clock of the solution of closed cases that came from elsewhere, in one go.

    When their first contact was due came along with them; replies are owed to what was written here.
    """
    closed = Case.objects.resolved().filter(clocks=None).select_related("resolution")
    told = closed.prefetch_related("contacts", "reopenings", "pauses").order_by("pk")
    offered, at, made = _offered(), now(), []
    for case in told.iterator(chunk_size=MANY):
        if promise := _fitting(case, offered).get(SOLUTION):
            clock = Clock(case=case, kind=SOLUTION, promise=promise)
            _show(clock, list(_marks(case, SOLUTION)), at)
            made.append(clock)
    return len(Clock.objects.bulk_create(made, batch_size=MANY))


def rewind() -> int:
    """Read the clocks of every open case anew."""
    n = 0
    for pk in list(Case.objects.open().order_by("pk").values_list("pk", flat=True)):
        n += _rewind(pk)
    return n


@verb
def _rewind(pk: int) -> int:
    case = Case.objects.select_for_update().filter(pk=pk).first()
    if case:
        wind(case)
    return int(case is not None)


def hours_for(case: Case) -> BusinessHours:
    """The hours of the case's own first promise; read from what was prefetched, so that a list asks once."""
    mine = next((one for one in case.clocks.all() if one.kind == FIRST_CONTACT), None)
    return hours_of(mine.promise.calendar) if mine else _usual_hours()


def _usual_hours() -> BusinessHours:
    """The hours of cases without a clock."""
    first = BusinessCalendar.objects.filter(archived_at=None, promises__clock=FIRST_CONTACT).order_by("pk")
    return hours_of(first.first() or BusinessCalendar())


def _n_conditions(promise: ServicePromise) -> int:
    return sum(bool(getattr(promise, name)) for name in CONDITIONS)


def _show(clock: Clock, marks: list[Mark], at: datetime) -> None:
    promise, runs = clock.promise, clock.n_runs
    calendar, seconds = hours_of(promise.calendar), 60.0 * promise.minutes
    found = read(marks, calendar, seconds, at)
    clock.state, clock.spent, clock.met_at = found.state, found.spent, found.met_at
    clock.due_at, clock.broken_at = found.due_at, found.due_at if found.is_broken else None
    clock.n_runs, clock.n_broken = found.n_runs, found.n_broken
    clock.warn_at = read(marks, calendar, seconds * promise.warn_percent / 100, at).due_at
    clock.second_at = None
    if promise.second_percent:
        clock.second_at = read(marks, calendar, seconds * promise.second_percent / 100, at).due_at
    if clock.n_runs != runs:
        clock.warned_at = clock.told_at = clock.second_told_at = None


def _marks(case: Case, kind: str) -> Iterator[Mark]:
    """What happened to the case, as this clock hears it."""
    again = [one for one in case.reopenings.all() if not one.is_undo]
    reopened = [one.at for one in again]
    solved = [one.resolved_at for one in again]
    if hasattr(case, "resolution"):
        solved.append(case.resolution.at)
    reached = [made.at for made in case.contacts.all() if made.result == Contact.Result.REACHED]
    spoken = [at for at in reopened if any(one <= at for one in reached)]
    starts = {
        FIRST_CONTACT: [case.opened_at, *(at for at in reopened if at not in spoken)],
        NEXT_REPLY: [*spoken, *(_heard(case, reached) if kind == NEXT_REPLY else ())],
        SOLUTION: [case.opened_at, *reopened],
    }
    # A case that is solved without a talk is owed no first word any more, unless it is opened again.
    ends = {FIRST_CONTACT: [*reached, *solved], NEXT_REPLY: [*reached, *solved], SOLUTION: solved}
    yield from (Mark(at, "start") for at in starts[ServicePromise.Clock(kind)])
    yield from (Mark(at, "met") for at in ends[ServicePromise.Clock(kind)])
    for pause in case.pauses.all():
        yield Mark(pause.at, "pause")
        if pause.ended_at:
            yield Mark(pause.ended_at, "resume")


def _heard(case: Case, reached: list[datetime]) -> list[datetime]:
    """When the customer wrote again; until we first spoke with them, the first contact is what is owed."""
    if not reached:
        return []
    posts = Post.objects.filter(
        thread__case=case,
        direction=Post.Direction.IN,
        is_automatic=False,
        withdrawn_at=None,
        at__gt=min(reached),
    )
    return list(posts.values_list("at", flat=True))


def left(clock: Clock) -> timedelta:
    """Working time until it is due, negative since it broke."""
    if clock.due_at is None:
        return timedelta(seconds=60 * clock.promise.minutes - clock.spent)
    return timedelta(seconds=hours_of(clock.promise.calendar).between(now(), clock.due_at))


def facts(clock: Clock) -> dict[str, Any]:
    """What a page shows of a clock."""
    rest = left(clock)
    promised = 60.0 * clock.promise.minutes
    return {
        "clock": clock,
        "left": max(rest.total_seconds(), 0.0),
        "over": max(-rest.total_seconds(), 0.0),
        "used_percent": min(100.0, 100 * (promised - rest.total_seconds()) / promised) if promised else 100.0,
        "is_soon": clock.state == "running" and clock.warn_at is not None and clock.warn_at <= now(),
    }
