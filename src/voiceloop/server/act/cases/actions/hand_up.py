"""Hand the case to the lead, who takes it over."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases import cases
from voiceloop.server.act.cases.actions import Action, NoParams
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User


class HandUp(Action):
    code = "hand_up"
    label = _("Hand the case to the lead")
    help = _("For what an agent should not carry alone.")
    icon = "arrow-up-right"
    is_automatic = True

    def perform(self, case: Case, *, by: User | None, params: NoParams) -> None:
        if case.is_open:
            cases.escalate(case, by=by)


ACTION = HandUp()
