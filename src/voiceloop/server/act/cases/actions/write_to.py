"""Write to the customer in the company's own words, in the customer's language."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act import letters
from voiceloop.server.act.cases.actions import Action
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import Unit, User


@dataclass(frozen=True)
class Letter:
    text: str = field(default="", metadata={"label": _("In Chinese"), "needed": True})
    text_en: str = field(default="", metadata={"label": _("In English")})


class WriteTo(Action):
    code = "write_to"
    label = _("Write to the customer")
    help = _("A message of your own; who asked not to be written to gets none.")
    icon = "mail"
    Params = Letter
    is_automatic = of_answers = True

    def perform(self, case: Case, *, by: User | None, params: Letter) -> None:
        _write(case.customer, case.unit, f"case:{case.pk}", params)

    def perform_on_answer(self, response: Response, *, params: Letter) -> None:
        _write(response.customer, response.unit, f"response:{response.pk}", params)


def _write(customer: Customer | None, unit: Unit, about: str, params: Letter) -> None:
    """Once for a case and a text: the key holds both."""
    if params.text and customer and customer.opted_out_at is None:
        letters.own_words(customer, unit=unit, about=about, text=params.text, text_en=params.text_en)


ACTION = WriteTo()
