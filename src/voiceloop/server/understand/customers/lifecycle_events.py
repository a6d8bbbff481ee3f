"""What can happen to a customer's stage of life and to the rules of stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType
from voiceloop.server.understand.risk.reading import stage_name


@dataclass(frozen=True, kw_only=True)
class StageEntered(EventType):
    """A night saw this customer in another stage than the night before."""

    type: ClassVar[str] = "stage.entered"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("Stage of life: %(before_name)s → %(stage_name)s")
    icon: ClassVar[str] = "versions"

    customer: int
    stage: str
    before: str

    def words(self) -> dict[str, Any]:
        return {"stage_name": stage_name(self.stage), "before_name": stage_name(self.before)}


@dataclass(frozen=True, kw_only=True)
class StageRulesSaved(EventType):
    type: ClassVar[str] = "stage_rules.saved"
    about: ClassVar[tuple[str, ...]] = ("rules",)
    sentence: ClassVar[object] = _("%(by)s wrote version %(rules)s of the rules of stages")
    icon: ClassVar[str] = "adjustments"

    rules: int
