"""Thank who recommends us."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act import letters
from voiceloop.server.act.cases.actions import Action, NoParams
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User


class Thank(Action):
    code = "thank"
    label = _("Say thank you")
    help = _("By name, for what they praised.")
    icon = "heart-handshake"

    def perform(self, case: Case, *, by: User, params: NoParams) -> None:
        letters.thanks(case.customer, unit=case.unit, key=f"thanks:case:{case.pk}", about=f"case:{case.pk}")


ACTION = Thank()
