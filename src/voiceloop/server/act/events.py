"""What can happen while we answer customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType

CASE_AND_CUSTOMER = ("case", "customer")


def _name_of(user: int, otherwise: str) -> str:
    """A person's name in the reader's language."""
    from voiceloop.server.core.models import User

    return str(User.objects.filter(pk=user).first() or otherwise)


@dataclass(frozen=True, kw_only=True)
class CaseOpened(EventType):
    type: ClassVar[str] = "case.opened"
    about: ClassVar[tuple[str, ...]] = (*CASE_AND_CUSTOMER, "response")
    sentence: ClassVar[object] = _("Case opened: score %(score)s")
    icon: ClassVar[str] = "alert-triangle"

    case: int
    customer: int | None
    response: int | None
    score: float | None = None

    def words(self) -> dict[str, Any]:
        return {"score": "—" if self.score is None else f"{self.score:g}"}


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(EventType):
    type: ClassVar[str] = "case.assigned"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("Assigned to %(to_name)s")
    icon: ClassVar[str] = "user-check"

    case: int
    customer: int | None
    to: int
    to_name: str

    def words(self) -> dict[str, Any]:
        return {"to_name": _name_of(self.to, self.to_name)}


@dataclass(frozen=True, kw_only=True)
class CustomerContacted(EventType):
    type: ClassVar[str] = "case.contacted"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s contacted the customer: %(result_name)s")
    icon: ClassVar[str] = "phone"

    case: int
    customer: int | None
    result: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import Contact

        return {"result_name": dict(Contact.Result.choices).get(self.result, self.result)}


@dataclass(frozen=True, kw_only=True)
class CaseNoted(EventType):
    type: ClassVar[str] = "case.noted"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s wrote a note")
    icon: ClassVar[str] = "note"

    case: int
    customer: int | None


@dataclass(frozen=True, kw_only=True)
class CaseResolved(EventType):
    type: ClassVar[str] = "case.resolved"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s resolved the case: %(cause_name)s")
    icon: ClassVar[str] = "check"

    case: int
    customer: int | None
    root_cause: str
    round: int

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import RootCause

        return {"cause_name": RootCause.objects.filter(code=self.root_cause).first() or self.root_cause}


@dataclass(frozen=True, kw_only=True)
class CaseReopened(EventType):
    type: ClassVar[str] = "case.reopened"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("Reopened: not solved")
    icon: ClassVar[str] = "rotate"

    case: int
    customer: int | None


@dataclass(frozen=True, kw_only=True)
class CallbackDone(EventType):
    """`last` when no callback of this round is left."""

    type: ClassVar[str] = "callback.done"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s called back (%(step)s h): %(result_name)s")
    icon: ClassVar[str] = "phone-check"

    case: int
    customer: int | None
    step: int
    round: int
    result: str
    last: bool

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import Callback

        return {"result_name": dict(Callback.Result.choices).get(self.result, self.result)}


@dataclass(frozen=True, kw_only=True)
class CallbackMissed(EventType):
    """Nobody took the call; it is tried once more."""

    type: ClassVar[str] = "callback.missed"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s called back (%(step)s h): no reply, to be tried again")
    icon: ClassVar[str] = "phone-off"

    case: int
    customer: int | None
    step: int
    round: int


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(EventType):
    type: ClassVar[str] = "case.escalated"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s handed the case up to %(to_name)s")
    icon: ClassVar[str] = "arrow-up"

    case: int
    customer: int | None
    to: int
    to_name: str

    def words(self) -> dict[str, Any]:
        return {"to_name": _name_of(self.to, self.to_name)}


@dataclass(frozen=True, kw_only=True)
class StepDone(EventType):
    """A step of the playbook."""

    type: ClassVar[str] = "case.step_done"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s did a step of the playbook: %(step_name)s")
    icon: ClassVar[str] = "checkbox"

    case: int
    customer: int | None
    step: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.cases.actions import actions

        return {"step_name": actions()[self.step].label if self.step in actions() else self.step}


@dataclass(frozen=True, kw_only=True)
class RemedyDecided(EventType):
    """A lead let a remedy above the agent's limit pass, or not."""

    type: ClassVar[str] = "remedy.decided"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("%(by)s %(decision)s")
    icon: ClassVar[str] = "rosette-discount-check"

    case: int
    customer: int | None
    remedy: int
    approved: bool

    def words(self) -> dict[str, Any]:
        return {"decision": _("approved the remedy") if self.approved else _("declined the remedy")}


@dataclass(frozen=True, kw_only=True)
class ContactShown(EventType):
    """Somebody looked at a customer's phone number or address in full."""

    type: ClassVar[str] = "customer.contact_shown"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("%(by)s looked at the phone number")
    icon: ClassVar[str] = "eye"

    customer: int


@dataclass(frozen=True, kw_only=True)
class CaseVerified(EventType):
    """The customer answered the re-survey, or did not."""

    type: ClassVar[str] = "case.verified"
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER
    sentence: ClassVar[object] = _("Re-survey: %(outcome_name)s")
    icon: ClassVar[str] = "shield-check"

    case: int
    customer: int | None
    outcome: str
    score: float | None = None

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import Outcome

        return {"outcome_name": dict(Outcome.Code.choices).get(self.outcome, self.outcome)}


@dataclass(frozen=True, kw_only=True)
class CareDone(EventType):
    type: ClassVar[str] = "care.done"
    about: ClassVar[tuple[str, ...]] = ("care_task", "customer")
    sentence: ClassVar[object] = _("%(by)s cared for the customer")
    icon: ClassVar[str] = "heart-handshake"

    care_task: int
    customer: int | None
    result: str
