"""What can happen while we understand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class LabelCorrected(EventType):
    type: ClassVar[str] = "label.corrected"
    about: ClassVar[tuple[str, ...]] = ("verbatim", "response")
    sentence: ClassVar[object] = _("%(by)s corrected the labels")
    icon: ClassVar[str] = "tag"

    verbatim: int
    response: int
