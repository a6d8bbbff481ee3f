"""Asks the language model within its settings and its budget; every question is in the log, without words."""

from __future__ import annotations

import time

from django.utils.timezone import localdate, now

from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.assistant import client
from voiceloop.server.understand.assistant.faults import Fault
from voiceloop.server.understand.events import AssistantAsked, AssistantSet
from voiceloop.server.understand.models import AssistantCall, AssistantSetting

ONLY = 1  # the key of the one row of settings
MOST_SECONDS, MOST_CALLS = 120, 100_000


def setting() -> AssistantSetting:
    return AssistantSetting.objects.filter(pk=ONLY).first() or AssistantSetting(pk=ONLY)


def is_on() -> bool:
    return AssistantSetting.objects.filter(pk=ONLY, is_on=True).exists()


def used_today() -> int:
    return AssistantCall.objects.filter(at__date=localdate()).count()


@verb
def set_up(
    *,
    by: User,
    is_on: bool,
    base_url: str,
    model: str,
    key: str | None = None,
    seconds: int = 30,
    calls_a_day: int = 200,
) -> AssistantSetting:
    """A key of None stays what it was; an empty one is forgotten."""
    if is_on or base_url:
        base_url = client.checked(base_url)
    found = setting()
    found.is_on, found.base_url, found.model = is_on, base_url, model.strip()
    found.key = found.key if key is None else (key.strip() or None)
    found.seconds = min(max(seconds, 1), MOST_SECONDS)
    found.calls_a_day = min(max(calls_a_day, 0), MOST_CALLS)
    found.by, found.at = by, now()
    found.save()
    record(AssistantSet(is_on=is_on, base_url=base_url), by=by, unit=by.unit)
    return found


def ask(messages: client.Messages, *, use: str, by: User, n_comments: int = 0) -> str:
    """What it says. Nothing is asked when it is switched off, except that an admin may try it."""
    found = setting()
    if not found.is_on and use != AssistantCall.Use.TRIAL:
        raise Fault("off")
    if used_today() >= found.calls_a_day:
        raise Fault("budget")
    n_sent, began = sum(len(message["content"]) for message in messages), time.monotonic()
    outcome, answer = "ok", ""
    try:
        answer = client.ask(
            base_url=found.base_url, key=found.key or "", model=found.model, messages=messages,
            seconds=found.seconds,
        )  # fmt: skip
        return answer
    except Fault as fault:
        outcome = fault.code
        raise
    finally:
        counts = {"n_comments": n_comments, "n_sent": n_sent, "n_received": len(answer)}
        _note(use=use, by=by, outcome=outcome, seconds=time.monotonic() - began, counts=counts)


@verb
def _note(*, use: str, by: User, outcome: str, seconds: float, counts: dict[str, int]) -> None:
    milliseconds = int(1000 * seconds)
    AssistantCall.objects.create(use=use, by=by, outcome=outcome, milliseconds=milliseconds, **counts)
    record(AssistantAsked(use=use, outcome=outcome, **counts), by=by, unit=by.unit)
