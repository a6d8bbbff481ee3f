"""Care: what would have made this passive a promoter?"""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from voiceloop.server.act import routing
from voiceloop.server.act.events import CareDone
from voiceloop.server.act.growth.events import CareReopened, OfferMade
from voiceloop.server.act.models import CareTask
from voiceloop.server.collect.models import Response
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

DUE_IN = timedelta(days=3)
# Which offer answers which reason; our choice. What is not named here is talked about.
FITTING = {
    "waiting": CareTask.Offer.PRIORITY,
    "punctuality": CareTask.Offer.PRIORITY,
    "delivery": CareTask.Offer.PRIORITY,
    "price": CareTask.Offer.VOUCHER,
    "promotion": CareTask.Offer.VOUCHER,
    "portion": CareTask.Offer.VOUCHER,
    "food_quality": CareTask.Offer.TRIAL,
    "product_quality": CareTask.Offer.TRIAL,
    "availability": CareTask.Offer.TRIAL,
}


@verb
def open_for_response(response: Response, *, owner: User | None = None) -> CareTask:
    """The one care task of this response."""
    task, _ = CareTask.objects.get_or_create(
        response=response,
        defaults={
            "unit": response.unit,
            "customer": response.customer,
            "owner": owner,
            "due_at": now() + DUE_IN,
        },
    )
    return task


@verb
def finish(task: CareTask, *, by: User, result: str, note: str = "") -> CareTask:
    """Say how it went; who is first has done it."""
    task.refresh_from_db(from_queryset=CareTask.objects.select_for_update())
    if task.done_at is None:
        task.done_at, task.by, task.result, task.note = now(), by, result, note
        task.save(update_fields=["done_at", "by", "result", "note"])
        done = CareDone(care_task=task.pk, customer=task.customer_id, result=result)
        record(done, by=by, unit=task.unit, note=note)
    return task


@verb
def reopen(task: CareTask, *, by: User) -> CareTask:
    """Take a wrong click back."""
    task.refresh_from_db(from_queryset=CareTask.objects.select_for_update())
    if task.done_at is not None:
        task.done_at, task.by, task.result, task.note = None, None, "", ""
        task.save(update_fields=["done_at", "by", "result", "note"])
        record(CareReopened(care_task=task.pk, customer=task.customer_id), by=by, unit=task.unit)
    return task


@verb
def open_and_route(response: Response) -> CareTask:
    """The care task of a passive nobody has a case for: whoever is free has it."""
    return open_for_response(response, owner=routing.choose_for(response.unit))


@verb
def offer(task: CareTask, *, by: User, offer: str, because: str = "") -> CareTask:
    """Propose what fits what was missing; a new proposal takes the place of the last one."""
    task.refresh_from_db(from_queryset=CareTask.objects.select_for_update())
    if task.done_at is None and task.offer != offer:
        task.offer, task.because, task.offered_at, task.taken_at = offer, because[:64], now(), None
        task.save(update_fields=["offer", "because", "offered_at", "taken_at"])
        made = OfferMade(care_task=task.pk, customer=task.customer_id, offer=offer)
        record(made, by=by, unit=task.unit)
    return task


def proposal(reasons: set[str]) -> str:
    """What fits the reasons that a passive named; who named none is listened to."""
    found = (fits for reason, fits in FITTING.items() if reason in reasons)
    return str(next(found, CareTask.Offer.LISTEN))
