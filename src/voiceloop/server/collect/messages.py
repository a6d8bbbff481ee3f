"""Messages to customers: written once, handed to their channel once, or held back with the reason."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue, TimeDeltaParams

from voiceloop.server.collect.channels import Refused, channel
from voiceloop.server.collect.events import InvitationSent
from voiceloop.server.collect.models import Customer, Invitation, Message
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

log = logging.getLogger(__name__)
TASK, QUEUE = "collect.send_messages", "messages"
# Our choice: with doubling pauses the last try is half an hour after the first.
TRIES = 5
BATCH = 50
HELD_BACK = {
    "outbox": _("waits for a person"),
    "revoked": _("the invitation was taken back"),
    "over": _("the invitation had ended"),
    "answered": _("already answered"),
    "opted_out": _("does not want to be asked"),
    "failed": _("could not be delivered"),
    "withdrawn": _("taken back before it left"),
    "bounced": _("mail to this address came back"),
}


@verb
def write(
    *,
    key: str,
    channel_code: str,
    to: str,
    subject: str,
    body: str,
    unit: Unit,
    customer: Customer | None = None,
    invitation: Invitation | None = None,
    about: str = "",
    in_seconds: int = 0,
) -> Message:
    """Write a message and have it sent; a second one of the same key is the first.

    One that leaves only `in_seconds` can be taken back until then.
    """
    draft = Message(
        key=key, channel=channel_code, to=to, subject=subject, body=body, unit=unit,
        customer=customer, invitation=invitation, about=about,
    )  # fmt: skip
    write_many(messages=[draft], in_seconds=in_seconds)
    return Message.objects.get(key=key)


@verb
def write_many(*, messages: list[Message], in_seconds: int = 0) -> None:
    """Write those whose key is new, and queue their sending in this transaction."""
    for message in messages:
        if not channel(message.channel).delivers:
            message.held_back_by = "outbox"
    known = set(Message.objects.filter(key__in=[m.key for m in messages]).values_list("key", flat=True))
    Message.objects.bulk_create([m for m in messages if m.key not in known], ignore_conflicts=True)
    keys = [m.key for m in messages if m.key not in known and not m.held_back_by]
    _queue(Message.objects.filter(key__in=keys).order_by("pk").values_list("pk", flat=True), in_seconds)


def _queue(ids: Iterable[int], in_seconds: int = 0) -> None:
    waiting = list(ids)
    later: TimeDeltaParams | None = {"seconds": in_seconds} if in_seconds else None
    for at in range(0, len(waiting), BATCH):
        ids_of_job: list[JSONValue] = [*waiting[at : at + BATCH]]
        app.configure_task(TASK, queue=QUEUE, schedule_in=later).defer(ids=ids_of_job)


def send(ids: Iterable[int]) -> int:
    """Hand messages over, each at most once; return how many went out."""
    return sum(_send_one(id) for id in ids)


def _send_one(id: int) -> bool:
    message = _claimed(id)
    if message is None:
        return False
    try:
        channel(message.channel).send(message)
    except Refused as error:
        _failed(message, error, for_good=True)
    except Exception as error:
        log.warning("message %s was not sent: %s", id, error)
        _failed(message, error, for_good=message.n_tries >= TRIES)
    else:
        _sent(message)
        return True
    return False


@transaction.atomic
def _claimed(id: int) -> Message | None:
    """Take the message for this try.

    The try is counted and committed before anything leaves: whoever dies while sending leaves a message
    whose fate is unknown, and that one is not sent again by itself. Nobody is mailed twice.
    """
    untried = Q(n_tries=0) | ~Q(error="")
    rows = Message.objects.filter(untried, pk=id, sent_at=None, held_back_by="")
    message: Message | None = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if message is None:
        return None
    if reason := _reason_to_hold(message):
        Message.objects.filter(pk=id).update(held_back_by=reason)
        return None
    message.n_tries += 1
    message.error = ""
    message.save(update_fields=["n_tries", "error"])
    return message


def _reason_to_hold(message: Message) -> str:
    invitation, customer = message.invitation, message.customer
    if invitation and customer and customer.opted_out_at:
        return "opted_out"
    if invitation is None:
        return ""
    if invitation.answered_at:
        return "answered"
    return "" if invitation.is_answerable else "revoked" if invitation.revoked_at else "over"


@transaction.atomic
def _sent(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(sent_at=now(), error="")
    if message.invitation:
        mark_sent(message.invitation, message.channel, None)


@transaction.atomic
def _failed(message: Message, error: Exception, *, for_good: bool) -> None:
    text = str(error)[:500] or type(error).__name__
    Message.objects.filter(pk=message.pk).update(
        error=text, n_tries=TRIES if for_good else F("n_tries"), held_back_by="failed" if for_good else ""
    )
    if for_good and message.invitation_id:
        Invitation.objects.filter(pk=message.invitation_id, sent_at=None).update(failed_at=now())
    if not for_good:
        _queue([message.pk], in_seconds=60 * 2**message.n_tries)


def mark_sent(invitation: Invitation, channel_code: str, by: User | None) -> None:
    """Say once that an invitation went out."""
    if Invitation.objects.filter(pk=invitation.pk, sent_at=None).update(sent_at=now(), failed_at=None):
        say_sent(invitation, channel_code, by)


def say_sent(invitation: Invitation, channel_code: str, by: User | None) -> None:
    event = InvitationSent(invitation=invitation.pk, customer=invitation.customer_id, channel=channel_code)
    record(event, by=by, unit=invitation.unit)


@verb
def take_back(*, message: Message, reason: str = "withdrawn") -> bool:
    """Keep it from leaving; whether that was in time."""
    waiting = Message.objects.filter(pk=message.pk, sent_at=None, n_tries=0)
    return bool(waiting.update(held_back_by=reason))


@verb
def hand_over(*, message: Message, by: User) -> Message:
    """A person gave it to the customer by hand."""
    if Message.objects.filter(pk=message.pk, sent_at=None).update(sent_at=now(), held_back_by=""):
        if message.invitation:
            mark_sent(message.invitation, message.channel, by)
        message.refresh_from_db()
    return message


@verb
def try_again(*, message: Message, by: User) -> Message:
    """A person decides that a failed or unclear message is to be sent once more."""
    again = Message.objects.filter(pk=message.pk, sent_at=None).filter(Q(n_tries__gt=0))
    if channel(message.channel).delivers and again.update(n_tries=0, error="", held_back_by=""):
        _queue([message.pk])
    message.refresh_from_db()
    return message
