"""A thread as one conversation of its channel, so that what is measured of conversations holds for it."""

from __future__ import annotations

from datetime import datetime

from voiceloop.server.act.models import Case, Thread
from voiceloop.server.collect.models import Conversation, Customer

KINDS = {
    Thread.Channel.EMAIL: Conversation.Kind.MAIL,
    Thread.Channel.CHAT: Conversation.Kind.CHAT,
    Thread.Channel.WECHAT: Conversation.Kind.MESSAGE,
}


def begin(
    case: Case, *, channel: str, customer: Customer | None, key: str, at: datetime
) -> Conversation | None:
    """None on the phone, where each call is counted by itself."""
    kind = KINDS.get(Thread.Channel(channel))
    if kind is None:
        return None
    dims = {name: value for name, value in case.moment().items() if name not in {"channel", "source"}}
    row, _is_new = Conversation.objects.get_or_create(
        key=key[:120],
        defaults={
            "unit": case.unit, "customer": customer, "kind": kind, "channel": channel, "source": "voiceloop",
            "started_at": at, **dims,
        },
    )  # fmt: skip
    return row


def answered(thread: Thread, at: datetime) -> None:
    """A person answered: the first time is measured, the last one is its end so far."""
    row = thread.conversation
    if row is None:
        return
    if row.first_response_seconds is None and thread.heard_at:
        row.first_response_seconds = max((at - row.started_at).total_seconds(), 0.0)
    row.outcome, row.ended_at = "answered", at
    row.save(update_fields=["first_response_seconds", "outcome", "ended_at"])


def heard(thread: Thread, at: datetime) -> None:
    row = thread.conversation
    if row is not None and (row.ended_at is None or row.ended_at < at):
        row.ended_at = at
        row.save(update_fields=["ended_at"])
