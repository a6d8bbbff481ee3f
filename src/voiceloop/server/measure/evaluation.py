"""Evaluation systems: what an indicator is, and the verbs that publish and review them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.evaluation import scaled
from voiceloop.analytics.metric import Metric
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.evaluation_models import Evaluation, EvaluationVersion, IndicatorReview
from voiceloop.server.measure.events_boards import EvaluationPublished, IndicatorReviewed

DIMENSIONS: dict[str, dict[str, Any]] = {
    "five": {
        "quality": _("Quality"),
        "satisfaction": _("Satisfaction"),
        "efficiency": _("Efficiency"),
        "cost": _("Cost"),
        "competitiveness": _("Competitiveness"),
    },
    "loyalty": {
        "behaviour": _("Behavioural loyalty"),
        "attitude": _("Emotional loyalty"),
        "intention": _("Intentional loyalty"),
    },
}
SERIES = "series:"
# Our choice: a definition is looked at twice a year unless somebody says another date.
REVIEW_EVERY = timedelta(days=182)


@dataclass(frozen=True)
class Entry:
    """One indicator: a metric under one version, its ends, its weight, and who answers for it."""

    dimension: str
    metric: str
    floor: float
    goal: float
    weight: float = 1.0
    owner: int | None = None
    # Weight of the whole dimension; the same in all of its entries.
    of_dimension: float = 1.0

    @property
    def name(self) -> str:
        """Without its version: what stays the same over the versions of a system."""
        return self.metric.split("@")[0]

    @property
    def series(self) -> str:
        return self.metric.removeprefix(SERIES) if self.metric.startswith(SERIES) else ""


class Faulty(Exception):
    """The indicators cannot be published; `faults` says why, one sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def entries(version: EvaluationVersion | None) -> list[Entry]:
    return [Entry(**one) for one in (version.content if version else [])]


def metric_of(entry: Entry) -> Metric | None:
    """The definition that was in force; None for an external series or one that is no longer known."""
    try:
        return None if entry.series else registry.metric(entry.metric)
    except AnalyticsError:
        return None


def pinned(name: str) -> str:
    """A metric's name with the version that is in force now."""
    known = registry.metrics().get(name.split("@")[0])
    return f"{known.name}@{known.version}" if known and "@" not in name else name


@verb
def found(*, by: User, kind: str, name: str, name_en: str, unit: Unit, content: list[Entry]) -> Evaluation:
    """Begin a system with its first version."""
    evaluation = Evaluation.objects.create(kind=kind, name=name, name_en=name_en, unit=unit)
    publish(evaluation, by=by, content=content)
    return evaluation


@verb
def publish(evaluation: Evaluation, *, by: User, content: list[Entry], note: str = "") -> EvaluationVersion:
    """Freeze the indicators as the next version; the earlier ones stay as they are."""
    Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    newest = evaluation.newest
    content = [Entry(**{**asdict(one), "metric": pinned(one.metric)}) for one in content]
    if newest and entries(newest) == content:
        return newest
    faults = list(lint(evaluation.kind, content, entries(newest)))
    if faults:
        raise Faulty(faults)
    number = (evaluation.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    made = EvaluationVersion.objects.create(
        evaluation=evaluation, number=number, content=[asdict(one) for one in content], by=by, note=note
    )
    _ask_for_reviews(evaluation, content)
    event = EvaluationPublished(evaluation=evaluation.pk, number=number, name=evaluation.name)
    record(event, by=by, unit=evaluation.unit, note=note)
    return made


def lint(kind: str, content: list[Entry], before: list[Entry]) -> Iterator[str]:
    """What an indicator must have: a definition, a dimension, an owner, a scale that means something."""
    names = [one.name for one in content]
    known = {one.name for one in before}
    if not content:
        yield str(_("A system needs at least one indicator."))
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield str(_("%(metric)s is there twice.")) % {"metric": name}
    for one in content:
        yield from (str(fault) % {"metric": one.name} for fault in _faults(kind, one, one.name not in known))


def _faults(kind: str, one: Entry, is_new: bool) -> Iterator[Any]:
    if one.dimension not in DIMENSIONS[kind]:
        yield _("%(metric)s belongs to no dimension.")
    if not one.series and metric_of(one) is None:
        yield _("%(metric)s has no definition.")
    if is_new and one.owner is None:
        yield _("%(metric)s is new and has no owner.")
    if one.floor == one.goal:
        yield _("Floor and goal of %(metric)s are the same.")
    elif (metric := metric_of(one)) and (one.goal > one.floor) != (metric.better == "higher"):
        yield _("The goal of %(metric)s lies on the wrong side of its floor.")
    if min(one.weight, one.of_dimension) < 0:
        yield _("The weight of %(metric)s is below 0.")


def _ask_for_reviews(evaluation: Evaluation, content: list[Entry]) -> None:
    names = {one.name for one in content}
    waiting = evaluation.reviews.filter(done_at=None)
    waiting.exclude(metric__in=names).delete()
    asked = set(waiting.values_list("metric", flat=True))
    due = localdate() + REVIEW_EVERY
    IndicatorReview.objects.bulk_create(
        IndicatorReview(evaluation=evaluation, metric=name, due_on=due) for name in sorted(names - asked)
    )


@verb
def review(
    review: IndicatorReview, *, by: User, decision: str, note: str = "", next_on: date | None = None
) -> IndicatorReview:
    """Say whether an indicator still serves; unless it is dropped, the next date is set at once."""
    review.refresh_from_db(from_queryset=IndicatorReview.objects.select_for_update(of=("self",)))
    if review.done_at is None:
        review.done_at, review.by, review.decision, review.note = now(), by, decision, note
        review.save()
        if decision != IndicatorReview.Decision.DROP:
            due = next_on or localdate() + REVIEW_EVERY
            evaluation = review.evaluation
            IndicatorReview.objects.create(evaluation=evaluation, metric=review.metric, due_on=due)
        said = IndicatorReviewed(evaluation=review.evaluation_id, metric=review.metric, decision=decision)
        record(said, by=by, unit=review.evaluation.unit, note=note)
    return review


def changes(now_: list[Entry], before: list[Entry]) -> list[tuple[str, str]]:
    """What differs between two versions: (metric, 'added' | 'dropped' | 'changed')."""
    new, old = {one.name: one for one in now_}, {one.name: one for one in before}
    found = [(name, "dropped") for name in old if name not in new]
    found += [(name, "added") for name in new if name not in old]
    return found + [(name, "changed") for name, one in new.items() if name in old and old[name] != one]


def position(value: float | None, entry: Entry) -> float | None:
    return None if value is None or entry.floor == entry.goal else scaled(value, entry.floor, entry.goal)
