"""What can happen around busy queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.events import CASE_AND_CUSTOMER
from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class CustomerDiverted(EventType):
    type: ClassVar[str] = "overflow.diverted"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s pointed to self-service; %(n)s were waiting")
    icon: ClassVar[str] = "arrows-split"

    case: int
    customer: int | None
    n: int


@dataclass(frozen=True, kw_only=True)
class OverflowSaved(EventType):
    type: ClassVar[str] = "overflow.saved"
    about: ClassVar[tuple[str, ...]] = ()
    sentence: ClassVar[object] = _("%(by)s set from how many waiting on %(name)s points to self-service")
    icon: ClassVar[str] = "settings"

    name: str
    channels: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SelfServiceSaved(EventType):
    type: ClassVar[str] = "overflow.page_saved"
    about: ClassVar[tuple[str, ...]] = ()
    sentence: ClassVar[object] = _("%(by)s changed the self-service page “%(name)s”")
    icon: ClassVar[str] = "link"

    page: int
    name: str
    archived: bool = False
