"""Tell people what happened: once each, however often the event is delivered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.timezone import now

from voiceloop.server.act.models import Case, Notice
from voiceloop.server.act.notices import choices, robots
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import Event, User

# Open pages hear of it the moment that it is committed.
CHANNEL = "voiceloop_live"


def is_handover(event: Event) -> bool:
    """Whether another department hears of it, which may see the step and not its case."""
    return event.type.startswith("step.")


@verb
def tell(event: Event, *, to: Iterable[User], kind: str) -> int:
    """Give each of these people one notice of the event; nobody is told of what they did themselves."""
    people = [user for user in {u.pk: u for u in to}.values() if user.is_active and user.pk != event.by_id]
    known = set(Notice.objects.filter(event=event, kind=kind).values_list("user_id", flat=True))
    fresh = [user for user in people if user.pk not in known]
    case = None if is_handover(event) else _case_of(event)
    ways = choices.ways_of(fresh, kind)
    rows = [_notice(event, user, kind, case, ways[user.pk]) for user in fresh]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    robots.hear(event, kind=kind, of=[user for user in fresh if ways[user.pk].robot])
    wake(row.user_id for row in rows if row.is_shown)
    return len(rows)


@verb
def see(user: User, *, notices: QuerySet[Notice]) -> int:
    """Mark them as read."""
    mine = notices.filter(user=user, is_shown=True, seen_at=None)
    n = mine.update(seen_at=now())
    if n:
        wake([user.pk])
    return n


@verb
def see_all(user: User) -> datetime:
    """Mark all as read; the moment tells them apart for whoever wants them back."""
    at = now()
    Notice.objects.filter(user=user, is_shown=True, seen_at=None).update(seen_at=at)
    wake([user.pk])
    return at


@verb
def unsee(user: User, *, at: datetime) -> int:
    """Take back what was marked at that moment."""
    n = Notice.objects.filter(user=user, seen_at=at).update(seen_at=None)
    wake([user.pk])
    return n


def wake(users: Iterable[int]) -> None:
    """Say at commit that something of these people is another."""
    with connection.cursor() as cursor:
        for pk in dict.fromkeys(users):
            cursor.execute("select pg_notify(%s, %s)", [CHANNEL, f"user:{pk}"])


def _notice(event: Event, user: User, kind: str, case: Case | None, ways: choices.Ways) -> Notice:
    due = choices.reachable_at(user) if ways.mail == Notice.Mail.NOW else None
    return Notice(
        user=user, event=event, kind=kind, case=case, is_shown=ways.in_app, mail=ways.mail, mail_due_at=due
    )


def _case_of(event: Event) -> Case | None:
    return Case.objects.filter(pk=event.data.get("case") or 0).first()
