"""What can happen to a proposal to speak with a customer, and to the rules that make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class OfProposal(EventType):
    about: ClassVar[tuple[str, ...]] = ("customer",)

    customer: int
    proposal: int

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import OutreachProposal

        found = OutreachProposal.objects.filter(pk=self.proposal).select_related("rule").first()
        return {"rule": found.rule if found else "—", "why": found.sentence if found else "—"}


@dataclass(frozen=True, kw_only=True)
class OutreachProposed(OfProposal):
    type: ClassVar[str] = "outreach.proposed"
    sentence: ClassVar[object] = _("Proposed to speak with them first: %(why)s")
    icon: ClassVar[str] = "bulb"


@dataclass(frozen=True, kw_only=True)
class OutreachAccepted(OfProposal):
    type: ClassVar[str] = "outreach.accepted"
    about: ClassVar[tuple[str, ...]] = ("customer", "case")
    sentence: ClassVar[object] = _("%(by)s decided to speak with them first: %(why)s")
    icon: ClassVar[str] = "check"

    case: int


@dataclass(frozen=True, kw_only=True)
class OutreachDismissed(OfProposal):
    type: ClassVar[str] = "outreach.dismissed"
    sentence: ClassVar[object] = _("%(by)s dismissed the proposal “%(rule)s”: %(reason_name)s")
    icon: ClassVar[str] = "x"

    reason: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import OutreachProposal

        names = dict(OutreachProposal.Reason.choices)
        return super().words() | {"reason_name": names.get(self.reason, self.reason)}


@dataclass(frozen=True, kw_only=True)
class OutreachRestored(OfProposal):
    type: ClassVar[str] = "outreach.restored"
    sentence: ClassVar[object] = _("%(by)s took the dismissal of “%(rule)s” back")
    icon: ClassVar[str] = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class OutreachLapsed(OfProposal):
    """Nobody decided in time, or the customer was faster."""

    type: ClassVar[str] = "outreach.lapsed"
    sentence: ClassVar[object] = _("The proposal “%(rule)s” ended undecided: %(state_name)s")
    icon: ClassVar[str] = "clock"

    state: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import OutreachProposal

        names = dict(OutreachProposal.State.choices)
        return super().words() | {"state_name": names.get(self.state, self.state)}


@dataclass(frozen=True, kw_only=True)
class AnticipationRuleSaved(EventType):
    type: ClassVar[str] = "anticipation_rule.saved"
    sentence: ClassVar[object] = _("%(by)s saved the anticipation rule “%(name)s”")
    icon: ClassVar[str] = "edit"

    rule: int
    name: str


@dataclass(frozen=True, kw_only=True)
class AnticipationRuleSwitched(EventType):
    type: ClassVar[str] = "anticipation_rule.switched"
    sentence: ClassVar[object] = _("%(by)s set the anticipation rule “%(name)s”: %(state_name)s")
    icon: ClassVar[str] = "player-play"

    rule: int
    name: str
    # on, off, archived or restored.
    state: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.anticipation.rules import STATES

        return {"state_name": STATES.get(self.state, self.state)}
