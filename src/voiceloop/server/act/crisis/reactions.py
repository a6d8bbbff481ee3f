"""Who hears of a crisis unasked."""

from __future__ import annotations

from voiceloop.server.act.crisis import people
from voiceloop.server.act.crisis.events import (
    CrisisClosed,
    CrisisGiven,
    CrisisOpened,
    CrisisProposed,
    CrisisReopened,
    StatementWritten,
)
from voiceloop.server.act.models import Crisis, Notice
from voiceloop.server.act.notices import notices
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.reactor import reacts_to


@reacts_to(CrisisOpened, CrisisProposed, CrisisReopened, CrisisClosed)
def tell_those_in_charge(event: Event) -> None:
    crisis = Crisis.objects.select_related("unit", "owner").filter(pk=event.typed.crisis).first()
    if crisis:
        notices.tell(event, to=people.in_charge(crisis), kind=Notice.Kind.CRISIS)


@reacts_to(CrisisGiven)
def tell_the_owner(event: Event) -> None:
    notices.tell(event, to=User.objects.filter(pk=event.typed.to), kind=Notice.Kind.CRISIS)


@reacts_to(StatementWritten)
def ask_for_approval(event: Event) -> None:
    """Those who may approve, but for whoever wrote it."""
    crisis = Crisis.objects.select_related("unit", "owner").filter(pk=event.typed.crisis).first()
    if crisis:
        others = [one for one in people.in_charge(crisis) if one.pk != event.by_id]
        notices.tell(event, to=others, kind=Notice.Kind.APPROVAL)
