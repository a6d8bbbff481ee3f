"""Tellings: a draft with its preview, sent by a job, each customer once. The verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.timezone import now
from procrastinate.contrib.django import app

from voiceloop.server.act import letters
from voiceloop.server.act.models import Telling, Told
from voiceloop.server.act.telling import raisers
from voiceloop.server.act.telling.events import CustomerTold, TellingSent
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

TASK, QUEUE = "act.tell_customers", "messages"
CHUNK = 100
State = Telling.State


@verb
def draft(
    *, by: User, kind: str, subject: str, since: date, until: date, said: str, did: str, **more: Any
) -> Telling:
    """What is to be told, to those of one's own branch who raised it."""
    assert by.unit is not None, "a person without a unit sees no customer"
    return Telling.objects.create(
        by=by, unit=by.unit, kind=kind, subject=subject, since=since, until=until, said=said, did=did, **more
    )


@verb
def change(telling: Telling, **said: Any) -> Telling:
    """Only a draft can be changed: what was sent was sent."""
    telling.refresh_from_db(from_queryset=Telling.objects.select_for_update())
    if telling.state == State.DRAFT:
        for name, value in said.items():
            setattr(telling, name, value)
        telling.save()
    return telling


@verb
def send(telling: Telling, *, by: User) -> Telling:
    """Begin to send; who presses twice sends once."""
    telling.refresh_from_db(from_queryset=Telling.objects.select_for_update())
    if telling.state == State.DRAFT:
        telling.state, telling.by, telling.sent_at = State.SENDING, by, now()
        telling.n_total = raisers.of(telling).count()
        telling.save()
        event = TellingSent(telling=telling.pk, said=telling.said, n=telling.n_total)
        record(event, by=by, unit=telling.unit)
        app.configure_task(TASK, queue=QUEUE).defer(telling=telling.pk)
    return telling


@verb
def tell_some(pk: int) -> bool:
    """The next hundred, in one transaction with where we stand; whether there are more."""
    rows = Telling.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.SENDING)
    telling = rows.select_related("unit").first()
    if telling is None:
        return False
    some = list(raisers.of(telling).filter(pk__gt=telling.cursor)[:CHUNK])
    why_not = raisers.held(some, telling)
    for customer in some:
        _tell(telling, customer, why_not.get(customer.pk, ""))
    telling.cursor = some[-1].pk if some else telling.cursor
    if not some:
        telling.state, telling.ended_at = State.SENT, now()
    telling.save(update_fields=["cursor", "state", "ended_at"])
    return bool(some)


def unfinished() -> list[int]:
    """Those whose worker died before it was through."""
    return list(Telling.objects.filter(state=State.SENDING).values_list("pk", flat=True)[:50])


def preview(telling: Telling) -> dict[str, tuple[str, str]]:
    said, did = (telling.said, telling.said_en), (telling.did, telling.did_en)
    return {
        language: letters.you_said_preview(language, unit=telling.unit, said=said, did=did)
        for language in ("zh-hans", "en")
    }


def _tell(telling: Telling, customer: Customer, held: str) -> None:
    _row, is_new = Told.objects.get_or_create(
        telling=telling, customer=customer, defaults={"held_back_by": held}
    )
    if not is_new or held:
        return
    message = letters.you_said(
        customer,
        unit=telling.unit,
        key=f"told:{telling.pk}:{customer.pk}",
        about=f"telling:{telling.pk}",
        said=(telling.said, telling.said_en),
        did=(telling.did, telling.did_en),
    )
    Told.objects.filter(pk=_row.pk).update(message=message)
    event = CustomerTold(customer=customer.pk, telling=telling.pk, said=telling.said)
    record(event, unit=customer.unit)
