"""Ways to bring a message to a customer: one file each, and this folder is the registry."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from voiceloop.server.collect.models import Customer, Message


class Refused(Exception):
    """The other side said no for good: a wrong address, a closed account. Trying again is of no use."""


@dataclass(frozen=True)
class Letter:
    """What is to be said; `choices` are links for the first question, where a channel can show them."""

    subject: str
    body: str
    link: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class Channel(Protocol):
    """The adapter to one outside service."""

    code: ClassVar[str]
    label: ClassVar[Any]
    # False: a message of this channel waits on the outbox page for a person to hand it over.
    delivers: ClassVar[bool]

    def is_ready(self) -> bool:
        """Whether this installation has what the channel needs."""

    def address_of(self, customer: Customer) -> str:
        """Where the customer is reached, or "" when this channel cannot."""

    def send(self, message: Message) -> None:
        """Hand the message over; raises `Refused`, or any other error when it may be tried again."""


# Channels of other rooms that answer only who wrote first; nobody is invited over them.
ANSWERING: dict[str, Channel] = {}


def answers_over(adapter: Channel) -> None:
    """Register a channel that another room answers over."""
    ANSWERING[adapter.code] = adapter


@cache
def channels() -> dict[str, Channel]:
    found = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {module.CHANNEL.code: module.CHANNEL for module in found}


def channel(code: str) -> Channel:
    known = {**ANSWERING, **channels()}
    if code not in known:
        raise ValueError(f"unknown channel {code!r}; there are: {', '.join(known)}")
    return known[code]


def ready() -> list[Channel]:
    return [c for c in channels().values() if c.is_ready()]


def preferred() -> Channel:
    """The first channel that really delivers, or else the outbox."""
    return next((c for c in ready() if c.delivers), channel("outbox"))
