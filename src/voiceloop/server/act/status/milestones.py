"""Milestones: what became of an order or a case is written down once, and told once if it is to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils.timezone import now

from voiceloop.server.act.models import Case, Milestone
from voiceloop.server.act.status import rules, sending
from voiceloop.server.act.status.events import StatusReported, StatusWithdrawn
from voiceloop.server.act.status.kinds import OF_ORDERS
from voiceloop.server.collect import messages
from voiceloop.server.collect.models import Transaction
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

Held = Milestone.Held
# What became known later than this after it happened is history, no news. Our choice.
NEWS_FOR = timedelta(hours=24)
# A clock elsewhere may be a little fast.
AHEAD = timedelta(minutes=5)


class Conflict(Exception):
    """The key was used for something else."""


@dataclass(frozen=True)
class Report:
    """What is said of an order."""

    kind: str
    at: datetime
    new_time: datetime | None = None
    key: str = ""


@verb
def report(order: Transaction, *, said: Report, by: User | None = None) -> tuple[Milestone, bool]:
    """Write it down and whether it is new; a repetition changes nothing."""
    assert said.kind in OF_ORDERS, said.kind
    order = Transaction.objects.select_for_update(no_key=True).get(pk=order.pk)
    known = _known(order, said)
    if known:
        return known, False
    key = f"order:{order.pk}:{said.key or uuid4().hex}"
    made = Milestone(
        order=order, customer=order.customer, unit=order.unit, kind=said.kind, at=said.at,
        new_time=said.new_time, key=key, by=by,
    )  # fmt: skip
    _begin(made)
    event = StatusReported(milestone=made.pk, customer=order.customer_id, number=str(order), kind=said.kind)
    record(event, by=by, unit=order.unit)
    sending.tell(made)
    return made, True


@verb
def follow(case: Case, *, kind: str, key: str, at: datetime, by: User | None = None) -> Milestone:
    """What became of a case, read from its log; of one key there is one."""
    found: Milestone | None = Milestone.objects.filter(key=key).first()
    if found:
        return found
    made = Milestone(case=case, customer=case.customer, unit=case.unit, kind=kind, at=at, key=key, by=by)
    _begin(made)
    sending.tell(made)
    return made


@verb
def withdraw(milestone: Milestone, *, by: User) -> bool:
    """It was not so. Whether that was in time to keep the message from leaving."""
    milestone.refresh_from_db(from_queryset=Milestone.objects.select_for_update(of=("self",)))
    if milestone.withdrawn_at:
        return milestone.told_at is None
    milestone.withdrawn_at = now()
    in_time = _stop(milestone)
    milestone.save(update_fields=["withdrawn_at", "held_back_by"])
    event = StatusWithdrawn(
        milestone=milestone.pk, customer=milestone.customer_id, case=milestone.case_id,
        number=milestone.number, kind=milestone.kind,
    )  # fmt: skip
    record(event, by=by, unit=milestone.unit)
    return in_time


def _stop(milestone: Milestone) -> bool:
    message = milestone.message
    if milestone.told_at is None or (message and message.sent_at is None and _held(milestone)):
        milestone.held_back_by = milestone.held_back_by or Held.WITHDRAWN
        return True
    return False


def _held(milestone: Milestone) -> bool:
    """One that waits on the outbox page for a person has not left either."""
    assert milestone.message is not None
    return messages.take_back(message=milestone.message)


def _known(order: Transaction, said: Report) -> Milestone | None:
    if said.key:
        kept: Milestone | None = Milestone.objects.filter(key=f"order:{order.pk}:{said.key}").first()
        if kept and (kept.kind, kept.new_time) != (said.kind, said.new_time):
            raise Conflict
        if kept:
            return kept
    rows = Milestone.objects.live().filter(order=order, kind=said.kind)
    newest: Milestone | None = rows.order_by("-at", "-pk").first()
    return newest if newest and newest.new_time == said.new_time else None


def _begin(made: Milestone) -> None:
    """When it is to be told, or at once why not."""
    held = rules.of(made.unit)
    wait = timedelta(minutes=held.hold_minutes if made.kind == "delayed" else 0)
    made.due_at = held.out_of_quiet(now() + wait)
    if made.customer_id is None:
        made.held_back_by = Held.NO_CUSTOMER
    elif not held.lines[made.kind].is_on:
        made.held_back_by = Held.OFF
    elif made.at < now() - NEWS_FOR:
        made.held_back_by = Held.LATE
    made.save()
