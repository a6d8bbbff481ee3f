"""The answer to a question of the explore page: what its screen, its files and its mails all show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import reverse

from voiceloop.analytics.measure import compare
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Result, Row
from voiceloop.server.measure import numbers
from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.breakdown import (
    Group,
    Key,
    by_period,
    codes_of,
    groups,
    key_of,
    name_of,
    ranked,
)
from voiceloop.server.measure.heat import Heat, heat
from voiceloop.server.measure.numbers import Figure

# Our choice: what fits on a screen or a slide; the table has the rest.
MOST_BARS, MOST_SMALL, MOST_LINES, MOST_COLUMNS = 20, 12, 30, 12


@dataclass(frozen=True)
class Lined:
    """The periods of one group, with a gap where it has none."""

    metric: Metric
    rows: tuple[Row, ...]
    every: str | None


@dataclass(frozen=True)
class Small:
    """One of several small trends: the group's name, its figure and its periods."""

    name: str
    row: Row
    trend: Lined
    url: str


class Exploration:
    """Everything is measured when it is first looked at, and once."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.metric, self.part = asked.metric, asked.part

    @property
    def kind(self) -> str:
        """'trend', 'bars', 'heat' or 'small', by how the metric is cut."""
        if self.asked.every:
            return "small" if self.asked.by else "trend"
        return ("trend", "bars", "heat")[len(self.asked.by)]

    @cached_property
    def figure(self) -> Figure:
        """The whole slice, and how it differs from what it is compared with."""
        now, change = self._whole(self.asked.weighted), None
        then = self.then
        if then and self.asked.is_apart and then.value is not None and now.one.value is not None:
            change = compare(now.one, then) if then.scale == now.one.scale else None
        return Figure(self.metric, now.one, now, self.part, change)

    @cached_property
    def then(self) -> Row | None:
        other = self.asked.other
        return numbers.result(self.metric, other, weighted=self.asked.weighted).one if other else None

    @cached_property
    def beside(self) -> Row | None:
        """The raw figure where the weighted one is shown."""
        return self._whole(False).one if self.asked.weighted else None

    @cached_property
    def trend(self) -> Result:
        if self.asked.every:
            return numbers.result(
                self.metric, self.part, every=self.asked.every, weighted=self.asked.weighted
            )
        return numbers.trend(self.metric, self.part, weighted=self.asked.weighted)

    @cached_property
    def result(self) -> Result:
        """The cut that was asked for; without dimensions and periods the whole."""
        if not self.asked.by:
            return self.trend if self.asked.every else self.figure.result
        return self._cut(self.asked)

    @cached_property
    def groups(self) -> list[Group]:
        other = self.asked.other
        # Periods of another time have other names: they are not laid side by side.
        then = self._cut(replace(self.asked, part=other)) if other and not self.asked.every else None
        found = groups(self.result, then, is_apart=self.asked.is_apart)
        return by_period(found) if self.asked.every else ranked(found, self.asked.sort)

    @cached_property
    def raw(self) -> dict[Key, Row]:
        """The unweighted figure of each group, to stand beside the weighted one."""
        if not self.asked.weighted:
            return {}
        return {key_of(row): row for row in self._cut(replace(self.asked, weighted=False)).rows}

    @cached_property
    def heat(self) -> Heat | None:
        if self.kind != "heat":
            return None
        return heat(self.result, self.part, most=(MOST_LINES, MOST_COLUMNS), url=self._narrowed)

    @cached_property
    def small(self) -> list[Small]:
        """The largest groups, each with its own trend."""
        by_group: dict[Key, list[Row]] = defaultdict(list)
        for row in self.result.rows:
            by_group[key_of(row)[:-1]].append(row)
        largest = sorted(by_group.values(), key=lambda rows: -sum(row.n for row in rows))[:MOST_SMALL]
        whole = {key_of(row): row for row in self._cut(replace(self.asked, every=None)).rows}
        return [self._small(rows, whole) for rows in largest] if self.kind == "small" else []

    def url_of(self, row: Row) -> str:
        """Down into one group."""
        return self._narrowed(codes_of(row)) if None not in codes_of(row).values() else ""

    def _small(self, rows: list[Row], whole: dict[Key, Row]) -> Small:
        first = rows[0]
        dated = {row.key["period"]: row for row in rows}
        gap = {
            row.key["period"]: replace(row, n=0, value=None, low=None, high=None) for row in self.trend.rows
        }
        lined = Lined(self.metric, tuple({**gap, **dated}.values()), self.asked.every)
        return Small(name_of(first), whole[key_of(first)[:-1]], lined, self.url_of(first))

    def _narrowed(self, codes: dict[str, str | None]) -> str:
        return f"{reverse('explore')}?{self.asked.narrowed(**codes).query()}"

    def _whole(self, weighted: bool) -> Result:
        return numbers.result(self.metric, self.part, weighted=weighted)

    def _cut(self, asked: Asked) -> Result:
        return numbers.result(
            asked.metric, asked.part, by=asked.by, every=asked.every, weighted=asked.weighted
        )
