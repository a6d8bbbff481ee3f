"""What can happen to playbooks and to those for whom one is followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType

ABOUT_RUN = ("case", "customer", "response", "step")


@dataclass(frozen=True, kw_only=True)
class _OfPlaybook(EventType):
    about: ClassVar[tuple[str, ...]] = ("playbook",)
    icon: ClassVar[str] = "list-check"

    playbook: int
    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class PlaybookDrafted(_OfPlaybook):
    type: ClassVar[str] = "playbook.drafted"
    sentence: ClassVar[object] = _("%(by)s began a draft of the playbook “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class PlaybookActivated(_OfPlaybook):
    """With what its dry run had said, so that the log holds what was known."""

    type: ClassVar[str] = "playbook.activated"
    sentence: ClassVar[object] = _("%(by)s put the playbook “%(name)s” into use (version %(number)s)")

    caught: int | None = None
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlaybookArchived(_OfPlaybook):
    type: ClassVar[str] = "playbook.archived"
    sentence: ClassVar[object] = _("%(by)s archived the playbook “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class PlaybookRestored(_OfPlaybook):
    type: ClassVar[str] = "playbook.restored"
    sentence: ClassVar[object] = _("%(by)s took the playbook “%(name)s” back into use")


@dataclass(frozen=True, kw_only=True)
class PlaybooksOrdered(EventType):
    type: ClassVar[str] = "playbook.ordered"
    sentence: ClassVar[object] = _("%(by)s changed the order of the playbooks")
    icon: ClassVar[str] = "list-check"

    order: str


@dataclass(frozen=True, kw_only=True)
class PlaybookBegun(EventType):
    type: ClassVar[str] = "playbook.begun"
    about: ClassVar[tuple[str, ...]] = ("case", "customer", "response", "playbook")
    sentence: ClassVar[object] = _("The playbook “%(name)s” is followed (version %(number)s)")
    icon: ClassVar[str] = "list-check"

    case: int | None
    customer: int | None
    response: int | None
    playbook: int
    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class _OfStep(EventType):
    about: ClassVar[tuple[str, ...]] = ABOUT_RUN
    icon: ClassVar[str] = "checkbox"

    case: int | None
    customer: int | None
    response: int | None
    step: int
    action: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.playbooks.naming import name_of

        return {"step_name": name_of(self.step, self.action)}


@dataclass(frozen=True, kw_only=True)
class StepRanByItself(_OfStep):
    type: ClassVar[str] = "playbook.step_ran"
    sentence: ClassVar[object] = _("The playbook did a step: %(step_name)s")


@dataclass(frozen=True, kw_only=True)
class StepFailed(_OfStep):
    type: ClassVar[str] = "playbook.step_failed"
    sentence: ClassVar[object] = _("A step of the playbook could not be done: %(step_name)s")
    icon: ClassVar[str] = "alert-triangle"


@dataclass(frozen=True, kw_only=True)
class StepSkipped(_OfStep):
    type: ClassVar[str] = "playbook.step_skipped"
    sentence: ClassVar[object] = _("%(by)s left out a step of the playbook: %(step_name)s")
    icon: ClassVar[str] = "arrow-right"


@dataclass(frozen=True, kw_only=True)
class _OfRole(_OfStep):
    icon: ClassVar[str] = "user-check"

    role: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.core.models import Role

        return super().words() | {"role_name": Role.name_of(self.role)}


@dataclass(frozen=True, kw_only=True)
class StepAsked(_OfRole):
    """Of somebody of a role; whoever comes first does it."""

    type: ClassVar[str] = "playbook.step_asked"
    sentence: ClassVar[object] = _("A step for the role %(role_name)s: %(step_name)s")


@dataclass(frozen=True, kw_only=True)
class StepClaimed(_OfRole):
    """By somebody of the role."""

    type: ClassVar[str] = "playbook.step_claimed"
    sentence: ClassVar[object] = _("%(by)s takes care of it: %(step_name)s")


@dataclass(frozen=True, kw_only=True)
class _OfHandover(_OfStep):
    unit: int
    unit_name: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.core.models import Unit

        return super().words() | {"unit_name": Unit.objects.filter(pk=self.unit).first() or self.unit_name}


@dataclass(frozen=True, kw_only=True)
class StepHanded(_OfHandover):
    type: ClassVar[str] = "step.handed"
    sentence: ClassVar[object] = _("Handed to %(unit_name)s: %(step_name)s")
    icon: ClassVar[str] = "arrow-up-right"


@dataclass(frozen=True, kw_only=True)
class StepTaken(_OfHandover):
    type: ClassVar[str] = "step.taken"
    sentence: ClassVar[object] = _("%(by)s of %(unit_name)s takes care of it: %(step_name)s")
    icon: ClassVar[str] = "user-check"


@dataclass(frozen=True, kw_only=True)
class StepFinished(_OfHandover):
    type: ClassVar[str] = "step.finished"
    sentence: ClassVar[object] = _("%(by)s of %(unit_name)s has done it: %(step_name)s")


@dataclass(frozen=True, kw_only=True)
class StepReturned(_OfHandover):
    type: ClassVar[str] = "step.returned"
    sentence: ClassVar[object] = _("%(by)s of %(unit_name)s gave it back: %(step_name)s")
    icon: ClassVar[str] = "arrow-back-up"
