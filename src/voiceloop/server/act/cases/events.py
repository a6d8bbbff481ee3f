"""What can happen to the clocks of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.events import CASE_AND_CUSTOMER
from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class CasePaused(EventType):
    type: ClassVar[str] = "case.paused"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s paused the case: it waits for the customer")
    icon: ClassVar[str] = "player-pause"

    case: int
    customer: int | None


@dataclass(frozen=True, kw_only=True)
class CaseResumed(EventType):
    type: ClassVar[str] = "case.resumed"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("The case goes on")
    icon: ClassVar[str] = "player-play"

    case: int
    customer: int | None


@dataclass(frozen=True, kw_only=True)
class CaseGraded(EventType):
    """How severe and how urgent it is now, said by a person or read from the words."""

    type: ClassVar[str] = "case.graded"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s set the case to %(priority_name)s (%(severity_name)s)")
    icon: ClassVar[str] = "flag"

    case: int
    customer: int | None
    severity: str
    priority: int

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import Case

        severities, priorities = dict(Case.Severity.choices), dict(Case.Priority.choices)
        return {
            "severity_name": severities.get(self.severity, self.severity),
            "priority_name": priorities.get(self.priority, self.priority),
        }


@dataclass(frozen=True, kw_only=True)
class _OfClock(EventType):
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER

    case: int
    customer: int | None
    clock: str
    due_at: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import ServicePromise

        return {"clock_name": dict(ServicePromise.Clock.choices).get(self.clock, self.clock)}


@dataclass(frozen=True, kw_only=True)
class PromiseNear(_OfClock):
    type: ClassVar[str] = "promise.near"
    sentence: ClassVar[object] = _("%(clock_name)s is due soon")
    icon: ClassVar[str] = "clock"


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(_OfClock):
    type: ClassVar[str] = "promise.broken"
    sentence: ClassVar[object] = _("%(clock_name)s was not kept in time")
    icon: ClassVar[str] = "alert-triangle"


@dataclass(frozen=True, kw_only=True)
class PromiseStillBroken(_OfClock):
    """Long after the breach nobody has mended it: the manager's turn."""

    type: ClassVar[str] = "promise.still_broken"
    sentence: ClassVar[object] = _("%(clock_name)s is still owed: it goes to the manager")
    icon: ClassVar[str] = "arrow-up"


@dataclass(frozen=True, kw_only=True)
class _OfPromise(EventType):
    about: ClassVar[tuple[str, ...]] = ("promise",)
    icon: ClassVar[str] = "clock"

    promise: int
    name: str


@dataclass(frozen=True, kw_only=True)
class PromiseSaved(_OfPromise):
    type: ClassVar[str] = "promise.saved"
    sentence: ClassVar[object] = _("%(by)s set the promise “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class PromiseArchived(_OfPromise):
    type: ClassVar[str] = "promise.archived"
    sentence: ClassVar[object] = _("%(by)s took back the promise “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class PromiseRestored(_OfPromise):
    type: ClassVar[str] = "promise.restored"
    sentence: ClassVar[object] = _("%(by)s brought back the promise “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class CalendarSaved(EventType):
    type: ClassVar[str] = "calendar.saved"
    about: ClassVar[tuple[str, ...]] = ("calendar",)
    sentence: ClassVar[object] = _("%(by)s changed the hours “%(name)s”")
    icon: ClassVar[str] = "clock"

    calendar: int
    name: str
