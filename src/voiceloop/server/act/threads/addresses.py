"""Addresses that know their thread again: support+t<signed number>@our.domain."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings

from voiceloop.server.collect import tokens

if TYPE_CHECKING:
    from voiceloop.server.act.models import Thread

REPLY = "voiceloop.thread"
_TOKEN = re.compile(r"\+t([A-Za-z0-9_-]{17,28})@", re.ASCII)
# Our own messages carry an id made of their key; see collect.channels.email.
_OURS = re.compile(r"<post\.(\d{1,18})@")


def ours() -> str:
    """The address that customers write to."""
    return (settings.MAILBOX_ADDRESS or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]).lower()


def reply_address(thread: Thread) -> str:
    """Where an answer to this thread goes; without a mailbox that we read, nowhere of ours."""
    name, at, domain = ours().rpartition("@")
    if not at or not settings.MAILBOX_URL:
        return ""
    return f"{name}+t{tokens.make(thread.pk, purpose=REPLY)}@{domain}"


def thread_in(recipients: str) -> int | None:
    """The thread that one of these addresses was made for."""
    found = (tokens.read(token, purpose=REPLY) for token in _TOKEN.findall(recipients))
    return next((pk for pk in found if pk), None)


def posts_in(references: str) -> list[int]:
    """Posts of ours that a mail says it answers; anybody may say so, so ask who writes as well."""
    return [int(pk) for pk in _OURS.findall(references)]


def is_ours(address: str) -> bool:
    plain = re.sub(r"\+[^@]*@", "@", address.lower())
    return plain in {ours(), parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()}
