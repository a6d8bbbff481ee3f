"""What can happen to an improvement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType

ABOUT = ("initiative", "root_cause")


@dataclass(frozen=True, kw_only=True)
class InitiativePlanned(EventType):
    type: ClassVar[str] = "initiative.planned"
    about: ClassVar[tuple[str, ...]] = ABOUT
    sentence: ClassVar[object] = _("%(by)s planned: %(title)s")
    icon: ClassVar[str] = "target-arrow"

    initiative: int
    root_cause: int | None
    title: str


@dataclass(frozen=True, kw_only=True)
class InitiativeRevised(EventType):
    type: ClassVar[str] = "initiative.revised"
    about: ClassVar[tuple[str, ...]] = ABOUT
    sentence: ClassVar[object] = _("%(by)s changed the plan of %(title)s")
    icon: ClassVar[str] = "edit"

    initiative: int
    root_cause: int | None
    title: str


@dataclass(frozen=True, kw_only=True)
class InitiativeStarted(EventType):
    type: ClassVar[str] = "initiative.started"
    about: ClassVar[tuple[str, ...]] = ABOUT
    sentence: ClassVar[object] = _("%(by)s started: %(title)s")
    icon: ClassVar[str] = "player-play"

    initiative: int
    root_cause: int | None
    title: str


@dataclass(frozen=True, kw_only=True)
class InitiativeChecked(EventType):
    """`verdict` is empty when there was too little to compare."""

    type: ClassVar[str] = "initiative.checked"
    about: ClassVar[tuple[str, ...]] = ABOUT
    sentence: ClassVar[object] = _("%(by)s checked %(title)s: %(finding)s")
    icon: ClassVar[str] = "scale"

    initiative: int
    root_cause: int | None
    title: str
    verdict: str = ""

    def words(self) -> dict[str, Any]:
        said = {
            "signal": _("the change is larger than chance"),
            "noise": _("chance alone explains the change"),
        }
        return {"finding": said.get(self.verdict, _("too few facts to compare"))}


@dataclass(frozen=True, kw_only=True)
class InitiativeStandardised(EventType):
    """What was learned, and what the front line must know of it."""

    type: ClassVar[str] = "initiative.standardised"
    about: ClassVar[tuple[str, ...]] = ABOUT
    sentence: ClassVar[object] = _("%(by)s made it the standard: %(title)s")
    icon: ClassVar[str] = "rosette-discount-check"

    initiative: int
    root_cause: int | None
    title: str
    training: str = ""


@dataclass(frozen=True, kw_only=True)
class InitiativeReplanned(EventType):
    type: ClassVar[str] = "initiative.replanned"
    about: ClassVar[tuple[str, ...]] = ABOUT
    sentence: ClassVar[object] = _("%(by)s took %(title)s back to the plan")
    icon: ClassVar[str] = "arrow-back-up"

    initiative: int
    root_cause: int | None
    title: str


@dataclass(frozen=True, kw_only=True)
class InitiativeStopped(EventType):
    type: ClassVar[str] = "initiative.stopped"
    about: ClassVar[tuple[str, ...]] = ABOUT
    sentence: ClassVar[object] = _("%(by)s stopped: %(title)s")
    icon: ClassVar[str] = "player-stop"

    initiative: int
    root_cause: int | None
    title: str
