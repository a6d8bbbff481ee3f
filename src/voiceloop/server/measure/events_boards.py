"""What can happen to targets, evaluation systems, benchmarks and suspicions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class OfTarget(EventType):
    """All that happens to a target says which metric and where."""

    type: ClassVar[str] = ""
    about: ClassVar[tuple[str, ...]] = ("target",)

    target: int
    metric: str
    value: float

    def words(self) -> dict[str, Any]:
        from voiceloop.server.measure.targets import metric_word

        return {"metric": metric_word(self.metric), "value": f"{self.value:g}"}


@dataclass(frozen=True, kw_only=True)
class TargetSet(OfTarget):
    type: ClassVar[str] = "target.set"
    sentence: ClassVar[object] = _("%(by)s set a target: %(metric)s %(value)s")
    icon: ClassVar[str] = "target-arrow"


@dataclass(frozen=True, kw_only=True)
class TargetRevised(OfTarget):
    type: ClassVar[str] = "target.revised"
    sentence: ClassVar[object] = _("%(by)s changed a target: %(metric)s %(value)s")
    icon: ClassVar[str] = "edit"


@dataclass(frozen=True, kw_only=True)
class TargetWithdrawn(OfTarget):
    type: ClassVar[str] = "target.withdrawn"
    sentence: ClassVar[object] = _("%(by)s withdrew a target: %(metric)s %(value)s")
    icon: ClassVar[str] = "trash"


@dataclass(frozen=True, kw_only=True)
class TargetRestored(OfTarget):
    type: ClassVar[str] = "target.restored"
    sentence: ClassVar[object] = _("%(by)s restored a target: %(metric)s %(value)s")
    icon: ClassVar[str] = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class TargetOverdue(OfTarget):
    type: ClassVar[str] = "target.overdue"
    sentence: ClassVar[object] = _("A target is overdue: %(metric)s %(value)s")
    icon: ClassVar[str] = "clock"


@dataclass(frozen=True, kw_only=True)
class ThresholdCrossed(OfTarget):
    type: ClassVar[str] = "target.threshold_crossed"
    sentence: ClassVar[object] = _("%(metric)s is beyond its alarm threshold %(value)s")
    icon: ClassVar[str] = "alert-triangle"


@dataclass(frozen=True, kw_only=True)
class TouchpointShifted(EventType):
    """Its NPS left the usual level; `since` is the first day of the first week off it."""

    type: ClassVar[str] = "touchpoint.shifted"
    sentence: ClassVar[object] = _("%(name)s is off its usual NPS level since %(since)s")
    icon: ClassVar[str] = "trending-up"

    touchpoint: str
    since: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.measure.labels import label

        return {"name": label("touchpoint", self.touchpoint)}


@dataclass(frozen=True, kw_only=True)
class EvaluationPublished(EventType):
    """`changes` says in codes what differs from the version before."""

    type: ClassVar[str] = "evaluation.published"
    about: ClassVar[tuple[str, ...]] = ("evaluation",)
    sentence: ClassVar[object] = _("%(by)s published version %(number)s of %(name)s")
    icon: ClassVar[str] = "versions"

    evaluation: int
    number: int
    name: str


@dataclass(frozen=True, kw_only=True)
class IndicatorReviewed(EventType):
    type: ClassVar[str] = "evaluation.reviewed"
    about: ClassVar[tuple[str, ...]] = ("evaluation",)
    sentence: ClassVar[object] = _("%(by)s reviewed the indicator %(metric)s: %(decision)s")
    icon: ClassVar[str] = "clipboard-check"

    evaluation: int
    metric: str
    decision: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.measure.evaluation_models import IndicatorReview
        from voiceloop.server.measure.targets import metric_word

        known = dict(IndicatorReview.Decision.choices)
        return {"metric": metric_word(self.metric), "decision": known.get(self.decision, self.decision)}


@dataclass(frozen=True, kw_only=True)
class OfSheet(EventType):
    type: ClassVar[str] = ""
    about: ClassVar[tuple[str, ...]] = ("sheet",)

    sheet: int
    name: str
    n: int


@dataclass(frozen=True, kw_only=True)
class SheetTaken(OfSheet):
    type: ClassVar[str] = "benchmarks.taken"
    sentence: ClassVar[object] = _("%(by)s took %(n)s external figures from %(name)s")
    icon: ClassVar[str] = "file-import"


@dataclass(frozen=True, kw_only=True)
class SheetWithdrawn(OfSheet):
    type: ClassVar[str] = "benchmarks.withdrawn"
    sentence: ClassVar[object] = _("%(by)s withdrew %(n)s external figures of %(name)s")
    icon: ClassVar[str] = "trash"


@dataclass(frozen=True, kw_only=True)
class SheetRestored(OfSheet):
    type: ClassVar[str] = "benchmarks.restored"
    sentence: ClassVar[object] = _("%(by)s restored %(n)s external figures of %(name)s")
    icon: ClassVar[str] = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class CircumstancesSaid(EventType):
    """What we are compared as: industry, size, country and how our customers are asked."""

    type: ClassVar[str] = "benchmarks.circumstances"
    sentence: ClassVar[object] = _("%(by)s said what the company is compared as: %(said)s")
    icon: ClassVar[str] = "scale"
    about: ClassVar[tuple[str, ...]] = ("circumstances",)

    circumstances: int
    said: str


@dataclass(frozen=True, kw_only=True)
class SuspicionReviewed(EventType):
    type: ClassVar[str] = "guard.reviewed"
    sentence: ClassVar[object] = _("%(by)s looked into a suspicion about %(subject)s")
    icon: ClassVar[str] = "shield-check"

    check: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class SuspicionReopened(EventType):
    type: ClassVar[str] = "guard.reopened"
    sentence: ClassVar[object] = _("%(by)s reopened a suspicion about %(subject)s")
    icon: ClassVar[str] = "arrow-back-up"

    check: str
    subject: str
