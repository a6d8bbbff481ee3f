"""What the playbooks do unasked: one is chosen for each new case, and what a case shows is ticked off."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from voiceloop.server.act.events import (
    CallbackDone,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CaseVerified,
    CustomerContacted,
    RemedyDecided,
)
from voiceloop.server.act.models import Case
from voiceloop.server.act.playbooks import by_stage, runs, tending
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to
from voiceloop.server.understand.customers.lifecycle_events import StageEntered

# A new installation of this reaction hears of all that ever happened; nothing runs by itself for that.
FRESH = timedelta(days=7)


@reacts_to(CaseOpened)
def follow_a_playbook(event: Event) -> None:
    case = Case.objects.filter(pk=event.typed.case).first()
    if case and event.at > now() - FRESH:
        runs.begin_for_case(case)


@reacts_to(StageEntered)
def take_up_who_moved(event: Event) -> None:
    """Where a playbook begins with a movement between stages."""
    customer = Customer.objects.select_related("unit").filter(pk=event.typed.customer).first()
    if customer and event.at > now() - FRESH:
        by_stage.open_for_stage(customer, moved=event.typed)


@reacts_to(CustomerContacted, CaseResolved, CaseReopened, CallbackDone, CaseVerified, RemedyDecided)
def tick_off(event: Event) -> None:
    case = Case.objects.filter(pk=event.typed.case).first()
    if case:
        tending.settle(case, by=event.by)
