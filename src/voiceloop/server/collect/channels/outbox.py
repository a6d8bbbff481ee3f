"""The outbox: messages stay on its page, to be handed over by a person, while nothing else is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from voiceloop.server.collect.models import Customer, Message


class Outbox:
    code = "outbox"
    label = _("Outbox (kept here)")
    delivers = False

    def is_ready(self) -> bool:
        return True

    def address_of(self, customer: Customer) -> str:
        return customer.phone or customer.email or customer.number or ""

    def send(self, message: Message) -> None:
        raise RuntimeError("the outbox keeps its messages")


CHANNEL = Outbox()
