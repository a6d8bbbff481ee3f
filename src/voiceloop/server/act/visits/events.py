"""What happens when a customer comes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class CustomerReceived(EventType):
    """Somebody looked a customer up to serve them."""

    type: ClassVar[str] = "customer.received"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("%(by)s looked the customer up at reception")
    icon: ClassVar[str] = "eye"

    customer: int


@dataclass(frozen=True, kw_only=True)
class VisitAnnounced(EventType):
    """A customer with preferences has ordered: whoever serves is told so, never what the preferences are."""

    type: ClassVar[str] = "visit.announced"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("Order %(number)s: look at the customer's %(n)s preferences first")
    icon: ClassVar[str] = "heart-handshake"

    customer: int
    number: str
    n: int
