"""Make it good: a refund, a voucher, another dish, a gift."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.act.cases import remedies
from voiceloop.server.act.cases.actions import Action
from voiceloop.server.act.models import Case, Remedy
from voiceloop.server.core.models import User


@dataclass(frozen=True)
class Choice:
    kind: str = field(
        default=Remedy.Kind.VOUCHER, metadata={"label": _("Remedy"), "choices": Remedy.Kind.choices}
    )
    amount: Decimal = field(default=Decimal(0), metadata={"label": _("Worth (¥)")})
    note: str = field(default="", metadata={"label": pgettext_lazy("case", "Note")})


class GiveRemedy(Action):
    code = "remedy"
    label = _("Make it good")
    help = _("Within your own limit at once; above it a lead approves it.")
    icon = "gift"
    Params = Choice
    is_ticked = False

    def proof(self, case: Case) -> datetime | None:
        approved = [remedy.approved_at for remedy in case.remedies.all() if remedy.is_given]
        return min(approved, default=None)

    def waits(self, case: Case) -> bool:
        return any(remedy.is_waiting for remedy in case.remedies.all())

    def perform(self, case: Case, *, by: User | None, params: Choice) -> None:
        assert by is not None, "a remedy is given by a person"
        remedies.give(case, by=by, kind=params.kind, amount=params.amount, note=params.note)


ACTION = GiveRemedy()
