"""What can happen to a customer's risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class RisksComputed(EventType):
    type: ClassVar[str] = "risks.computed"
    sentence: ClassVar[object] = _("%(n)s customers were scored: %(high)s at high risk")
    icon: ClassVar[str] = "activity-heartbeat"

    n: int
    high: int
    version: str


@dataclass(frozen=True, kw_only=True)
class RiskModelFitted(EventType):
    type: ClassVar[str] = "risk_model.fitted"
    sentence: ClassVar[object] = _("A model of who leaves was fitted on %(n)s customers: %(version)s")
    icon: ClassVar[str] = "school"

    version: str
    n: int


@dataclass(frozen=True, kw_only=True)
class RiskRaised(EventType):
    """Someone should speak with this customer before they leave; by hand or at night."""

    type: ClassVar[str] = "risk.raised"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("At risk of leaving: %(percent)s %%")
    icon: ClassVar[str] = "alert-triangle"

    customer: int
    percent: int
    # Columns and values, in the order of their effect.
    reasons: list[list[str]]


@dataclass(frozen=True, kw_only=True)
class RiskSnoozed(EventType):
    type: ClassVar[str] = "risk.snoozed"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("%(by)s set the risk aside until %(until)s")
    icon: ClassVar[str] = "clock"

    customer: int
    until: str
