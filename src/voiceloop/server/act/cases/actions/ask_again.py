"""Ask the customer again whether it is solved."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases import recovery
from voiceloop.server.act.cases.actions import Action, NoParams, NotYet
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User


class AskAgain(Action):
    code = "ask_again"
    label = _("Send the re-survey")
    help = _("Only the customer can say that it is solved. Waits until the case is resolved.")
    icon = "clipboard-list"
    is_automatic = True

    def proof(self, case: Case) -> datetime | None:
        outcome = getattr(case, "outcome", None)
        return outcome.at if outcome else None

    def perform(self, case: Case, *, by: User | None, params: NoParams) -> None:
        if case.is_open:
            raise NotYet(case.pk)
        recovery.ask(case)


ACTION = AskAgain()
