"""What can happen to those who did not complain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class CareReopened(EventType):
    type: ClassVar[str] = "care.reopened"
    about: ClassVar[tuple[str, ...]] = ("care_task", "customer")
    sentence: ClassVar[object] = _("%(by)s took the care back into the list")
    icon: ClassVar[str] = "arrow-back-up"

    care_task: int
    customer: int | None


@dataclass(frozen=True, kw_only=True)
class FriendCame(EventType):
    """Nobody knows who: the button of a share link was pressed once by one page."""

    type: ClassVar[str] = "recommendation.made"
    about: ClassVar[tuple[str, ...]] = ("share_link", "customer", "response")
    sentence: ClassVar[object] = _("Somebody came on this customer's recommendation")
    icon: ClassVar[str] = "share"

    share_link: int
    customer: int | None
    # Of the promoter: its channel, touchpoint and segment are those of the friend's visit in the lake.
    response: int | None = None


@dataclass(frozen=True, kw_only=True)
class AmbassadorJoined(EventType):
    type: ClassVar[str] = "ambassador.joined"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("The customer agreed to be an ambassador")
    icon: ClassVar[str] = "heart-handshake"

    customer: int
    how: str


@dataclass(frozen=True, kw_only=True)
class AmbassadorLeft(EventType):
    type: ClassVar[str] = "ambassador.left"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("The customer is an ambassador no longer")
    icon: ClassVar[str] = "heart-handshake"

    customer: int


@dataclass(frozen=True, kw_only=True)
class OfferMade(EventType):
    type: ClassVar[str] = "care.offered"
    about: ClassVar[tuple[str, ...]] = ("care_task", "customer")
    sentence: ClassVar[object] = _("%(by)s made an offer")
    icon: ClassVar[str] = "gift"

    care_task: int
    customer: int | None
    offer: str


@dataclass(frozen=True, kw_only=True)
class WordHeard(EventType):
    type: ClassVar[str] = "word_of_mouth.heard"
    about: ClassVar[tuple[str, ...]] = ("word_of_mouth", "customer")
    sentence: ClassVar[object] = _("%(by)s wrote down what was said about us")
    icon: ClassVar[str] = "speakerphone"

    word_of_mouth: int
    customer: int | None
    side: str
    place: str


@dataclass(frozen=True, kw_only=True)
class WordTakenBack(EventType):
    type: ClassVar[str] = "word_of_mouth.taken_back"
    about: ClassVar[tuple[str, ...]] = ("word_of_mouth", "customer")
    sentence: ClassVar[object] = _("%(by)s took back what was written down")
    icon: ClassVar[str] = "arrow-back-up"

    word_of_mouth: int
    customer: int | None


@dataclass(frozen=True, kw_only=True)
class WordRestored(EventType):
    type: ClassVar[str] = "word_of_mouth.restored"
    about: ClassVar[tuple[str, ...]] = ("word_of_mouth", "customer")
    sentence: ClassVar[object] = _("%(by)s brought back what was written down")
    icon: ClassVar[str] = "arrow-back-up"

    word_of_mouth: int
    customer: int | None
