"""What can happen to choices and robots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class NoticeChoicesSaved(EventType):
    type: ClassVar[str] = "notices.chosen"
    about: ClassVar[tuple[str, ...]] = ("user",)
    sentence: ClassVar[object] = _("%(by)s chose how to be told")
    icon: ClassVar[str] = "bell"

    user: int


@dataclass(frozen=True, kw_only=True)
class RemedyAsked(EventType):
    """A remedy above the agent's limit waits for whoever may decide."""

    type: ClassVar[str] = "remedy.asked"
    about: ClassVar[tuple[str, ...]] = ("case", "customer")
    sentence: ClassVar[object] = _("%(by)s asks for a remedy above their limit")
    icon: ClassVar[str] = "gift"

    case: int
    customer: int | None
    remedy: int


@dataclass(frozen=True, kw_only=True)
class _OfRobot(EventType):
    about: ClassVar[tuple[str, ...]] = ("robot",)
    icon: ClassVar[str] = "robot"

    robot: int
    name: str


@dataclass(frozen=True, kw_only=True)
class RobotSaved(_OfRobot):
    type: ClassVar[str] = "robot.saved"
    sentence: ClassVar[object] = _("%(by)s set up the robot “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class RobotTried(_OfRobot):
    type: ClassVar[str] = "robot.tried"
    sentence: ClassVar[object] = _("%(by)s let the robot “%(name)s” say hello")


@dataclass(frozen=True, kw_only=True)
class RobotArchived(_OfRobot):
    type: ClassVar[str] = "robot.archived"
    sentence: ClassVar[object] = _("%(by)s switched the robot “%(name)s” off")


@dataclass(frozen=True, kw_only=True)
class RobotRestored(_OfRobot):
    type: ClassVar[str] = "robot.restored"
    sentence: ClassVar[object] = _("%(by)s switched the robot “%(name)s” on again")
