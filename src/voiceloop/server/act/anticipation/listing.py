"""The list of proposals: what is asked of it, its order, and its rows as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from voiceloop.server.act.models import AnticipationRule, OutreachProposal
from voiceloop.server.act.models.anticipation import AnticipationRuleQuerySet
from voiceloop.server.core.models import Unit, User

State = OutreachProposal.State
STATES = (State.OPEN, State.ACCEPTED, State.DISMISSED, State.EXPIRED, State.OVERTAKEN)


@dataclass(frozen=True)
class Asked:
    """Out of the address; what is unknown is ignored."""

    state: str = State.OPEN
    rule: int | None = None
    kind: str = ""
    unit: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> Self:
        rule, kind = given.get("rule", ""), given.get("kind", "")
        return cls(
            state=given.get("state") if given.get("state") in State.values else State.OPEN,  # type: ignore[arg-type]
            rule=int(rule) if rule.isascii() and rule.isdigit() and len(rule) < 10 else None,
            kind=kind if kind in AnticipationRule.Kind.values else "",
            unit=given.get("unit", "")[:64],
        )


def rows(user: User, asked: Asked) -> QuerySet[OutreachProposal]:
    """Those still to be decided by who has least time left; the others newest first."""
    found: QuerySet[OutreachProposal] = in_state(OutreachProposal.objects.visible_to(user), asked.state)
    if asked.rule is not None:
        found = found.filter(rule=asked.rule)
    if asked.kind:
        found = found.filter(rule__kind=asked.kind)
    place = Unit.objects.visible_to(user).filter(code=asked.unit).first() if asked.unit else None
    if place is not None:
        found = found.filter(unit__path__startswith=place.path or "")
    order = ("expires_at", "pk") if asked.state == State.OPEN else ("-decided_at", "-pk")
    whole = found.select_related("rule", "customer", "unit", "decided_by", "case")
    return whole.order_by(*order)


def in_state(found: Any, state: str) -> Any:
    """Past its day a proposal has expired, whether or not the job has come by."""
    late = Q(state=State.OPEN, expires_at__lte=now())
    if state == State.OPEN:
        return found.filter(state=state).exclude(late)
    return found.filter(Q(state=state) | late if state == State.EXPIRED else Q(state=state))


def rules_of(user: User) -> AnticipationRuleQuerySet:
    return AnticipationRule.objects.visible_to(user).select_related("unit")


def of_file(found: QuerySet[OutreachProposal]) -> Iterator[list[Any]]:
    yield [
        _("Customer"), _("Number"), _("Unit"), _("Rule"), _("Why"), _("Happened"), _("Proposed"),
        _("Expires"), _("State"), _("Decided"), _("By"), _("Why no talk?"), _("Note"), _("Case"),
    ]  # fmt: skip
    for one in found.iterator(chunk_size=500):
        yield [
            str(one.customer), one.customer.number or "", str(one.unit), str(one.rule), one.sentence,
            _minute(one.happened_at), _minute(one.proposed_at), _minute(one.expires_at),
            str(one.shown_state), _minute(one.decided_at), str(one.decided_by or ""),
            one.get_reason_display() if one.reason else "", one.note, str(one.case or ""),
        ]  # fmt: skip


def _minute(at: Any) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""
