"""What can happen when people put their cases in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.events import CASE_AND_CUSTOMER
from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class _OfCase(EventType):
    about: ClassVar[tuple[str, ...]] = CASE_AND_CUSTOMER

    case: int
    customer: int | None


@dataclass(frozen=True, kw_only=True)
class _OfTwo(_OfCase):
    """Said in the log of both cases."""

    other: int

    def subjects(self) -> list[str]:
        return [*super().subjects(), f"case:{self.other}"]


@dataclass(frozen=True, kw_only=True)
class CaseMerged(_OfTwo):
    type: ClassVar[str] = "case.merged"
    sentence: ClassVar[object] = _("%(by)s merged case #%(case)s into #%(other)s")
    icon: ClassVar[str] = "arrows-join"


@dataclass(frozen=True, kw_only=True)
class CaseUnmerged(_OfTwo):
    type: ClassVar[str] = "case.unmerged"
    sentence: ClassVar[object] = _("%(by)s took case #%(case)s out of #%(other)s again")
    icon: ClassVar[str] = "arrows-split"


@dataclass(frozen=True, kw_only=True)
class CaseSplit(_OfTwo):
    type: ClassVar[str] = "case.split"
    sentence: ClassVar[object] = _("%(by)s split #%(other)s off from #%(case)s")
    icon: ClassVar[str] = "arrows-split"


@dataclass(frozen=True, kw_only=True)
class _OfLink(_OfTwo):
    kind: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import CaseLink

        return {"kind_name": dict(CaseLink.Kind.choices).get(self.kind, self.kind)}


@dataclass(frozen=True, kw_only=True)
class CaseLinked(_OfLink):
    type: ClassVar[str] = "case.linked"
    sentence: ClassVar[object] = _("%(by)s linked #%(case)s and #%(other)s: %(kind_name)s")
    icon: ClassVar[str] = "link"


@dataclass(frozen=True, kw_only=True)
class CaseUnlinked(_OfLink):
    type: ClassVar[str] = "case.unlinked"
    sentence: ClassVar[object] = _("%(by)s took the link off #%(case)s and #%(other)s: %(kind_name)s")
    icon: ClassVar[str] = "unlink"


@dataclass(frozen=True, kw_only=True)
class CaseReleased(_OfCase):
    type: ClassVar[str] = "case.released"
    sentence: ClassVar[object] = _("%(by)s gave the case back: nobody owns it")
    icon: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class CaseSnoozed(_OfCase):
    type: ClassVar[str] = "case.snoozed"
    sentence: ClassVar[object] = _("%(by)s put the case off %(until_words)s")
    icon: ClassVar[str] = "clock-pause"

    until: str | None

    def words(self) -> dict[str, Any]:
        from datetime import datetime

        if self.until is None:
            return {"until_words": _("until the customer writes")}
        when = localtime(datetime.fromisoformat(self.until))
        return {"until_words": _("until %(when)s") % {"when": date_format(when, "SHORT_DATETIME_FORMAT")}}


@dataclass(frozen=True, kw_only=True)
class CaseAwoke(_OfCase):
    """Back in the lists; `owner` is who wants to know."""

    type: ClassVar[str] = "case.awoke"
    sentence: ClassVar[object] = _("The case is back: %(why_name)s")
    icon: ClassVar[str] = "bell"

    why: str
    owner: int | None = None

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.models import Snooze

        return {"why_name": dict(Snooze.Ended.choices).get(self.why, self.why)}


@dataclass(frozen=True, kw_only=True)
class DeedUndone(_OfCase):
    """A step was taken back; its own event stays, as does this one."""

    type: ClassVar[str] = "case.deed_undone"
    sentence: ClassVar[object] = _("%(by)s took back a step: %(deed_name)s")
    icon: ClassVar[str] = "arrow-back-up"

    deed: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.act.casework.undoing import NAMES

        return {"deed_name": NAMES.get(self.deed, self.deed)}


@dataclass(frozen=True, kw_only=True)
class MacroRan(_OfCase):
    type: ClassVar[str] = "macro.ran"
    sentence: ClassVar[object] = _("%(by)s ran the macro “%(name)s”")
    icon: ClassVar[str] = "bolt"

    macro: int
    name: str


@dataclass(frozen=True, kw_only=True)
class _OfMacro(EventType):
    about: ClassVar[tuple[str, ...]] = ("macro",)
    icon: ClassVar[str] = "bolt"

    macro: int
    name: str


@dataclass(frozen=True, kw_only=True)
class MacroSaved(_OfMacro):
    type: ClassVar[str] = "macro.saved"
    sentence: ClassVar[object] = _("%(by)s saved the macro “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class MacroArchived(_OfMacro):
    type: ClassVar[str] = "macro.archived"
    sentence: ClassVar[object] = _("%(by)s took away the macro “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class ColleagueMentioned(_OfCase):
    type: ClassVar[str] = "case.mentioned"
    sentence: ClassVar[object] = _("%(by)s mentioned %(names)s")
    icon: ClassVar[str] = "at"

    people: list[int]
    note_event: int

    def words(self) -> dict[str, Any]:
        from voiceloop.server.core.models import User

        return {
            "names": "、".join(str(one) for one in User.objects.filter(pk__in=self.people).order_by("pk"))
        }


@dataclass(frozen=True, kw_only=True)
class CustomerNudged(_OfCase):
    type: ClassVar[str] = "case.nudged"
    sentence: ClassVar[object] = _("The customer was asked again; nothing had come for %(days)s days")
    icon: ClassVar[str] = "mail"

    days: int


@dataclass(frozen=True, kw_only=True)
class CaseClosedUnanswered(_OfCase):
    type: ClassVar[str] = "case.closed_unanswered"
    sentence: ClassVar[object] = _("Closed: the customer did not write for %(days)s days")
    icon: ClassVar[str] = "clock-off"

    days: int


@dataclass(frozen=True, kw_only=True)
class _OfWaitRule(EventType):
    about: ClassVar[tuple[str, ...]] = ("wait_rule",)
    icon: ClassVar[str] = "clock-pause"

    wait_rule: int
    name: str


@dataclass(frozen=True, kw_only=True)
class WaitRuleSaved(_OfWaitRule):
    type: ClassVar[str] = "wait_rule.saved"
    sentence: ClassVar[object] = _("%(by)s set how long we wait: “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class WaitRuleArchived(_OfWaitRule):
    type: ClassVar[str] = "wait_rule.archived"
    sentence: ClassVar[object] = _("%(by)s took back how long we wait: “%(name)s”")
