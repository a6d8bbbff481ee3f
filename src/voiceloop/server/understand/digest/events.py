"""What can happen to digests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class DigestSubscribed(EventType):
    type: ClassVar[str] = "digest.subscribed"
    about: ClassVar[tuple[str, ...]] = ("digest",)
    sentence: ClassVar[object] = _("%(by)s subscribed %(receiver)s to the weekly digest")
    icon: ClassVar[str] = "mail"

    digest: int
    receiver: str


@dataclass(frozen=True, kw_only=True)
class DigestLeft(EventType):
    type: ClassVar[str] = "digest.left"
    about: ClassVar[tuple[str, ...]] = ("digest",)
    sentence: ClassVar[object] = _("%(receiver)s no longer receives the weekly digest")
    icon: ClassVar[str] = "mail"

    digest: int
    receiver: str


@dataclass(frozen=True, kw_only=True)
class DigestWritten(EventType):
    type: ClassVar[str] = "digest.written"
    about: ClassVar[tuple[str, ...]] = ("digest",)
    sentence: ClassVar[object] = _("The digest of week %(week)s was mailed to %(receiver)s")
    icon: ClassVar[str] = "mail"

    digest: int
    week: str
    receiver: str


@dataclass(frozen=True, kw_only=True)
class OwnerNamed(EventType):
    type: ClassVar[str] = "subject.owner_named"
    sentence: ClassVar[object] = _("%(by)s named %(owner)s to answer for %(subject)s")
    icon: ClassVar[str] = "user"

    subject: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class ActionNoted(EventType):
    type: ClassVar[str] = "digest.action_noted"
    sentence: ClassVar[object] = _("%(by)s noted what is done about %(subject)s")
    icon: ClassVar[str] = "note"

    subject: str
    week: str
