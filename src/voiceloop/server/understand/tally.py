"""How many comments carry which label, and when: all counts of the voice page come from one question.

What the lake can tell it tells; words in a comment, its case and its score are asked of the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

from django.db.models import Count
from django.db.models.functions import TruncDay, TruncMonth, TruncQuarter, TruncWeek
from django.utils.timezone import now

from voiceloop.analytics.groups import Groups
from voiceloop.analytics.metric import Metric, Share
from voiceloop.analytics.plan import Every
from voiceloop.analytics.result import Result
from voiceloop.analytics.voices import among, counted, shares
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.understand import voices
from voiceloop.server.understand.models import Annotation
from voiceloop.server.understand.voice_asked import ANY, Asked

LABELS = Share(
    name="voice.labels",
    label_en="Labels",
    label_zh="标签",
    definition_en="Labels of comments.",
    definition_zh="原话的标签。",
    table="annotations",
    hit="TRUE",
)
VOICES = ("praise", "problem", "suggestion")
TRUNCATE = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth, "quarter": TruncQuarter}

Key = tuple[str, str, int | None]


@dataclass(frozen=True)
class Tally:
    """Counts by kind, label, side and period; `as_of` is when the data last changed."""

    counts: dict[Key, dict[date | None, int]]
    as_of: datetime | None
    source: str = "rows"
    every: str | None = None

    def n(self, kind: str, label: str | None = None, *, side: int | None = None) -> int:
        """Comments with a label; without one all of the kind."""
        return sum(
            sum(days.values())
            for (of, name, polarity), days in self.counts.items()
            if of == kind and label in (None, name) and (side is None or side == polarity)
        )

    def labels(self, kind: str) -> list[tuple[str, int]]:
        """The labels of a kind with their counts, the most frequent first."""
        found: dict[str, int] = defaultdict(int)
        for (of, name, _), days in self.counts.items():
            if of == kind:
                found[name] += sum(days.values())
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))

    @cached_property
    def n_comments(self) -> int:
        return self.n("sentiment")

    @cached_property
    def periods(self) -> list[date]:
        return sorted({day for days in self.counts.values() for day in days if day})

    def share(self, metric: Metric, kind: str, hits: Iterable[str], among: Iterable[str]) -> Result:
        """The share of some labels among some of a kind, over the whole slice."""
        base = sum(self.n(kind, name) for name in among)
        return self._result(metric, Groups({}, shares([base], [sum(self.n(kind, name) for name in hits)])))

    def trend(self, metric: Metric, kind: str, hits: Iterable[str], among: Iterable[str]) -> Result:
        """The same period by period."""
        base, hit = self._by_period(kind, among), self._by_period(kind, hits)
        sums = shares([base.get(day, 0) for day in self.periods], [hit.get(day, 0) for day in self.periods])
        groups: dict[str, list[Any]] = {"period": list(self.periods)}
        return self._result(metric, Groups(groups, sums), self.every)

    def _by_period(self, kind: str, names: Iterable[str]) -> dict[date | None, int]:
        wanted = set(names)
        found: dict[date | None, int] = defaultdict(int)
        for (of, name, _), days in self.counts.items():
            if of == kind and name in wanted:
                for day, n in days.items():
                    found[day] += n
        return dict(found)

    def _result(self, metric: Metric, groups: Groups, every: str | None = None) -> Result:
        return counted(
            metric, groups, every=cast("Every | None", every), as_of=self.as_of,
            source=self.source, min_n=numbers.MIN_N,
        )  # fmt: skip


def tally(user: User, asked: Asked, *, over_time: bool = True) -> Tally:
    every = step(asked) if over_time else None
    if asked.is_of_the_lake and not any(ANY in names for _, names in asked.labels):
        return _of_the_lake(asked, every)
    return _of_the_database(user, asked, every)


def step(asked: Asked) -> str:
    """Steps that leave a readable number of points."""
    part = asked.part
    days = (part.until - part.since).days if part.since and part.until else 3650
    return "day" if days <= 14 else "week" if days <= 200 else "month" if days <= 1500 else "quarter"


def _of_the_lake(asked: Asked, every: str | None) -> Tally:
    metric = among(LABELS, dict(asked.labels), asked.polarity)
    found = numbers.result(metric, asked.part, by=("kind", "label", "polarity"), every=every)
    counts: dict[Key, dict[date | None, int]] = defaultdict(dict)
    for row in found.rows:
        key = (str(row.key["kind"]), str(row.key["label"]), cast("int | None", row.key["polarity"]))
        counts[key][cast("date | None", row.key.get("period"))] = row.n
    return Tally(dict(counts), found.as_of, found.source, every)


def _of_the_database(user: User, asked: Asked, every: str | None) -> Tally:
    comments = asked.rows(user).order_by().values("pk")
    rows: Any = Annotation.objects.filter(verbatim__in=comments)
    names = ["kind", "label", "polarity"]
    if every:
        rows = rows.annotate(period=TRUNCATE[every]("verbatim__response__at"))
        names.append("period")
    counts: dict[Key, dict[date | None, int]] = defaultdict(dict)
    for kind, label, side, *period in rows.values_list(*names).annotate(n=Count("pk")).order_by():
        *period, n = period
        counts[kind, label, side][period[0].date() if period else None] = n
    return Tally(dict(counts), now(), "database", every)


def waiting(user: User, asked: Asked) -> int:
    """Comments of the slice that no model has read yet."""
    return voices.in_slice(user, asked.part).filter(labelled_by="").order_by().count()
