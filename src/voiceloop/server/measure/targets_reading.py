"""How a target stands: reached, not reached, or not to be told yet. The interval decides, never the point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics import registry
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Row
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.slices import Slice

WORDS: dict[str, Any] = {
    "reached": _("Target reached"),
    "not_reached": _("Target not reached"),
    "open": _("Cannot tell yet"),
    "too_few": _("Too few answers"),
}
CHIPS = {"reached": "pos", "not_reached": "neg", "open": "warn", "too_few": ""}


@dataclass(frozen=True)
class Standing:
    """One target with the figure that it is about."""

    target: Target
    metric: Metric
    row: Row
    part: Slice
    today: date

    @property
    def verdict(self) -> str:
        if self.row.low is None or self.row.high is None:
            return "too_few"
        return judged(self.row.low, self.row.high, self.target.value, self.metric.better)

    @property
    def word(self) -> str:
        return str(WORDS[self.verdict])

    @property
    def chip(self) -> str:
        return CHIPS[self.verdict]

    @property
    def is_alarm(self) -> bool:
        """Beyond the threshold with all of its interval."""
        threshold = self.target.threshold
        if threshold is None or self.row.low is None or self.row.high is None:
            return False
        return judged(self.row.low, self.row.high, threshold, self.metric.better) == "not_reached"

    @property
    def is_overdue(self) -> bool:
        due = self.target.due_on
        return due is not None and due < self.today and self.verdict != "reached"

    @property
    def days_late(self) -> int:
        return (self.today - self.target.due_on).days if self.target.due_on else 0

    @property
    def label(self) -> str:
        return metric_label(self.metric)

    @property
    def fmt(self) -> str:
        return FORMATS.get(self.metric.unit, "score")

    @property
    def where(self) -> str:
        return where_in_words(self.target)

    @property
    def query(self) -> str:
        return self.part.query(metric=self.metric.name)


def judged(low: float, high: float, value: float, better: str) -> str:
    """Whether an interval lies on the good side of a value, on the bad one, or on both."""
    if better == "lower":
        low, high, value = -high, -low, -value
    return "reached" if low >= value else "not_reached" if high < value else "open"


def standing(target: Target) -> Standing | None:
    """None for a metric that this version no longer has."""
    metric = registry.metrics().get(target.metric)
    if metric is None:
        return None
    part = part_of(target)
    return Standing(target, metric, numbers.result(metric, part).one, part, localdate())


def standings(targets: QuerySet[Any]) -> list[Standing]:
    rows = targets.select_related("unit", "owner").order_by("due_on", "pk")
    return [found for target in rows if (found := standing(target))]


def part_of(target: Target, days: int | None = None) -> Slice:
    """The facts of the target's own unit, whoever looks: one target has one figure."""
    until = localdate() + timedelta(days=1)
    span = days or target.days
    chosen = tuple((name, tuple(codes)) for name, codes in target.scope.items() if codes)
    return Slice(until - timedelta(days=span), until, span, chosen, _units(target.unit))


def _units(unit: Unit) -> tuple[str, ...] | None:
    if unit.parent_id is None:
        return None
    return tuple(Unit.objects.filter(path__startswith=unit.path or "-").values_list("code", flat=True))


def where_in_words(target: Target) -> str:
    places = [
        f"{dimension_label(name)}: {', '.join(label(name, code) for code in codes)}"
        for name, codes in target.scope.items()
    ]
    return " · ".join([str(target.unit), *places])


def visible(user: User) -> QuerySet[Any]:
    """Targets of one's unit and below; those from above are about more than one may see."""
    return Target.objects.changeable_by(user).open()


def overdue(user: User) -> list[Standing]:
    """Past their date and not reached, the longest first."""
    return [one for one in standings(visible(user).filter(due_on__lt=localdate())) if one.is_overdue]
