"""What can become of an order or a case that its customer would want to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Kind:
    """One thing to tell: its shipped words, whether it is told unless somebody chose, what makes it old."""

    code: str
    label: Any
    words: Any
    icon: str = "point"
    is_on: bool = False
    tone: str = ""
    # What is known later and makes this one no news any more.
    old_after: tuple[str, ...] = ()

    @property
    def is_of_case(self) -> bool:
        return self.code.startswith("case_")


_FOUND = (
    Kind(
        "placed", pgettext_lazy("order", "Placed"),
        _("We have your order {number} at {store}. Where it stands: {link}"),
        "clipboard-check", old_after=("underway", "delivered", "cancelled"),
    ),
    Kind(
        "underway", pgettext_lazy("order", "On its way"),
        _("Your order {number} left {store} at {time}. Where it stands: {link}"),
        "send", is_on=True, old_after=("delivered", "cancelled"),
    ),
    Kind(
        "delayed", pgettext_lazy("order", "Delayed"),
        _(
            "Your order {number} takes longer than we said; we are sorry. It now comes by {new_time}. "
            "Where it stands: {link}"
        ),
        "clock", is_on=True, tone="bad", old_after=("delayed", "delivered", "cancelled"),
    ),
    Kind(
        "delivered", pgettext_lazy("order", "Delivered"),
        _(
            "Your order {number} was delivered at {time}. If anything is not right, please tell us. "
            "Where it stands: {link}"
        ),
        "circle-check", is_on=True, tone="good",
    ),
    Kind(
        "cancelled", pgettext_lazy("order", "Cancelled"),
        _("Your order {number} at {store} was cancelled at {time}. Where it stands: {link}"),
        "circle-x", is_on=True, tone="bad",
    ),
    Kind(
        "refunded", pgettext_lazy("order", "Refunded"),
        _("The money for your order {number} is on its way back to you. Where it stands: {link}"),
        "arrow-back-up", is_on=True, tone="good",
    ),
    Kind(
        "case_received", pgettext_lazy("case", "Received"),
        _("We have what you told us (number {number}). Where it stands: {link}"),
        "inbox", old_after=("case_taken", "case_solved"),
    ),
    Kind(
        "case_taken", pgettext_lazy("case", "Taken over"),
        _("Somebody at {company} is working on your matter (number {number}). Where it stands: {link}"),
        "user-check", old_after=("case_solved",),
    ),
    Kind(
        "case_waiting", pgettext_lazy("case", "Waits for you"),
        _("To go on with your matter (number {number}) we need a word from you. Where it stands: {link}"),
        "player-pause", old_after=("case_solved", "case_reopened"),
    ),
    Kind(
        "case_solved", pgettext_lazy("case", "Solved"),
        _(
            "Your matter (number {number}) is solved as far as we know. If not, please tell us. "
            "Where it stands: {link}"
        ),
        "circle-check", tone="good", old_after=("case_reopened",),
    ),
    Kind(
        "case_reopened", pgettext_lazy("case", "Taken up again"),
        _("We took up your matter (number {number}) again. Where it stands: {link}"),
        "rotate", old_after=("case_solved",),
    ),
)  # fmt: skip
KINDS: dict[str, Kind] = {one.code: one for one in _FOUND}
OF_ORDERS = tuple(code for code, one in KINDS.items() if not one.is_of_case)
CHOICES = [(code, one.label) for code, one in KINDS.items()]
