"""What happened to a case while somebody was writing: told before they send, not after."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from voiceloop.server.act.models import Case
from voiceloop.server.core.models import Event, User

SHOWN = 5
# Forms whose sender should know what came in between.
GUARDED = frozenset({"contact", "resolve", "reopen", "reply"})
# What a person does without changing what the others know of the case.
SILENT = frozenset({"customer.contact_shown", "post.shown", "case.mentioned"})

# What the house does by itself, mostly within the first seconds of a case: nobody need stop writing for it.
BY_ITSELF = frozenset(
    {
        *("case.opened", "case.assigned", "case.graded", "case.green", "playbook.begun", "visit.announced"),
        *("promise.near", "promise.broken", "promise.still_broken"),
    }
)


def version(case: Case) -> int:
    """The newest thing that happened to the case: a form carries it along."""
    newest = _events(case).order_by("-id").values_list("id", flat=True).first()
    return int(newest or 0)


def since(case: Case, *, seen: str, user: User) -> list[Event]:
    """What others and the customer did since the form was opened; a form with no version asks for nothing."""
    if not seen.isdigit() or len(seen) > 18:
        return []
    news = _events(case).filter(id__gt=int(seen)).exclude(by=user).exclude(by=None, type__in=BY_ITSELF)
    return list(news.select_related("by")[:SHOWN])


def _events(case: Case) -> QuerySet[Any]:
    rows: QuerySet[Any] = Event.objects.about("case", case.pk).exclude(type__in=SILENT)
    return rows
