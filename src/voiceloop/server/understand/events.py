"""What can happen while we understand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType
from voiceloop.server.understand.job_models import Relabelling
from voiceloop.server.understand.taxonomy_models import TaxonomyVersion


@dataclass(frozen=True, kw_only=True)
class WordsLabelled(EventType):
    """Of a batch of comments those whose labels show a feeling, an urgent matter or a failure."""

    type: ClassVar[str] = "words.labelled"
    sentence: ClassVar[object] = _("Comments were labelled")
    icon: ClassVar[str] = "tag"

    verbatims: list[int]


@dataclass(frozen=True, kw_only=True)
class LabelCorrected(EventType):
    type: ClassVar[str] = "label.corrected"
    about: ClassVar[tuple[str, ...]] = ("verbatim", "response")
    sentence: ClassVar[object] = _("%(by)s corrected the labels")
    icon: ClassVar[str] = "tag"

    verbatim: int
    response: int


@dataclass(frozen=True, kw_only=True)
class ReasonsChanged(EventType):
    type: ClassVar[str] = "reasons.changed"
    sentence: ClassVar[object] = _("%(by)s changed the reasons: %(what)s %(name)s (version %(number)s)")
    icon: ClassVar[str] = "list-check"

    number: int
    what: str
    code: str
    name: str

    def words(self) -> dict[str, Any]:
        return {"what": dict(TaxonomyVersion.What.choices).get(self.what, self.what)}


@dataclass(frozen=True, kw_only=True)
class RelabellingStarted(EventType):
    type: ClassVar[str] = "relabelling.started"
    sentence: ClassVar[object] = _("%(by)s has history labelled anew: %(why)s")
    icon: ClassVar[str] = "refresh"

    relabelling: int
    why: str

    def words(self) -> dict[str, Any]:
        return {"why": dict(Relabelling.Why.choices).get(self.why, self.why)}


@dataclass(frozen=True, kw_only=True)
class HistoryRelabelled(EventType):
    type: ClassVar[str] = "relabelling.done"
    sentence: ClassVar[object] = _("History is labelled anew: %(n)s comments read, %(changed)s changed")
    icon: ClassVar[str] = "circle-check"

    relabelling: int
    n: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class ModelSwitched(EventType):
    type: ClassVar[str] = "text_model.switched"
    sentence: ClassVar[object] = _("%(by)s put the text model %(version)s into use; before it was %(before)s")
    icon: ClassVar[str] = "versions"

    kind: str
    version: str
    before: str


@dataclass(frozen=True, kw_only=True)
class ModelFitted(EventType):
    type: ClassVar[str] = "text_model.fitted"
    sentence: ClassVar[object] = _("A text model was fitted on %(n)s comments: %(version)s")
    icon: ClassVar[str] = "school"

    kind: str
    version: str
    n: int


@dataclass(frozen=True, kw_only=True)
class AssistantSet(EventType):
    type: ClassVar[str] = "assistant.set"
    sentence: ClassVar[object] = _("%(by)s changed the settings of the language model")
    icon: ClassVar[str] = "settings"

    is_on: bool
    base_url: str


@dataclass(frozen=True, kw_only=True)
class AssistantAsked(EventType):
    """Counts only: what was asked and answered is kept nowhere."""

    type: ClassVar[str] = "assistant.asked"
    sentence: ClassVar[object] = _(
        "%(by)s asked the language model (%(use)s): %(n_comments)s comments, %(n_sent)s characters sent"
    )
    icon: ClassVar[str] = "bolt"

    use: str
    outcome: str
    n_comments: int
    n_sent: int
    n_received: int
