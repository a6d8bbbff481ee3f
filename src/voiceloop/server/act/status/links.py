"""Signed links to the page that says where an order or a case stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.server.act.models import Case, Milestone
from voiceloop.server.collect import tokens
from voiceloop.server.collect.models import Customer, Transaction
from voiceloop.server.core.models import Unit

ORDER, CASE = "voiceloop.status.order", "voiceloop.status.case"
# So long after the last news the page says no more. Our choice.
OPEN_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Followed:
    """What a link leads to."""

    order: Transaction | None
    case: Case | None
    milestones: list[Milestone]

    @property
    def customer(self) -> Customer | None:
        return (self.order or self.case).customer  # type: ignore[union-attr]  # one of both

    @property
    def unit(self) -> Unit:
        return (self.order or self.case).unit  # type: ignore[union-attr]  # one of both

    @property
    def number(self) -> str:
        return str(self.order) if self.order else str(self.case.pk if self.case else "")

    @property
    def last_at(self) -> datetime:
        begun = self.order.at if self.order else self.case.opened_at if self.case else now()
        return max([begun, *(one.at for one in self.milestones)])

    @property
    def is_over(self) -> bool:
        return self.last_at < now() - OPEN_FOR


def token_of(one: Transaction | Case) -> str:
    return tokens.make(one.pk, purpose=CASE if isinstance(one, Case) else ORDER)


def address_of(one: Transaction | Case) -> str:
    return settings.BASE_URL + reverse("status_page", args=[token_of(one)])


def followed(token: str) -> Followed | None:
    """What the link is for, if it was signed here and is still known."""
    if pk := tokens.read(token, purpose=ORDER):
        order = Transaction.objects.filter(pk=pk).select_related("unit", "customer").first()
        return of_order(order) if order else None
    if pk := tokens.read(token, purpose=CASE):
        case = Case.objects.filter(pk=pk).select_related("unit", "customer", "merged_into").first()
        return of_case(case) if case else None
    return None


def of_order(order: Transaction) -> Followed:
    return Followed(order, None, _milestones(order=order))


def of_case(case: Case) -> Followed:
    """A case that was told twice goes on in the other one, if that is the same customer's."""
    into = case.merged_into
    own = _milestones(case=case)
    more = _milestones(case=into) if into and into.customer_id == case.customer_id else []
    both = sorted([*own, *more], key=lambda one: (one.at, one.pk))
    return Followed(None, case, both)


def _milestones(**of: Transaction | Case) -> list[Milestone]:
    rows = Milestone.objects.live().filter(**of).in_order().select_related("message", "by", "unit")
    return list(rows)
