"""Who else has this case before them now. Rows with a heartbeat: what stops beating says nothing any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import now

from voiceloop.server.act.models import Case, Presence
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import User

# The page says every BEAT seconds that it is open; two missed beats and somebody is gone. Our choice.
BEAT = 10
GONE_AFTER = timedelta(seconds=2.5 * BEAT)
TYPES_FOR = timedelta(seconds=2 * BEAT)
KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Other:
    """A colleague who looks at the case, or types in it."""

    user: User
    types: bool


@verb
def beat(case: Case, *, user: User, typing: bool = False) -> None:
    at = now()
    known = {"seen_at": at} | ({"typed_at": at} if typing else {})
    Presence.objects.update_or_create(case=case, user=user, defaults=known)


@verb
def leave(case: Case, *, user: User) -> None:
    Presence.objects.filter(case=case, user=user).delete()


def others(case: Case, *, user: User) -> list[Other]:
    """Colleagues whose page showed this case a moment ago, those who type first."""
    at = now()
    rows = Presence.objects.filter(case=case, seen_at__gt=at - GONE_AFTER).exclude(user=user)
    found = [
        Other(row.user, row.typed_at is not None and row.typed_at > at - TYPES_FOR)
        for row in rows.select_related("user").order_by("pk")
    ]
    return sorted(found, key=lambda one: not one.types)


def digest(found: list[Other]) -> str:
    """Changes when what is shown would; a page that knows it is told nothing."""
    return ",".join(f"{one.user.pk}{'t' if one.types else ''}" for one in found)


def forget() -> int:
    """Away with heartbeats of an hour ago."""
    n, _ = Presence.objects.filter(seen_at__lt=now() - KEPT).delete()
    return n
