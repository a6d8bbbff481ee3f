"""Say sorry, in writing, before anything is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act import letters
from voiceloop.server.act.cases.actions import Action
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User


@dataclass(frozen=True)
class Words:
    text: str = field(default="", metadata={"label": _("Your words (empty: the standard apology)")})


class Apologise(Action):
    code = "apologise"
    label = _("Say sorry")
    help = _("At once, without excuses; the message goes out in the customer's language.")
    icon = "message-2"
    Params = Words
    is_automatic = True

    def perform(self, case: Case, *, by: User | None, params: Words) -> None:
        key, about = f"sorry:case:{case.pk}", f"case:{case.pk}"
        letters.sorry(case.customer, unit=case.unit, key=key, about=about, text=params.text)


ACTION = Apologise()
