"""What can happen in a conversation with a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.events import CASE_AND_CUSTOMER
from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class _OfPost(EventType):
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER

    case: int
    customer: int | None
    thread: int
    post: int
    channel: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import Thread

        return {"channel_name": dict(Thread.Channel.choices).get(self.channel, self.channel)}


@dataclass(frozen=True, kw_only=True)
class PostHeard(_OfPost):
    type: ClassVar[str] = "post.heard"
    sentence: ClassVar[object] = _("The customer wrote by %(channel_name)s")
    icon: ClassVar[str] = "message"


@dataclass(frozen=True, kw_only=True)
class PostSent(_OfPost):
    type: ClassVar[str] = "post.sent"
    sentence: ClassVar[object] = _("%(by)s answered by %(channel_name)s")
    icon: ClassVar[str] = "send"


@dataclass(frozen=True, kw_only=True)
class PostWithdrawn(_OfPost):
    type: ClassVar[str] = "post.withdrawn"
    sentence: ClassVar[object] = _("%(by)s took an answer back before it left")
    icon: ClassVar[str] = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class PostReturned(_OfPost):
    type: ClassVar[str] = "post.returned"
    sentence: ClassVar[object] = _("A mail to the customer came back")
    icon: ClassVar[str] = "alert-triangle"


@dataclass(frozen=True, kw_only=True)
class WordsShown(EventType):
    """Somebody read a customer's message with the numbers in it that are usually masked."""

    type: ClassVar[str] = "post.shown"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s looked at a message as it was typed")
    icon: ClassVar[str] = "eye"

    case: int
    customer: int | None
    post: int


@dataclass(frozen=True, kw_only=True)
class InletSaved(EventType):
    type: ClassVar[str] = "inlet.saved"
    about: ClassVar[tuple[str, ...]] = ("inlet",)
    sentence: ClassVar[object] = _("%(by)s set the way in “%(name)s”")
    icon: ClassVar[str] = "settings"

    inlet: int
    name: str
