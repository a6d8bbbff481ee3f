"""Care for a passive: somebody is to offer what would have made it a ten."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases.actions import Action, NoParams
from voiceloop.server.act.growth import care
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import User


class Care(Action):
    code = "care"
    label = _("Open a care task")
    help = _("An offer or a trial that fits what was missing; whether they come back happier is counted.")
    icon = "heart-handshake"
    is_automatic = of_answers = True

    def perform(self, case: Case, *, by: User | None, params: NoParams) -> None:
        if case.response:
            care.open_for_response(case.response, owner=case.owner)

    def perform_on_answer(self, response: Response, *, params: NoParams) -> None:
        care.open_and_route(response)


ACTION = Care()
