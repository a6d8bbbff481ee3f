"""Mentions: a colleague named in an internal note is told of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from voiceloop.server.act.casework.events import ColleagueMentioned
from voiceloop.server.act.models import Case, Mention
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Event, User

SIGNS = "@＠"


def colleagues(case: Case) -> QuerySet[User]:
    """Everybody who may see the case: those at its unit or above it."""
    people: QuerySet[User] = User.objects.filter(
        is_active=True, unit__in=case.unit.ancestors_and_self()
    ).select_related("unit")
    return people.order_by("name", "username")


def found(text: str, people: Any) -> list[User]:
    """Those whom the text names after an @; of two names that fit, the longer one is meant."""
    names = sorted(
        ((name, user) for user in people for name in {user.name, user.name_en, user.username} if name),
        key=lambda pair: -len(pair[0]),
    )
    named: dict[int, User] = {}
    for at in (place + 1 for place, sign in enumerate(text) if sign in SIGNS):
        rest = text[at:].lower()
        hit = next((user for name, user in names if rest.startswith(name.lower())), None)
        if hit:
            named[hit.pk] = hit
    return list(named.values())


@verb
def heed(noted: Event) -> list[Mention]:
    """The mentions of a note, kept once however often it is delivered."""
    case = Case.objects.select_related("unit").filter(pk=noted.data.get("case") or 0).first()
    if case is None or not any(sign in noted.note for sign in SIGNS):
        return []
    named = [user for user in found(noted.note, colleagues(case)) if user.pk != noted.by_id]
    known = Mention.objects.filter(event=noted).exists()
    if not named or known:
        return []
    rows = [Mention(case=case, event=noted, user=user, at=noted.at) for user in named]
    made = Mention.objects.bulk_create(rows)
    event = ColleagueMentioned(
        case=case.pk, customer=case.customer_id, people=[user.pk for user in named], note_event=noted.pk
    )
    record(event, by=noted.by, unit=case.unit, note=noted.note)
    return made


def of(user: User) -> QuerySet[Any]:
    """The mentions of a person in cases that they may still see, the newest first."""
    mine: QuerySet[Any] = Mention.objects.visible_to(user).filter(user=user)
    return mine.select_related("case__customer", "case__unit", "event__by").order_by("-at", "-pk")


def n_unseen(user: User) -> int:
    return of(user).filter(seen_at=None).count()


@verb
def see(user: User, *, case: Case | None = None) -> int:
    """This person has read them: those of one case, or all."""
    of_case = Q(case=case) if case else Q()
    unseen = Mention.objects.filter(of_case, user=user, seen_at=None)
    return int(unseen.update(seen_at=now()))
