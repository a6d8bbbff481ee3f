"""What can happen to a message to those who raised something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class TellingSent(EventType):
    type: ClassVar[str] = "telling.sent"
    about: ClassVar[tuple[str, ...]] = ("telling",)
    sentence: ClassVar[object] = _("%(by)s told those who had raised it: %(said)s (%(n)s customers)")
    icon: ClassVar[str] = "message-circle"

    telling: int
    said: str
    n: int


@dataclass(frozen=True, kw_only=True)
class CustomerTold(EventType):
    type: ClassVar[str] = "customer.told"
    about: ClassVar[tuple[str, ...]] = ("customer", "telling")
    sentence: ClassVar[object] = _("Told what we did about: %(said)s")
    icon: ClassVar[str] = "message-circle"

    customer: int
    telling: int
    said: str
