"""Write a note on the case, for whoever works on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases import cases
from voiceloop.server.act.cases.actions import Action
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User


@dataclass(frozen=True)
class Text:
    text: str = field(default="", metadata={"label": _("The note"), "needed": True})


class LeaveNote(Action):
    code = "leave_note"
    label = _("Leave a note on the case")
    help = _("A reminder of a rule, a phrase, or whom to ask.")
    icon = "note"
    Params = Text
    is_automatic = True

    def perform(self, case: Case, *, by: User | None, params: Text) -> None:
        if params.text:
            cases.note(case, by=by, text=params.text)


ACTION = LeaveNote()
