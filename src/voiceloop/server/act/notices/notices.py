"""Tell people what happened: once each, however often the event is delivered."""

from __future__ import annotations

from collections.abc import Iterable

from voiceloop.server.act.models import Case, Notice
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import Event, User


@verb
def tell(event: Event, *, to: Iterable[User], kind: str) -> int:
    """Give each of these people one notice of the event; nobody is told of what they did themselves."""
    people = [user for user in {u.pk: u for u in to}.values() if user.is_active and user.pk != event.by_id]
    case = _case_of(event)
    rows = [Notice(user=user, event=event, kind=kind, case=case) for user in people]
    before = Notice.objects.filter(event=event, kind=kind).count()
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return Notice.objects.filter(event=event, kind=kind).count() - before


def _case_of(event: Event) -> Case | None:
    return Case.objects.filter(pk=event.data.get("case") or 0).first()
