"""How many promises are kept: per agent, team or channel and over time, with what chance allows for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as When_
from django.db.models import F, IntegerField, Q, QuerySet, Sum, When
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.stats.intervals import share_interval
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.act.models import Case, Clock, ServicePromise
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.breakdown import groups
from voiceloop.server.measure.charts import Picture, draw, in_unit
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice

# The metric of a clock. How replies went is told by the clocks alone: one case has many.
METRICS = {"first_contact": "first_contact_on_time", "solution": "solution_on_time", "next_reply": ""}
BY = {
    "agent": _("Agent"),
    "team": _("Team"),
    "unit": _("Unit"),
    "channel": _("Channel"),
    "tier": _("Tier"),
    "severity": _("Severity"),
    "priority": _("Priority"),
}
# Where a dimension of the filter stands on a case of ours.
COLUMN = {"agent": "owner__code", "unit": "unit__code"}
PRIORITIES = ("", "urgent", "high", "normal", "low")


@dataclass(frozen=True)
class Kept:
    """The share of one clock's promises that were kept, in per cent; no value where there are too few."""

    clock: str
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_signal: bool = False
    better: bool | None = None


@dataclass(frozen=True)
class Line:
    """One person, team or channel."""

    code: Any
    name: str
    cells: list[Kept]


class Report:
    """All that the page, its files and the endpoint say."""

    def __init__(self, user: User, query: Mapping[str, Any], *, by: str = "agent") -> None:
        self.user, self.part = user, Slice.of(user, query)
        self.by = by if by in BY else "agent"

    @property
    def clocks(self) -> list[tuple[str, str]]:
        names = dict(ServicePromise.Clock.choices)
        return [(clock, str(names[clock])) for clock in METRICS]

    def whole(self) -> list[Kept]:
        return [self._whole(clock, metric) for clock, metric in METRICS.items()]

    def lines(self) -> list[Line]:
        """By name, not by score: an order by score would be read as a league table."""
        found = {clock: self._groups(clock, metric) for clock, metric in METRICS.items()}
        codes = {code for cells in found.values() for code in cells if self._may_see(code)}
        lines = [
            Line(code, label(self.by, code), [found[clock].get(code, Kept(clock, 0)) for clock in METRICS])
            for code in codes
        ]
        return sorted(lines, key=lambda line: (line.code is None, line.name))

    def pictures(self) -> Iterator[tuple[str, str, Picture]]:
        names = dict(self.clocks)
        for clock, metric in METRICS.items():
            if metric:
                found = numbers.trend(metric, self.part)
                yield clock, names[clock], in_unit(draw("trend", found, height=200), found.metric)

    def rows(self) -> Iterator[tuple[str, str, Kept]]:
        """Group, clock and figure, the whole first."""
        names = dict(self.clocks)
        for cell in self.whole():
            yield "", names[cell.clock], cell
        for line in self.lines():
            for cell in line.cells:
                yield line.name, names[cell.clock], cell

    def _may_see(self, code: Any) -> bool:
        """Whoever leads nobody sees no colleague's figures."""
        return self.by != "agent" or self.user.may("team.see") or code == self.user.code

    def _whole(self, clock: str, metric: str) -> Kept:
        if not metric:
            return _share(clock, *_totals(self._replies()))
        row = numbers.result(metric, self.part).one
        return Kept(clock, row.n, row.value, row.low, row.high)

    def _groups(self, clock: str, metric: str) -> dict[Any, Kept]:
        if not metric:
            return self._reply_groups(clock)
        found = groups(numbers.result(metric, self.part, by=(self.by,)))
        return {
            one.row.key[self.by]: Kept(
                clock, one.row.n, one.row.value, one.row.low, one.row.high, one.is_signal, one.better
            )
            for one in found
        }

    def _reply_groups(self, clock: str) -> dict[Any, Kept]:
        column = f"case__{COLUMN.get(self.by, self.by)}"
        rows = self._replies().order_by().values_list(column).annotate(runs=DONE, broken=BROKEN)
        return {
            self._code(code): _share(clock, runs or 0, broken or 0) for code, runs, broken in rows if runs
        }

    def _code(self, code: Any) -> Any:
        return PRIORITIES[code] if self.by == "priority" else code or None

    def _replies(self) -> QuerySet[Any]:
        """The clocks of replies in the slice, by when their case was opened, as the lake dates a case."""
        clocks = Clock.objects.filter(kind=ServicePromise.Clock.NEXT_REPLY)
        clocks = clocks.filter(case__in=Case.objects.visible_to(self.user))
        if self.part.since:
            clocks = clocks.filter(case__opened_at__date__gte=self.part.since)
        if self.part.until:
            clocks = clocks.filter(case__opened_at__date__lt=self.part.until)
        for name, values in self.part.where.items():
            clocks = clocks.filter(_on_case(name, values))
        rows: QuerySet[Any] = clocks
        return rows


# A run that goes on within its time is neither kept nor broken yet.
_GOES_ON = Q(state__in=("running", "paused"), broken_at=None)
_OPEN_RUN = When_(When(_GOES_ON, then=1), default=0)
DONE = Sum(F("n_runs") - _OPEN_RUN, output_field=IntegerField())
BROKEN = Sum("n_broken")


def _totals(clocks: QuerySet[Any]) -> tuple[int, int]:
    found = clocks.aggregate(runs=DONE, broken=BROKEN)
    return found["runs"] or 0, found["broken"] or 0


def _share(clock: str, runs: int, broken: int) -> Kept:
    if runs < numbers.MIN_N:
        return Kept(clock, runs)
    kept = float(runs - broken)
    low, high = share_interval(Parts.of_share(runs, kept))
    return Kept(clock, runs, 100 * kept / runs, 100 * float(low), 100 * float(high))


def _on_case(name: str, values: list[Any]) -> Q:
    """The condition on the case of a clock; what a case does not keep fits none."""
    column = COLUMN.get(name, name)
    if "__" not in column and column not in {field.name for field in Case._meta.concrete_fields}:
        return Q(pk__in=[])
    return Q(**{f"case__{column}__in": values})
