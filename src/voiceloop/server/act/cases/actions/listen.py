"""Listen: talk with the customer before anything is decided."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases.actions import Action
from voiceloop.server.act.models import Case


class Listen(Action):
    code = "listen"
    label = _("Listen to the customer")
    help = _("Let them tell it once, in full; repeat it in your own words.")
    icon = "phone"
    dialog = "contact"

    def proof(self, case: Case) -> datetime | None:
        return case.first_contact_at


ACTION = Listen()
