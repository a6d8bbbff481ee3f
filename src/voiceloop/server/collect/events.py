"""What can happen while we listen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class InvitationSent(EventType):
    type: ClassVar[str] = "invitation.sent"
    about: ClassVar[tuple[str, ...]] = ("invitation", "customer")
    sentence: ClassVar[object] = _("Survey sent by %(channel)s")
    icon: ClassVar[str] = "send"

    invitation: int
    customer: int | None
    channel: str


@dataclass(frozen=True, kw_only=True)
class ResponseCompleted(EventType):
    """`score_class` is that of the NPS answer; `case` is set when the response answers a re-survey."""

    type: ClassVar[str] = "response.completed"
    about: ClassVar[tuple[str, ...]] = ("response", "customer", "case")
    sentence: ClassVar[object] = _("Feedback given: %(score)s")
    icon: ClassVar[str] = "message-circle"

    response: int
    customer: int | None
    case: int | None = None
    score: float | None = None
    score_class: str = ""
    wants_contact: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportFinished(EventType):
    type: ClassVar[str] = "import.finished"
    about: ClassVar[tuple[str, ...]] = ("import_",)
    sentence: ClassVar[object] = _("Imported %(name)s: %(n_new)s new, %(n_known)s known, %(n_bad)s rejected")
    icon: ClassVar[str] = "file-import"

    import_: int
    name: str
    n_new: int
    n_known: int
    n_bad: int


@dataclass(frozen=True, kw_only=True)
class ImportStarted(EventType):
    type: ClassVar[str] = "import.started"
    about: ClassVar[tuple[str, ...]] = ("import_",)
    sentence: ClassVar[object] = _("%(by)s started to import %(name)s")
    icon: ClassVar[str] = "file-import"

    import_: int
    name: str


@dataclass(frozen=True, kw_only=True)
class ImportRemoved(EventType):
    type: ClassVar[str] = "import.removed"
    about: ClassVar[tuple[str, ...]] = ("import_",)
    sentence: ClassVar[object] = _("%(by)s removed what %(name)s brought")
    icon: ClassVar[str] = "trash"

    import_: int
    name: str


@dataclass(frozen=True, kw_only=True)
class SurveyPublished(EventType):
    type: ClassVar[str] = "survey.published"
    about: ClassVar[tuple[str, ...]] = ("survey",)
    sentence: ClassVar[object] = _("%(by)s published version %(number)s of the survey")
    icon: ClassVar[str] = "clipboard-check"

    survey: int
    number: int


@dataclass(frozen=True, kw_only=True)
class PlanChanged(EventType):
    type: ClassVar[str] = "plan.changed"
    about: ClassVar[tuple[str, ...]] = ("programme",)
    sentence: ClassVar[object] = _("%(by)s wrote version %(number)s of the measurement plan")
    icon: ClassVar[str] = "clipboard-list"

    programme: int
    number: int


@dataclass(frozen=True, kw_only=True)
class OrderTaken(EventType):
    """An order came in as it happened; orders of imports are history and are not said."""

    type: ClassVar[str] = "order.taken"
    about: ClassVar[tuple[str, ...]] = ("order", "customer")
    sentence: ClassVar[object] = _("Order %(number)s was taken")
    icon: ClassVar[str] = "building-store"

    order: int
    customer: int | None
    number: str
