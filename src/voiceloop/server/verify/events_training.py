"""What can happen to something that the front line must learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class _OfTraining(EventType):
    about: ClassVar[tuple[str, ...]] = ("training", "initiative")
    icon: ClassVar[str] = "school"

    training: int
    initiative: int | None
    title: str


@dataclass(frozen=True, kw_only=True)
class TrainingGiven(_OfTraining):
    type: ClassVar[str] = "training.given"
    sentence: ClassVar[object] = _("%(by)s gave the front line something to learn: %(title)s")


@dataclass(frozen=True, kw_only=True)
class TrainingLearned(_OfTraining):
    type: ClassVar[str] = "training.learned"
    sentence: ClassVar[object] = _("%(by)s learned: %(title)s")


@dataclass(frozen=True, kw_only=True)
class TrainingArchived(_OfTraining):
    type: ClassVar[str] = "training.archived"
    sentence: ClassVar[object] = _("%(by)s took off what was to be learned: %(title)s")
