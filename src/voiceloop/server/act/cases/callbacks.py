"""Callbacks: the promised calls after a solution."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.events import CallbackDone, CallbackMissed
from voiceloop.server.act.models import Callback
from voiceloop.server.core import events
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import User

TRY_AGAIN_AFTER = timedelta(hours=4)
MISSES_ALLOWED = 1


@verb
def record(callback: Callback, *, by: User, result: str, note: str = "") -> Callback:
    """What the customer said when called back; "not solved" reopens the case."""
    callback.refresh_from_db(from_queryset=Callback.objects.select_for_update())
    if callback.done_at is None and callback.cancelled_at is None:
        if result == Callback.Result.NO_REPLY and callback.n_missed < MISSES_ALLOWED:
            _try_again(callback, by=by, note=note)
        else:
            _finish(callback, by=by, result=result, note=note)
    return callback


def _try_again(callback: Callback, *, by: User, note: str) -> None:
    callback.n_missed += 1
    callback.due_at = now() + TRY_AGAIN_AFTER
    callback.save(update_fields=["n_missed", "due_at"])
    case = callback.case
    event = CallbackMissed(case=case.pk, customer=case.customer_id, step=callback.step, round=callback.round)
    events.record(event, by=by, unit=case.unit, note=note)


def _finish(callback: Callback, *, by: User, result: str, note: str) -> None:
    callback.by, callback.result, callback.note, callback.done_at = by, result, note, now()
    callback.save(update_fields=["by", "result", "note", "done_at"])
    held = result != Callback.Result.NOT_SOLVED
    done = _done(callback, last=held and _is_last(callback))
    events.record(done, by=by, unit=callback.case.unit, note=note)
    if not held:
        cases.reopen(callback.case, by=by, reason=note)


def _is_last(callback: Callback) -> bool:
    return not Callback.objects.filter(case=callback.case, round=callback.round).waiting().exists()


def _done(callback: Callback, *, last: bool) -> CallbackDone:
    return CallbackDone(
        case=callback.case.pk,
        customer=callback.case.customer_id,
        step=callback.step,
        round=callback.round,
        result=callback.result,
        last=last,
    )
