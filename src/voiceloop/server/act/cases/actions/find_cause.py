"""Find the cause: of the problem, the process or the people."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases.actions import Action
from voiceloop.server.act.models import Case


class FindCause(Action):
    code = "find_cause"
    label = _("Find the root cause")
    help = _("Of the problem, the process or the people; not who is to blame.")
    icon = "sitemap"
    dialog = "resolve"

    def proof(self, case: Case) -> datetime | None:
        return case.resolution.at if hasattr(case, "resolution") else None


ACTION = FindCause()
