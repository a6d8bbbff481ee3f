"""What can happen in a crisis: its log is made of these, and nothing is ever struck from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class OfCrisis(EventType):
    about: ClassVar[tuple[str, ...]] = ("crisis",)

    crisis: int

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import Crisis

        found = Crisis.objects.filter(pk=self.crisis).select_related("unit").first()
        return {"name": found or f"#{self.crisis}"}


@dataclass(frozen=True, kw_only=True)
class CrisisProposed(OfCrisis):
    type: ClassVar[str] = "crisis.proposed"
    sentence: ClassVar[object] = _("Is this a crisis? %(name)s: %(n)s, usual are %(usual)s")
    icon: ClassVar[str] = "alert-triangle"

    n: int
    usual: float


@dataclass(frozen=True, kw_only=True)
class CrisisOpened(OfCrisis):
    """By the watch, or by a person who saw it first."""

    type: ClassVar[str] = "crisis.opened"
    sentence: ClassVar[object] = _("%(by)s opened the crisis “%(name)s”")
    icon: ClassVar[str] = "urgent"


@dataclass(frozen=True, kw_only=True)
class CrisisWentOn(OfCrisis):
    """A further hour or day beyond the limit."""

    type: ClassVar[str] = "crisis.went_on"
    sentence: ClassVar[object] = _("Still beyond the limit: %(chart_name)s %(n)s, usual are %(usual)s")
    icon: ClassVar[str] = "trending-up"

    chart: str
    n: int
    usual: float

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models.crisis import Chart

        return super().words() | {"chart_name": dict(Chart.choices).get(self.chart, self.chart)}


@dataclass(frozen=True, kw_only=True)
class CrisisDismissed(OfCrisis):
    type: ClassVar[str] = "crisis.dismissed"
    sentence: ClassVar[object] = _("%(by)s decided: not a crisis")
    icon: ClassVar[str] = "x"


@dataclass(frozen=True, kw_only=True)
class CrisisGiven(OfCrisis):
    type: ClassVar[str] = "crisis.given"
    sentence: ClassVar[object] = _("%(to_name)s leads it now")
    icon: ClassVar[str] = "user-check"

    to: int

    def words(self) -> dict[str, Any]:
        from voiceloop.server.core.models import User

        return super().words() | {"to_name": User.objects.filter(pk=self.to).first() or self.to}


@dataclass(frozen=True, kw_only=True)
class CrisisGraded(OfCrisis):
    type: ClassVar[str] = "crisis.graded"
    sentence: ClassVar[object] = _("%(by)s set the level: %(level_name)s")
    icon: ClassVar[str] = "flag"

    level: int

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import Crisis

        return super().words() | {"level_name": dict(Crisis.Level.choices).get(self.level, self.level)}


@dataclass(frozen=True, kw_only=True)
class CrisisNamed(OfCrisis):
    type: ClassVar[str] = "crisis.named"
    sentence: ClassVar[object] = _("%(by)s named it “%(name)s”")
    icon: ClassVar[str] = "edit"


@dataclass(frozen=True, kw_only=True)
class CrisisNoted(OfCrisis):
    type: ClassVar[str] = "crisis.noted"
    sentence: ClassVar[object] = _("%(by)s wrote into the log")
    icon: ClassVar[str] = "note"


@dataclass(frozen=True, kw_only=True)
class CrisisClosed(OfCrisis):
    type: ClassVar[str] = "crisis.closed"
    sentence: ClassVar[object] = _("%(by)s closed the crisis “%(name)s” with a review")
    icon: ClassVar[str] = "check"


@dataclass(frozen=True, kw_only=True)
class CrisisReopened(OfCrisis):
    type: ClassVar[str] = "crisis.reopened"
    sentence: ClassVar[object] = _("%(by)s opened it again")
    icon: ClassVar[str] = "rotate"


@dataclass(frozen=True, kw_only=True)
class StatementWritten(OfCrisis):
    type: ClassVar[str] = "crisis.statement_written"
    sentence: ClassVar[object] = _("%(by)s wrote a holding statement; it waits for approval")
    icon: ClassVar[str] = "message-circle"

    statement: int


@dataclass(frozen=True, kw_only=True)
class StatementApproved(OfCrisis):
    type: ClassVar[str] = "crisis.statement_approved"
    sentence: ClassVar[object] = _("%(by)s approved a holding statement")
    icon: ClassVar[str] = "rosette-discount-check"

    statement: int


@dataclass(frozen=True, kw_only=True)
class StatementWithdrawn(OfCrisis):
    type: ClassVar[str] = "crisis.statement_withdrawn"
    sentence: ClassVar[object] = _("%(by)s withdrew a holding statement")
    icon: ClassVar[str] = "arrow-back-up"

    statement: int


@dataclass(frozen=True, kw_only=True)
class _OfTask(OfCrisis):
    task: int

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import CrisisTask

        return super().words() | {"task_name": CrisisTask.objects.filter(pk=self.task).first() or self.task}


@dataclass(frozen=True, kw_only=True)
class TaskAdded(_OfTask):
    type: ClassVar[str] = "crisis.task_added"
    sentence: ClassVar[object] = _("%(by)s added to the checklist: %(task_name)s")
    icon: ClassVar[str] = "plus"


@dataclass(frozen=True, kw_only=True)
class TaskChanged(_OfTask):
    type: ClassVar[str] = "crisis.task_changed"
    sentence: ClassVar[object] = _("%(by)s changed a line of the checklist: %(task_name)s")
    icon: ClassVar[str] = "edit"


@dataclass(frozen=True, kw_only=True)
class TaskDone(_OfTask):
    type: ClassVar[str] = "crisis.task_done"
    sentence: ClassVar[object] = _("%(by)s did: %(task_name)s")
    icon: ClassVar[str] = "checkbox"


@dataclass(frozen=True, kw_only=True)
class TaskUndone(_OfTask):
    type: ClassVar[str] = "crisis.task_undone"
    sentence: ClassVar[object] = _("%(by)s took back: %(task_name)s")
    icon: ClassVar[str] = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class TaskDropped(_OfTask):
    type: ClassVar[str] = "crisis.task_dropped"
    sentence: ClassVar[object] = _("%(by)s took a line off the checklist: %(task_name)s")
    icon: ClassVar[str] = "trash"


@dataclass(frozen=True, kw_only=True)
class CrisisCaseLinked(OfCrisis):
    type: ClassVar[str] = "crisis.case_linked"
    about: ClassVar[tuple[str, ...]] = ("crisis", "case")
    sentence: ClassVar[object] = _("%(by)s linked case #%(case)s to the crisis “%(name)s”")
    icon: ClassVar[str] = "link"

    case: int


@dataclass(frozen=True, kw_only=True)
class CrisisCaseUnlinked(OfCrisis):
    type: ClassVar[str] = "crisis.case_unlinked"
    about: ClassVar[tuple[str, ...]] = ("crisis", "case")
    sentence: ClassVar[object] = _("%(by)s took case #%(case)s out of the crisis “%(name)s”")
    icon: ClassVar[str] = "unlink"

    case: int


@dataclass(frozen=True, kw_only=True)
class RunStarted(OfCrisis):
    type: ClassVar[str] = "crisis.run_started"
    sentence: ClassVar[object] = _("%(by)s: %(what)s")
    icon: ClassVar[str] = "send"

    run: int
    kind: str

    def words(self) -> dict[str, Any]:
        said = {"cases": _("open cases for all affected"), "message": _("write to all affected")}
        return super().words() | {"what": said.get(self.kind, self.kind)}


@dataclass(frozen=True, kw_only=True)
class RunEnded(OfCrisis):
    type: ClassVar[str] = "crisis.run_ended"
    sentence: ClassVar[object] = _("%(what)s: %(n)s done, %(left)s left out")
    icon: ClassVar[str] = "checks"

    run: int
    kind: str
    n: int
    left: int

    def words(self) -> dict[str, Any]:
        said = {"cases": _("Cases for all"), "message": _("Message to all")}
        return super().words() | {"what": said.get(self.kind, self.kind)}


@dataclass(frozen=True, kw_only=True)
class CrisisWatchSet(EventType):
    type: ClassVar[str] = "crisis.watch_set"
    sentence: ClassVar[object] = _("%(by)s changed what raises a crisis")
    icon: ClassVar[str] = "adjustments"


@dataclass(frozen=True, kw_only=True)
class CrisisTemplateSaved(EventType):
    type: ClassVar[str] = "crisis.template_saved"
    about: ClassVar[tuple[str, ...]] = ("crisis_template",)
    sentence: ClassVar[object] = _("%(by)s saved the template “%(title)s”")
    icon: ClassVar[str] = "template"

    crisis_template: int
    title: str


@dataclass(frozen=True, kw_only=True)
class CrisisTemplateArchived(CrisisTemplateSaved):
    type: ClassVar[str] = "crisis.template_archived"
    sentence: ClassVar[object] = _("%(by)s archived the template “%(title)s”")
    icon: ClassVar[str] = "archive"


@dataclass(frozen=True, kw_only=True)
class CrisisTemplateRestored(CrisisTemplateSaved):
    type: ClassVar[str] = "crisis.template_restored"
    sentence: ClassVar[object] = _("%(by)s brought back the template “%(title)s”")
    icon: ClassVar[str] = "rotate"
