"""What can happen to the causes that a company names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class CauseAdded(EventType):
    type: ClassVar[str] = "cause.added"
    about: ClassVar[tuple[str, ...]] = ("root_cause",)
    sentence: ClassVar[object] = _("%(by)s added the root cause %(name)s")
    icon: ClassVar[str] = "sitemap"

    root_cause: int
    name: str


@dataclass(frozen=True, kw_only=True)
class CauseRenamed(EventType):
    type: ClassVar[str] = "cause.renamed"
    about: ClassVar[tuple[str, ...]] = ("root_cause",)
    sentence: ClassVar[object] = _("%(by)s renamed the root cause %(before)s: %(name)s")
    icon: ClassVar[str] = "edit"

    root_cause: int
    before: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CauseArchived(EventType):
    type: ClassVar[str] = "cause.archived"
    about: ClassVar[tuple[str, ...]] = ("root_cause",)
    sentence: ClassVar[object] = _("%(by)s archived the root cause %(name)s")
    icon: ClassVar[str] = "lock"

    root_cause: int
    name: str


@dataclass(frozen=True, kw_only=True)
class CauseRestored(EventType):
    type: ClassVar[str] = "cause.restored"
    about: ClassVar[tuple[str, ...]] = ("root_cause",)
    sentence: ClassVar[object] = _("%(by)s took the root cause %(name)s back into use")
    icon: ClassVar[str] = "lock-open"

    root_cause: int
    name: str
