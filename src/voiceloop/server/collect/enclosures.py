"""What another room adds to a mail that it had written: a letter, pictures in it, files with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voiceloop.server.collect.models import Message

Make = Callable[[int], "Enclosure | None"]
MAKERS: dict[str, Make] = {}


@dataclass(frozen=True)
class File:
    name: str
    content: bytes
    kind: str  # application/pdf


@dataclass(frozen=True)
class Enclosure:
    """`pictures` are PNG by the id under which the letter shows them.

    `leave` is where such mails are ended; with `one_click` a bare POST to it does so (RFC 8058).
    """

    letter: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    leave: str = ""
    one_click: bool = False
    # Lines of the head that say what the mail answers, or where an answer goes.
    headers: Mapping[str, str] = field(default_factory=dict)
    # A person wrote it; anything else tells other machines that it was generated.
    by_a_person: bool = False


def encloses(noun: str) -> Callable[[Make], Make]:
    """Register what goes with messages about such a thing: `mail_run:7`."""

    def register(make: Make) -> Make:
        MAKERS[noun] = make
        return make

    return register


def of(message: Message) -> Enclosure | None:
    noun, _colon, pk = message.about.partition(":")
    make = MAKERS.get(noun)
    return make(int(pk)) if make and pk.isdigit() else None
