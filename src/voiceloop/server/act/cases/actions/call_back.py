"""Call back three times: does the solution hold?"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases.actions import Action
from voiceloop.server.act.models import Case


class CallBack(Action):
    code = "call_back"
    label = _("Call back after 1, 24 and 72 hours")
    help = _("A solution counts when the customer says that it holds.")
    icon = "phone-check"

    def proof(self, case: Case) -> datetime | None:
        calls = [call for call in case.callbacks.all() if call.cancelled_at is None]
        if case.is_open or not calls or any(call.done_at is None for call in calls):
            return None
        done: datetime = max(call.done_at for call in calls if call.done_at)
        return done


ACTION = CallBack()
