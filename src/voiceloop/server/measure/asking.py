"""What somebody asks on the explore page, read out of its address and written back into one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import urlencode

from django.http import QueryDict

from voiceloop.analytics import registry, schema
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.plan import SCORE_CLASS, Every
from voiceloop.server.core.models import User
from voiceloop.server.measure.labels import OF_A_TABLE
from voiceloop.server.measure.slices import Slice, a_year_before

SORTS = ("n", "value", "name", "change", "rest")
SHOWN = ("chart", "table")
AGAINST = ("before", "year", "period", "other", "none")
# More than two dimensions at once nobody reads.
MOST_DIMENSIONS = 2


@dataclass(frozen=True)
class Asked:
    """A metric of a slice, cut by dimensions and periods, beside what it is compared with.

    `other` is the slice to compare with, None for no comparison; `dropped` are conditions that the
    metric has no column for.
    """

    metric: Metric
    part: Slice
    by: tuple[str, ...] = ()
    every: Every | None = None
    weighted: bool = False
    show: str = "chart"
    sort: str = "-n"
    against: str = "before"
    other: Slice | None = None
    vs: str = ""
    dropped: tuple[str, ...] = ()

    @classmethod
    def of(cls, user: User, query: QueryDict, *, by: tuple[str, ...] = ()) -> Asked:
        """Read a question; `by` is how it is cut when its address says nothing of that."""
        metric = registry.metric(query.get("metric") or "nps")
        part, dropped = _fitting(Slice.of(user, query), metric)
        against = _one_of(query.get("against"), AGAINST, "before")
        return cls(
            metric=metric,
            part=part,
            by=_by(query, by, metric),
            every=_every(query.get("every")),
            weighted=query.get("weights") == "on",
            show=_one_of(query.get("show"), SHOWN, "chart"),
            sort=_sort(query.get("sort")),
            against=against,
            other=_other(against, part, query),
            vs=query.get("vs", "") if against == "other" else "",
            dropped=dropped,
        )

    @property
    def is_apart(self) -> bool:
        """Whether the two slices share no rows, so that their difference can be judged."""
        a, b = self.part, self.other
        if b is None:
            return False
        days_apart = bool(
            (a.until and b.since and a.until <= b.since) or (b.until and a.since and b.until <= a.since)
        )
        mine, theirs = dict(a.chosen), dict(b.chosen)
        return days_apart or any(name in theirs and not {*mine[name]} & {*theirs[name]} for name in mine)

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The whole question as names and values of an address; a change of None takes one away."""
        found: list[tuple[str, str]] = [("metric", metric_id(self.metric))]
        found += [("by", name) for name in self.by] or [("by", "")]
        found += self.part.pairs()
        more: dict[str, Any] = {
            "every": self.every,
            "weights": "on" if self.weighted else None,
            "show": self.show if self.show != "chart" else None,
            "sort": self.sort if self.sort != "-n" else None,
            "against": self.against if self.against != "before" else None,
            **self._versus(),
        }
        found += [(name, str(value)) for name, value in more.items() if value]
        kept = [(name, value) for name, value in found if name not in changes]
        return kept + [pair for name, value in changes.items() for pair in _pairs(name, value)]

    def query(self, **changes: Any) -> str:
        return urlencode(self.pairs(**changes))

    def narrowed(self, **codes: str | None) -> Asked:
        """Down to some groups, cut no further by the dimensions that are now one."""
        by = tuple(name for name in self.by if name not in codes)
        other = self.other.narrowed(**codes) if self.other else None
        return replace(self, part=self.part.narrowed(**codes), by=by, other=other)

    def _versus(self) -> dict[str, Any]:
        if self.against == "other":
            return {"vs": self.vs}
        if self.against == "period" and self.other:
            return {"vs_since": self.other.since, "vs_until": self.other.last}
        return {}


def metric_id(metric: Metric) -> str:
    """The name in an address: with its version when it is not the one in force."""
    current = registry.metrics().get(metric.name)
    return metric.name if current == metric else f"{metric.name}@{metric.version}"


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list | tuple):
        return [(name, str(one)) for one in value]
    return [] if value is None else [(name, str(value))]


def _by(query: QueryDict, unsaid: tuple[str, ...], metric: Metric) -> tuple[str, ...]:
    """The cut; what only rows of another table have is left behind when another metric is chosen."""
    if "by" not in query:
        return unsaid
    own = schema.table(metric.table).columns
    elsewhere = {name for names in OF_A_TABLE.values() for name in names if name not in own}
    asked = [name for name in dict.fromkeys(query.getlist("by")) if name and name not in elsewhere]
    return tuple(asked[:MOST_DIMENSIONS])


def _every(asked: str | None) -> Every | None:
    if asked and asked not in get_args(Every):
        raise AnalyticsError(f"Unknown period: {asked}.", f"未知的周期：{asked}。")
    return asked or None  # type: ignore[return-value]  # one of the literals, as asked above


def _one_of(asked: str | None, known: tuple[str, ...], otherwise: str) -> str:
    return asked if asked in known else otherwise


def _sort(asked: str | None) -> str:
    return asked if asked and asked.lstrip("-") in SORTS else "-n"


def _fitting(part: Slice, metric: Metric) -> tuple[Slice, tuple[str, ...]]:
    """Without the condition on classes of scores for a metric that has no scores."""
    if metric.scales or SCORE_CLASS not in dict(part.chosen):
        return part, ()
    return part.narrowed(**{SCORE_CLASS: None}), (SCORE_CLASS,)


def _other(against: str, part: Slice, query: QueryDict) -> Slice | None:
    if against == "before":
        return part.before()
    if against == "year":
        return a_year_before(part)
    if against == "period":
        return _dated(part, query)
    dimension, colon, code = query.get("vs", "").partition(":")
    return part.narrowed(**{dimension: code}) if against == "other" and colon and code else None


def _dated(part: Slice, query: QueryDict) -> Slice | None:
    said = {"since": query.get("vs_since", ""), "until": query.get("vs_until", "")}
    if not any(said.values()):
        return None
    since, until = Slice.period(said)
    return replace(part, since=since, until=until, days=None)
