"""What can happen around telling customers where things stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.status.kinds import KINDS
from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class _OfMilestone(EventType):
    about: ClassVar[tuple[str, ...]] = ("customer", "case")

    milestone: int
    customer: int | None
    case: int | None = None
    number: str
    kind: str

    def words(self) -> dict[str, Any]:
        return {"what": KINDS[self.kind].label if self.kind in KINDS else self.kind}


@dataclass(frozen=True, kw_only=True)
class StatusReported(_OfMilestone):
    """Something became of an order."""

    type: ClassVar[str] = "status.reported"
    sentence: ClassVar[object] = _("Order %(number)s: %(what)s")
    icon: ClassVar[str] = "circle-dot"


@dataclass(frozen=True, kw_only=True)
class StatusTold(_OfMilestone):
    type: ClassVar[str] = "status.told"
    sentence: ClassVar[object] = _("The customer was told of %(number)s: %(what)s")
    icon: ClassVar[str] = "send"


@dataclass(frozen=True, kw_only=True)
class StatusWithdrawn(_OfMilestone):
    type: ClassVar[str] = "status.withdrawn"
    sentence: ClassVar[object] = _("%(by)s took back what was reported of %(number)s: %(what)s")
    icon: ClassVar[str] = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class StatusRulesSaved(EventType):
    type: ClassVar[str] = "status.rules_saved"
    about: ClassVar[tuple[str, ...]] = ("status_rules",)
    sentence: ClassVar[object] = _("%(by)s set what %(name)s tells customers about orders and cases")
    icon: ClassVar[str] = "settings"

    status_rules: int
    name: str


@dataclass(frozen=True, kw_only=True)
class StatusRefused(EventType):
    type: ClassVar[str] = "status.refused"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("Wants no messages about where orders and cases stand")
    icon: ClassVar[str] = "ban"

    customer: int


@dataclass(frozen=True, kw_only=True)
class StatusWanted(EventType):
    type: ClassVar[str] = "status.wanted"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("Wants messages about where orders and cases stand again")
    icon: ClassVar[str] = "bell"

    customer: int
