"""What becomes of orders and cases is written down for their customer, and told where that is wanted."""

from __future__ import annotations

from voiceloop.server.act.cases.events import CasePaused
from voiceloop.server.act.events import CaseAssigned, CaseOpened, CaseReopened, CaseResolved
from voiceloop.server.act.models import Case
from voiceloop.server.act.status import milestones
from voiceloop.server.act.status.milestones import Report
from voiceloop.server.collect.events import OrderTaken
from voiceloop.server.collect.models import Transaction
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to


@reacts_to(OrderTaken)
def an_order_was_placed(event: Event) -> None:
    order = Transaction.objects.filter(pk=event.typed.order, batch=None).first()
    if order:
        milestones.report(order, said=Report("placed", order.at, key="taken"), by=event.by)


@reacts_to(CaseOpened)
def a_case_was_received(event: Event) -> None:
    _follow(event, "case_received", "received")


@reacts_to(CaseAssigned)
def a_case_was_taken_over(event: Event) -> None:
    """The first who takes it; who has it later is our own affair."""
    _follow(event, "case_taken", "taken")


@reacts_to(CasePaused)
def a_case_waits_for_its_customer(event: Event) -> None:
    _follow(event, "case_waiting", f"waiting:{event.pk}")


@reacts_to(CaseResolved)
def a_case_was_solved(event: Event) -> None:
    _follow(event, "case_solved", f"solved:{event.typed.round}")


@reacts_to(CaseReopened)
def a_case_was_taken_up_again(event: Event) -> None:
    _follow(event, "case_reopened", f"reopened:{event.pk}")


def _follow(event: Event, kind: str, key: str) -> None:
    case = Case.objects.select_related("unit", "customer").filter(pk=event.typed.case).first()
    if case:
        milestones.follow(case, kind=kind, key=f"case:{case.pk}:{key}", at=event.at, by=event.by)
