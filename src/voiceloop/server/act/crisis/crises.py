"""Crises: something goes wrong in many places at once. The verbs that change one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.timezone import now

from voiceloop.server.act.crisis import checklist, people
from voiceloop.server.act.crisis.events import (
    CrisisCaseLinked,
    CrisisCaseUnlinked,
    CrisisClosed,
    CrisisDismissed,
    CrisisGiven,
    CrisisGraded,
    CrisisNamed,
    CrisisNoted,
    CrisisOpened,
    CrisisProposed,
    CrisisReopened,
    CrisisWentOn,
    OfCrisis,
)
from voiceloop.server.act.crisis.watching import Found
from voiceloop.server.act.models import Case, Crisis, CrisisAlarm, CrisisCase, CrisisReview
from voiceloop.server.act.models.crisis import Chart
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

# Words of harm weigh more than many words. Our choice.
HARMFUL = {Chart.SEVERE, Chart.WORDS}


class NotReviewed(Exception):
    """A crisis is closed with what was learned, or not at all."""


@verb
def open_for_spike(found: Found, *, unit: Unit, touchpoint: str, proposes: bool) -> Crisis | None:
    """Open, or propose, the crisis of a spike; None when it has one already."""
    crisis, is_new = Crisis.objects.get_or_create(
        key=found.key[:200],
        defaults={
            "unit": unit,
            "touchpoint": touchpoint,
            "chart": found.chart,
            "level": level_of(unit, touchpoint, found.chart),
            "owner": people.nearest(unit),
            "since": found.at,
            "until": found.until,
            "confirmed_at": None if proposes else now(),
        },
    )
    if not is_new:
        return None
    _keep(crisis, found)
    if proposes:
        _say(CrisisProposed, crisis, n=found.n, usual=found.usual)
    else:
        checklist.begin(crisis)
        _say(CrisisOpened, crisis)
    return crisis


@verb
def open_by_hand(
    *,
    by: User,
    unit: Unit,
    title: str,
    touchpoint: str = "",
    since: datetime | None = None,
    level: int = Crisis.Level.LOCAL,
    note: str = "",
) -> Crisis:
    """Somebody knows before the figures do."""
    at = now()
    crisis = Crisis.objects.create(
        key=f"hand:{uuid4()}", unit=unit, touchpoint=touchpoint, title=title, level=level, owner=by,
        since=since or at, until=at, opened_by=by, confirmed_at=at,
    )  # fmt: skip
    checklist.begin(crisis)
    _say(CrisisOpened, crisis, by=by, note=note)
    return crisis


@verb
def follow(crisis: Crisis, *, found: Found) -> bool:
    """Keep a further alarm of the same spike; a new hour or day is told once."""
    _lock(crisis)
    is_new = _keep(crisis, found)
    goes_on = is_new and found.at >= crisis.until
    if is_new and found.until > crisis.until:
        _set(crisis, until=found.until)
    if goes_on:
        _say(CrisisWentOn, crisis, chart=found.chart, n=found.n, usual=found.usual)
    return is_new


@verb
def confirm(crisis: Crisis, *, by: User) -> Crisis:
    """It is one: from now on it is worked."""
    _lock(crisis)
    if crisis.state == "proposed":
        _set(crisis, confirmed_at=now(), owner=crisis.owner or by)
        checklist.begin(crisis)
        _say(CrisisOpened, crisis, by=by)
    return crisis


@verb
def dismiss(crisis: Crisis, *, by: User, note: str = "") -> Crisis:
    _lock(crisis)
    if crisis.is_live:
        _set(crisis, dismissed_at=now())
        _say(CrisisDismissed, crisis, by=by, note=note)
    return crisis


@verb
def give(crisis: Crisis, *, to: User, by: User) -> Crisis:
    _lock(crisis)
    if crisis.owner != to:
        _set(crisis, owner=to)
        _say(CrisisGiven, crisis, by=by, to=to.pk)
    return crisis


@verb
def grade(crisis: Crisis, *, level: int, by: User) -> Crisis:
    _lock(crisis)
    if crisis.level != level:
        _set(crisis, level=level)
        _say(CrisisGraded, crisis, by=by, level=level)
    return crisis


@verb
def name(crisis: Crisis, *, title: str, by: User) -> Crisis:
    _lock(crisis)
    if crisis.title != title:
        _set(crisis, title=title)
        _say(CrisisNamed, crisis, by=by)
    return crisis


@verb
def note(crisis: Crisis, *, text: str, by: User) -> None:
    """A line of the log; the log is the only place it stands in."""
    _say(CrisisNoted, crisis, by=by, note=text)


@verb
def close(crisis: Crisis, *, by: User, what_happened: str, why: str, what_changes: str) -> Crisis:
    """End it with its review; a review written again replaces the words, the log keeps who did."""
    if not (what_happened.strip() and why.strip() and what_changes.strip()):
        raise NotReviewed
    _lock(crisis)
    if crisis.is_open:
        words = {"what_happened": what_happened, "why": why, "what_changes": what_changes}
        CrisisReview.objects.update_or_create(crisis=crisis, defaults={**words, "by": by, "at": now()})
        _set(crisis, closed_at=now())
        _say(CrisisClosed, crisis, by=by)
    return crisis


@verb
def reopen(crisis: Crisis, *, by: User, note: str = "") -> Crisis:
    """It was not over, or the dismissal was wrong."""
    _lock(crisis)
    if not crisis.is_live:
        was_proposed = crisis.confirmed_at is None
        _set(crisis, closed_at=None, dismissed_at=None, confirmed_at=crisis.confirmed_at or now())
        if was_proposed:
            checklist.begin(crisis)
        _say(CrisisReopened, crisis, by=by, note=note)
    return crisis


@verb
def link(crisis: Crisis, *, cases: Iterable[Case], by: User | None) -> int:
    """Cases that belong to it; one that does already stays as it is."""
    made = 0
    for case in cases:
        _link, is_new = CrisisCase.objects.get_or_create(crisis=crisis, case=case, defaults={"by": by})
        if is_new:
            _say(CrisisCaseLinked, crisis, by=by, case=case.pk)
        made += is_new
    return made


@verb
def unlink(crisis: Crisis, *, case: Case, by: User) -> bool:
    n, _of_model = CrisisCase.objects.filter(crisis=crisis, case=case).delete()
    if n:
        _say(CrisisCaseUnlinked, crisis, by=by, case=case.pk)
    return bool(n)


def level_of(unit: Unit, touchpoint: str, chart: str) -> int:
    """One place is local, several are serious, the company is grave; harm counts one more. Our choice."""
    alone = not unit.children.exists() and unit.parent_id is not None
    found = 3 if alone else 2 if unit.parent_id or touchpoint else 1
    return max(found - (chart in HARMFUL), 1)


def _keep(crisis: Crisis, found: Found) -> bool:
    """An alarm belongs to one crisis; while its hour lasts, its count grows."""
    values = {"n": found.n, "usual": found.usual, "limit": found.limit, "p_value": found.p_value}
    place = {"place": found.series.place, "touchpoint": found.series.touchpoint}
    alarm, is_new = CrisisAlarm.objects.get_or_create(
        chart=found.chart, grain=found.grain, at=found.at, **place, defaults={"crisis": crisis, **values}
    )
    if not is_new and alarm.n < found.n:
        CrisisAlarm.objects.filter(pk=alarm.pk).update(**values)
    return is_new


def _lock(crisis: Crisis) -> None:
    crisis.refresh_from_db(from_queryset=Crisis.objects.select_for_update(of=("self",)))


def _set(crisis: Crisis, **values: Any) -> None:
    for field, value in values.items():
        setattr(crisis, field, value)
    crisis.save(update_fields=list(values))


def _say(
    event: type[OfCrisis], crisis: Crisis, *, by: User | None = None, note: str = "", **more: Any
) -> None:
    record(event(crisis=crisis.pk, **more), by=by, unit=crisis.unit, note=note)
