"""What can happen to people as takers of cases, and to cases on their way to somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.events import CASE_AND_CUSTOMER
from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class _OfPerson(EventType):
    about: ClassVar[tuple[str, ...]] = ("person",)

    person: int
    name: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.events import _name_of

        return {"name": _name_of(self.person, self.name)}


@dataclass(frozen=True, kw_only=True)
class StatusSet(_OfPerson):
    type: ClassVar[str] = "agent.status"
    sentence: ClassVar[object] = _("%(name)s is %(status_name)s")
    icon: ClassVar[str] = "user-check"

    status: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import AgentProfile

        known = dict(AgentProfile.Status.choices)
        return super().words() | {"status_name": known.get(self.status, self.status)}


@dataclass(frozen=True, kw_only=True)
class ProfileSaved(_OfPerson):
    type: ClassVar[str] = "agent.profile"
    sentence: ClassVar[object] = _("%(by)s changed what %(name)s can do")
    icon: ClassVar[str] = "edit"

    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CaseReturned(EventType):
    """A case went back to the queue: who had it could not answer in time."""

    type: ClassVar[str] = "case.returned"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("Back in the queue")
    icon: ClassVar[str] = "arrow-back-up"

    case: int
    customer: int | None
    person: int
    name: str
    why: str

    def sentence_for(self, event: Any) -> str:
        from voiceloop.server.act.events import _name_of
        from voiceloop.server.act.routing.explain import RETURNED

        return str(RETURNED.get(self.why, RETURNED["away"])) % {"name": _name_of(self.person, self.name)}


@dataclass(frozen=True, kw_only=True)
class CaseGreen(EventType):
    """`leads`: who is told at once."""

    type: ClassVar[str] = "case.green"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("Green channel: %(why)s")
    icon: ClassVar[str] = "bolt"

    case: int
    customer: int | None
    reason: dict[str, Any]
    leads: list[int] = field(default_factory=list)

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.routing.explain import green

        return {"why": green(self.reason)}


@dataclass(frozen=True, kw_only=True)
class GreenRuleSaved(EventType):
    type: ClassVar[str] = "green_rule.saved"
    about: ClassVar[tuple[str, ...]] = ()
    sentence: ClassVar[object] = _("%(by)s changed which cases go through the green channel")
    icon: ClassVar[str] = "bolt"

    minutes: int
