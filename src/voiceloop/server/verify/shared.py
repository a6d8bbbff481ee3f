"""What promoters brought: those given a link to share, and those by whose link somebody came."""

from __future__ import annotations

from dataclasses import dataclass

from voiceloop.server.act.models import ShareLink
from voiceloop.server.core.models import User
from voiceloop.server.measure.slices import Slice


@dataclass(frozen=True)
class Shared:
    """Promoters who were given a link to share, and those by whose link somebody came."""

    given: int
    brought: int


def shared(user: User, part: Slice) -> Shared:
    links = ShareLink.objects.visible_to(user)
    if part.since:
        links = links.filter(created_at__date__gte=part.since)
    if part.until:
        links = links.filter(created_at__date__lt=part.until)
    return Shared(links.count(), links.filter(recommendations__isnull=False).distinct().count())
