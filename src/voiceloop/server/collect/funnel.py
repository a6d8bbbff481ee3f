"""What became of the invitations: asked, spared and why, sent, taken up, answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q

from voiceloop.server.collect.models import Invitation
from voiceloop.server.core.models import User


@dataclass
class Funnel:
    considered: int = 0
    asked: int = 0
    sent: int = 0
    started: int = 0
    answered: int = 0
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def spared(self) -> int:
        return self.considered - self.asked

    @property
    def steps(self) -> list[tuple[str, int, float]]:
        """Name, number and share of those considered, for the bars."""
        names = ("considered", "asked", "sent", "started", "answered")
        numbers = [(name, getattr(self, name)) for name in names]
        return [(name, n, 100 * n / self.considered if self.considered else 0.0) for name, n in numbers]


def by_programme(user: User) -> dict[str, Funnel]:
    """One funnel for each programme code, of the invitations that the user may see."""
    asked = Q(suppressed_by="")
    counted = (
        Invitation.objects.visible_to(user)
        .values("programme", "suppressed_by")
        .annotate(
            n=Count("pk"),
            sent=Count("pk", filter=asked & Q(sent_at__isnull=False)),
            started=Count("pk", filter=asked & (Q(started_at__isnull=False) | Q(answered_at__isnull=False))),
            answered=Count("pk", filter=asked & Q(answered_at__isnull=False)),
        )
        .order_by("-n")
    )
    funnels: dict[str, Funnel] = defaultdict(Funnel)
    for row in counted:
        _add(funnels[row["programme"]], row)
    return dict(funnels)


def _add(funnel: Funnel, row: dict[str, int | str]) -> None:
    n, reason = int(row["n"]), str(row["suppressed_by"])
    funnel.considered += n
    if reason:
        known = dict(Invitation.Suppressed.choices)
        funnel.reasons.append((str(known.get(reason, reason)), n))
        return
    funnel.asked += n
    for step in ("sent", "started", "answered"):
        setattr(funnel, step, getattr(funnel, step) + int(row[step]))
