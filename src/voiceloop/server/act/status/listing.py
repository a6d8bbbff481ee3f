"""The list of what customers were told and were not told, narrowed, counted, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from voiceloop.server.act.models import Milestone
from voiceloop.server.act.status.kinds import KINDS
from voiceloop.server.core.models import Unit, User

DAYS = (7, 30, 90)
SENT = Q(told_at__isnull=False, held_back_by="") & (Q(message=None) | Q(message__sent_at__isnull=False))
FAILED = Q(told_at__isnull=False, held_back_by="", message__sent_at=None, message__held_back_by="failed")
OUTBOX = Q(told_at__isnull=False, held_back_by="", message__isnull=False, message__sent_at=None) & ~Q(
    message__held_back_by="failed"
)
WAITING = Q(told_at=None, held_back_by="")
STATES: dict[str, tuple[Any, Q]] = {
    "sent": (gettext_lazy("Sent"), SENT),
    "outbox": (gettext_lazy("In the outbox"), OUTBOX),
    "waiting": (pgettext_lazy("message", "Waits for its time"), WAITING),
    "failed": (gettext_lazy("Not delivered"), FAILED),
}


@dataclass(frozen=True)
class Asked:
    """What of the list is asked for; what is switched off is left out until it is asked for."""

    days: int = 30
    kind: str = ""
    state: str = ""
    unit: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: Any) -> Asked:
        days, kind, state = (query.get(name, "") for name in ("days", "kind", "state"))
        known = {*STATES, *Milestone.Held.values}
        return cls(
            int(days) if days in map(str, DAYS) else 30,
            kind if kind in KINDS else "",
            state if state in known else "",
            query.get("unit", "")[:64],
            query.get("q", "").strip().removeprefix("#")[:120],
        )


def rows(user: User, asked: Asked) -> QuerySet[Any]:
    """Newest first; of the reader's own branch only."""
    found: QuerySet[Any] = Milestone.objects.visible_to(user).filter(
        recorded_at__gte=now() - timedelta(days=asked.days)
    )
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.unit:
        place = Unit.objects.visible_to(user).filter(code=asked.unit).first()
        found = found.filter(unit__path__startswith=place.path) if place else found.none()
    if asked.q:
        of_case = Q(case=int(asked.q)) if asked.q.isdigit() and len(asked.q) < 19 else Q(pk__in=[])
        found = found.filter(Q(order__number=asked.q) | of_case)
    found = found.filter(_of_state(asked.state))
    with_all = found.select_related("order", "case", "customer", "unit", "message", "by")
    return with_all.order_by("-recorded_at", "-pk")


def counts(found: QuerySet[Any]) -> dict[str, int]:
    """How many are in which state, of those that the filter leaves."""
    sums = {name: Count("pk", filter=q) for name, (_label, q) in STATES.items()}
    held = Count("pk", filter=~Q(held_back_by=""))
    return found.order_by().aggregate(n=Count("pk"), held=held, **sums)


def states() -> list[tuple[str, Any]]:
    return [*((code, label) for code, (label, _q) in STATES.items()), *Milestone.Held.choices]


def state_in_words(one: Milestone) -> str:
    return str(one.get_held_back_by_display() if one.held_back_by else STATES[one.state][0])


def lines(found: QuerySet[Any]) -> Iterator[list[Any]]:
    yield [
        pgettext("occurrence", "What happened"), _("Number"), _("Customer"), _("Unit"), _("Happened at"),
        _("New time"), _("Became known at"), _("State"), _("Told at"), _("Channel"),
    ]  # fmt: skip
    for one in found.iterator(chunk_size=500):
        yield [
            str(one.get_kind_display()), one.number, str(one.customer or ""), str(one.unit), _at(one.at),
            _at(one.new_time), _at(one.recorded_at), state_in_words(one), _at(one.told_at),
            one.message.channel if one.message else "",
        ]  # fmt: skip


def _at(moment: Any) -> str:
    return localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _of_state(state: str) -> Q:
    if state in STATES:
        return STATES[state][1]
    return Q(held_back_by=state) if state else ~Q(held_back_by=Milestone.Held.OFF)
