"""What can happen to the names of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class CodeNamed(EventType):
    type: ClassVar[str] = "code.named"
    sentence: ClassVar[object] = _("%(by)s named %(dimension)s %(code)s: %(name)s")
    icon: ClassVar[str] = "tag"

    dimension: str
    code: str
    name: str
