"""What can happen to what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class CustomerErased(EventType):
    """All that is left of a customer is this and the receipt; the key names nobody any more."""

    type: ClassVar[str] = "customer.erased"
    about: ClassVar[tuple[str, ...]] = ("erasure",)
    sentence: ClassVar[object] = _("%(by)s erased customer %(key)s")
    icon: ClassVar[str] = "trash"

    erasure: int
    key: int
