"""Fix it, and say how."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases.actions import Action
from voiceloop.server.act.models import Case


class Fix(Action):
    code = "fix"
    label = _("Solve it and tell the customer")
    help = _("What was done, and what will not happen again.")
    icon = "circle-check"
    dialog = "resolve"

    def proof(self, case: Case) -> datetime | None:
        return case.resolution.at if hasattr(case, "resolution") else None


ACTION = Fix()
