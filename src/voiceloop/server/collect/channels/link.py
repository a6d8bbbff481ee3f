"""Personal links that nobody sends: a person copies them into a chat or a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from voiceloop.server.collect.models import Customer, Message


class Link:
    code = "link"
    label = _("Link to copy")
    delivers = False

    def is_ready(self) -> bool:
        return True

    def address_of(self, customer: Customer) -> str:
        return customer.number or f"#{customer.pk}"

    def send(self, message: Message) -> None:
        raise RuntimeError("a link is copied by a person, never sent")


CHANNEL = Link()
