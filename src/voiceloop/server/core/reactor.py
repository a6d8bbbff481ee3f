"""Delivers every event to every reaction, each exactly once, however often a process dies.

A reaction's effect and its receipt are one transaction, so an event whose receipt exists is done and one
without is not. The watermark only says from where to look: it moves to the oldest transaction still
running, because an event of a transaction that commits late would be behind any later mark.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.timezone import now

from voiceloop.server.core.events import EventType
from voiceloop.server.core.models import Event, ReactionFailure, ReactionMark, ReactionReceipt

log = logging.getLogger(__name__)
Handler = Callable[[Event], object]
CHANNEL = "voiceloop_events"
BATCH = 500


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
    """Handle all that is waiting; return how many effects were made."""
    known = reactions()
    return sum(_advance(reaction) for reaction in known) if _has_news(known) else 0


def _has_news(known: list[Reaction]) -> bool:
    """Whether anybody has to be asked at all: most of the time nothing happened."""
    marks = ReactionMark.objects.filter(reaction__in=[one.name for one in known])
    since = list(marks.values_list("xid", flat=True))
    if len(since) < len(known) or ReactionFailure.objects.filter(next_at__lte=now()).exists():
        return True
    # TRICKY: in the order of an index; `exists` would expect a row soon and read the whole log for none.
    newer = Event.objects.filter(xid__gte=min(since)) if since else Event.objects.none()
    return newer.order_by("xid").values_list("xid", flat=True).first() is not None


def _advance(reaction: Reaction) -> int:
    mark, _ = ReactionMark.objects.get_or_create(reaction=reaction.name, defaults={"xid": 0})
    horizon = _oldest_running()
    waiting = _waiting(reaction, mark.xid)
    n = sum(_attempt(reaction, event) for event in waiting)
    if len(waiting) < BATCH:
        _move(reaction, horizon)
    return n


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())")
        return int(cursor.fetchone()[0])


def _waiting(reaction: Reaction, since: int) -> list[Event]:
    """Visible events not handled yet, those that failed before only when their time has come."""
    mine = ReactionReceipt.objects.filter(reaction=reaction.name).values("event_id")
    failed = ReactionFailure.objects.filter(reaction=reaction.name)
    fresh = (
        Event.objects.filter(type__in=reaction.types, xid__gte=since)
        .exclude(pk__in=mine)
        .exclude(pk__in=failed.values("event_id"))
    )
    again = Event.objects.filter(pk__in=failed.filter(next_at__lte=now()).values("event_id"))
    # TRICKY: in the order of an index, as above; of one transaction in the order in which it was told.
    return [*fresh.select_related("by", "unit").order_by("xid", "id")[:BATCH], *again]


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
def _move(reaction: Reaction, horizon: int) -> None:
    ReactionMark.objects.filter(reaction=reaction.name, xid__lt=horizon).update(xid=horizon)
    ReactionReceipt.objects.filter(reaction=reaction.name, event__xid__lt=horizon).delete()
