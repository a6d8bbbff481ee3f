"""Thank who recommends us, with a link of their own to share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act import letters
from voiceloop.server.act.cases.actions import Action, NoParams
from voiceloop.server.act.growth import sharing
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import User


class Thank(Action):
    code = "thank"
    label = _("Say thank you")
    help = _("By name, for what they praised.")
    icon = "heart-handshake"
    is_automatic = of_answers = True

    def perform(self, case: Case, *, by: User | None, params: NoParams) -> None:
        if case.response:
            sharing.thank(case.response)
        else:
            letters.thanks(
                case.customer, unit=case.unit, key=f"thanks:case:{case.pk}", about=f"case:{case.pk}"
            )

    def perform_on_answer(self, response: Response, *, params: NoParams) -> None:
        sharing.thank(response)


ACTION = Thank()
