"""What can happen to limits and to what was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.events import CASE_AND_CUSTOMER
from voiceloop.server.core.events import EventType
from voiceloop.server.core.models import Role, User


@dataclass(frozen=True, kw_only=True)
class _OfLimit(EventType):
    about: ClassVar[tuple[str, ...]] = ("person",)
    icon: ClassVar[str] = "wallet"

    role: str
    person: int | None
    each: str
    month: str

    def words(self) -> dict[str, Any]:
        person = User.objects.filter(pk=self.person).first() if self.person else None
        return {"whose": person or Role.name_of(self.role)}


@dataclass(frozen=True, kw_only=True)
class LimitSet(_OfLimit):
    type: ClassVar[str] = "limit.set"
    sentence: ClassVar[object] = _("%(by)s set the spending limit of %(whose)s: ¥%(each)s")


@dataclass(frozen=True, kw_only=True)
class LimitRemoved(_OfLimit):
    type: ClassVar[str] = "limit.removed"
    sentence: ClassVar[object] = _("%(by)s took away the spending limit of %(whose)s")


@dataclass(frozen=True, kw_only=True)
class RemedyReversed(EventType):
    type: ClassVar[str] = "remedy.reversed"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s took back what was given: ¥%(amount)s")
    icon: ClassVar[str] = "arrow-back-up"

    case: int
    customer: int | None
    remedy: int
    amount: str
