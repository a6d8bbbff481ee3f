"""Delivers every event to every reaction, each exactly once, however often a process dies.

A reaction's effect and its receipt are one transaction, so an event whose receipt exists is done and one
without is not. The watermark only says from where to look: it moves to the oldest transaction still
running, because an event of a transaction that commits late would be behind any later mark.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.timezone import now

from voiceloop.server.core.events import EventType
from voiceloop.server.core.models import Event, ReactionFailure, ReactionMark, ReactionReceipt

log = logging.getLogger(__name__)
Handler = Callable[[Event], object]
CHANNEL = "voiceloop_events"
# So many effects before the others are looked after; so many events are looked through at once.
BATCH, PAGE = 500, 2_000
# An effect is an event, which has effects; whatever goes on longer is looked at again with the next.
ROUNDS = 10


@dataclass(frozen=True)
class Reaction:
    name: str
    types: frozenset[str]
    handle: Handler


REACTIONS: dict[str, Reaction] = {}


def reacts_to(*types: type[EventType]) -> Callable[[Handler], Handler]:
    """Register what a room does unasked when one of these events happened."""

    def register(handler: Handler) -> Handler:
        name = f"{handler.__module__.split('.')[-2]}.{handler.__name__}"
        REACTIONS[name] = Reaction(name, frozenset(t.type for t in types), handler)
        return handler

    return register


def reactions() -> list[Reaction]:
    autodiscover_modules("reactions")
    return list(REACTIONS.values())


def deliver() -> int:
    """Handle all that is waiting, and what that makes happen; return how many effects were made."""
    total = 0
    for _ in range(ROUNDS):
        n = _deliver()
        total += n
        if not n:
            break
    return total


def _deliver() -> int:
    known = {reaction.name: reaction for reaction in reactions()}
    marks = _marks(known)
    due = _failed_before(known)
    if len(marks) == len(known) and not due and not _has_news(marks):
        return 0
    n = sum(_attempt(known[name], event) for name, event in due)
    # Once, before anything is read: all move on to the same place, and go on together from there.
    horizon = _oldest_running()
    return n + sum(_advance(group, since, horizon) for since, group in _by_mark(known, marks))


def _marks(known: Iterable[str]) -> dict[str, int]:
    found = ReactionMark.objects.filter(reaction__in=list(known))
    return dict(found.values_list("reaction", "xid"))


def _has_news(marks: dict[str, int]) -> bool:
    """Whether anybody has to be asked at all: most of the time nothing happened."""
    # TRICKY: in the order of an index; `exists` would expect a row soon and read the whole log for none.
    newer = Event.objects.filter(xid__gte=min(marks.values())) if marks else Event.objects.none()
    return newer.order_by("xid").values_list("xid", flat=True).first() is not None


def _failed_before(known: Iterable[str]) -> list[tuple[str, Event]]:
    """What failed and is to be tried again now."""
    rows = ReactionFailure.objects.filter(reaction__in=list(known), next_at__lte=now()).order_by("pk")
    return [(row.reaction, row.event) for row in rows.select_related("event__by", "event__unit")[:BATCH]]


def _by_mark(known: dict[str, Reaction], marks: dict[str, int]) -> list[tuple[int, list[Reaction]]]:
    """Those who are equally far together, so that the log is read once for all: nearly always it is."""
    new = [name for name in known if name not in marks]
    ReactionMark.objects.bulk_create(
        [ReactionMark(reaction=name, xid=0) for name in new], ignore_conflicts=True
    )
    marks |= _marks(new) if new else {}
    ordered = sorted(known.values(), key=lambda one: marks[one.name])
    return [(since, list(group)) for since, group in groupby(ordered, key=lambda one: marks[one.name])]


def _advance(group: list[Reaction], since: int, horizon: int) -> int:
    """Handle what came since; move on to the oldest transaction still running when all of it was seen."""
    n = 0
    for page in _pages(group, since):
        n += sum(_attempt(reaction, event) for reaction, event in _to_do(group, page))
        if n >= BATCH:
            return n
    _move(group, horizon)
    return n


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())")
        return int(cursor.fetchone()[0])


def _pages(group: list[Reaction], since: int) -> Iterator[list[tuple[int, str]]]:
    """Ids and types of the events since, in the order of an index; of a transaction in the order told."""
    types = frozenset[str]().union(*(reaction.types for reaction in group))
    rows = (
        Event.objects.filter(type__in=types, xid__gte=since).order_by("xid", "id").values_list("pk", "type")
    )
    first = 0
    while page := list(rows[first : first + PAGE]):
        yield page
        if len(page) < PAGE:
            return
        first += PAGE


def _to_do(group: list[Reaction], page: list[tuple[int, str]]) -> Iterator[tuple[Reaction, Event]]:
    """Each event with each reaction that has neither handled it nor failed before."""
    of = {"reaction__in": [reaction.name for reaction in group], "event__in": [pk for pk, _type in page]}
    over = {
        pair for model in (ReactionReceipt, ReactionFailure)
        for pair in model.objects.filter(**of).values_list("reaction", "event_id")
    }  # fmt: skip
    waiting = [
        (reaction, pk)
        for pk, type in page
        for reaction in group
        if type in reaction.types and (reaction.name, pk) not in over
    ]
    events = Event.objects.select_related("by", "unit").in_bulk({pk for _reaction, pk in waiting})
    for reaction, pk in waiting:
        if pk in events:
            yield reaction, events[pk]


def _attempt(reaction: Reaction, event: Event) -> int:
    try:
        with transaction.atomic():
            if _is_past(reaction, event):
                return 0
            _, first = ReactionReceipt.objects.get_or_create(reaction=reaction.name, event=event)
            if first:
                reaction.handle(event)
            ReactionFailure.objects.filter(reaction=reaction.name, event=event).delete()
            return int(first)
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise  # the database went away: nothing is known about this event
        log.exception("%s could not handle event %s", reaction.name, event.pk)
        _remember(reaction, event, error)
        return 0


def _is_past(reaction: Reaction, event: Event) -> bool:
    """Another reactor finished this event and its receipt is gone; the lock keeps the mark still."""
    mark = ReactionMark.objects.select_for_update().get(reaction=reaction.name)
    failed = ReactionFailure.objects.filter(reaction=reaction.name, event=event)
    return event.xid < mark.xid and not failed.exists()


def _remember(reaction: Reaction, event: Event, error: Exception) -> None:
    failure = ReactionFailure.objects.filter(reaction=reaction.name, event=event).first()
    tries = failure.n_tries + 1 if failure else 1
    ReactionFailure.objects.update_or_create(
        reaction=reaction.name,
        event=event,
        defaults={
            "error": repr(error),
            "n_tries": tries,
            "next_at": now() + timedelta(seconds=min(2**tries, 3600)),
        },
    )


@transaction.atomic
def _move(group: list[Reaction], horizon: int) -> None:
    names = [reaction.name for reaction in group]
    # In one order, so that two reactors do not wait for each other.
    list(ReactionMark.objects.select_for_update().filter(reaction__in=names).order_by("pk"))
    ReactionMark.objects.filter(reaction__in=names, xid__lt=horizon).update(xid=horizon)
    ReactionReceipt.objects.filter(reaction__in=names, event__xid__lt=horizon).delete()
