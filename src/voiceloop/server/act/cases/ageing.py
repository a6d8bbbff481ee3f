"""What has been open for long, at whom it is stuck, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voiceloop.server.act.cases import page
from voiceloop.server.act.models import Case, Remedy
from voiceloop.server.core.models import User

# The first day of each band of ages. Our choice: a day, the promise's three, a week, two, a month.
BANDS = (0, 1, 3, 7, 14, 30)


@dataclass(frozen=True)
class Band:
    code: str
    name: str
    n: int
    n_up: int
    is_on: bool


class Ageing:
    """The open cases that a person may see, oldest first, and how many there are of each age."""

    def __init__(self, user: User, *, band: str = "", owner: str = "", level: str = "") -> None:
        self.at = now()
        self.band = band if band in {str(days) for days in BANDS} else ""
        self.level = level if level in ("1", "2") else ""
        self.owner = owner
        self.all: QuerySet[Any] = Case.objects.visible_to(user).open()

    @property
    def cases(self) -> QuerySet[Any]:
        rows = self.all.order_by("opened_at", "pk")
        if self.band:
            rows = rows.filter(self._of_age(int(self.band)))
        if self.level:
            rows = rows.filter(level=int(self.level))
        return rows.filter(owner=int(self.owner)) if self.owner.isdigit() else rows

    def bands(self) -> list[Band]:
        """One pass over the open cases."""
        counts: dict[str, Any] = {}
        for days in BANDS:
            counts[f"n{days}"] = Count("pk", filter=self._of_age(days))
            counts[f"up{days}"] = Count("pk", filter=self._of_age(days) & Q(level__gt=0))
        found = self.all.order_by().aggregate(**counts)
        return [
            Band(str(days), _name(days), found[f"n{days}"], found[f"up{days}"], self.band == str(days))
            for days in BANDS
        ]

    def _of_age(self, days: int) -> Q:
        young = self.at - timedelta(days=days)
        older = [self.at - timedelta(days=one) for one in BANDS if one > days]
        return Q(opened_at__lte=young) & (Q(opened_at__gt=older[0]) if older else Q())


def with_reasons(cases: QuerySet[Any]) -> QuerySet[Any]:
    """All that a line says, in a fixed number of queries."""
    waiting = Remedy.objects.filter(approved_at=None, declined_at=None)
    return page.for_rows(cases).prefetch_related(Prefetch("remedies", waiting, to_attr="undecided"), "pauses")


def waits_for(case: Case) -> str:
    """The first thing without which the case does not go on."""
    clocks = {clock.kind: clock for clock in case.clocks.all()}
    pause = next((one for one in case.pauses.all() if one.ended_at is None), None)
    if pause:
        return _("The customer: %(what)s") % {"what": pause.reason} if pause.reason else _("The customer")
    if getattr(case, "undecided", None):
        return _("A lead's word on the remedy")
    if case.owner is None:
        return _("Somebody to take it")
    if case.first_contact_at is None:
        return _("The first contact")
    reply = clocks.get("next_reply")
    return _("Our reply") if reply and reply.state == "running" else _("The solution")


def age(case: Case, at: datetime) -> float:
    """Seconds since it was opened."""
    return (at - case.opened_at).total_seconds()


def head() -> list[str]:
    return [
        _("Case"), _("Opened"), _("Days open"), _("Customer"), _("Summary"), _("Priority"), _("Stuck at"),
        _("Waits for"), _("Handed up"), _("Due"),
    ]  # fmt: skip


def rows(cases: QuerySet[Any]) -> Iterator[list[Any]]:
    yield head()
    at = now()
    for case in with_reasons(cases).iterator(chunk_size=500):
        yield [
            case.pk,
            page.minute(case.opened_at),
            round(age(case, at) / 86400, 1),
            str(case.customer or ""),
            case.summary,
            case.get_priority_display(),
            str(case.owner or ""),
            waits_for(case),
            case.get_level_display() if case.level else "",
            page.minute(case.due_at),
        ]


def _name(days: int) -> str:
    upto = next((one for one in BANDS if one > days), None)
    if upto is None:
        return ngettext("over %(days)s day", "over %(days)s days", days) % {"days": days}
    if not days:
        return _("under a day")
    return _("%(from)s to %(to)s days") % {"from": days, "to": upto}
