"""One metric group by group, each against the others and against another slice, with a false-alarm budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Any

from voiceloop.analytics.many import compare_among_many
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.measure import numbers
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Look:
    """A comparison of which the budget says whether it may be called a signal."""

    of: Comparison
    is_signal: bool
    better: bool | None

    @property
    def difference(self) -> float | None:
        return self.of.difference

    @property
    def verdict(self) -> str:
        return "signal" if self.is_signal else "noise"


@dataclass(frozen=True)
class Group:
    """A group's figure, the same group where it is compared, and what the differences are worth."""

    key: Key
    name: str
    row: Row
    against_rest: Look | None = None
    then: Row | None = None
    change: Look | None = None

    @property
    def is_signal(self) -> bool:
        """Whether it differs from the others by more than chance."""
        return self.against_rest is not None and self.against_rest.is_signal

    @property
    def better(self) -> bool | None:
        return self.against_rest.better if self.against_rest else None

    @property
    def period(self) -> date | None:
        return self.row.key.get("period")  # type: ignore[return-value]  # a date, wherever there is one


def breakdown(metric: Metric, part: Slice, by: str) -> list[Group]:
    """The groups of one dimension, largest first."""
    return ranked(groups(numbers.result(metric, part, by=(by,))), "-n")


def groups(found: Result, then: Result | None = None, *, is_apart: bool = True) -> list[Group]:
    """Every group of a result that has rows; `then` is the same question about another slice."""
    rows = [row for row in found.rows if row.n]
    before = {key_of(row): row for row in then.rows} if then else {}
    thens = [before.get(key_of(row)) for row in rows]
    rest = _looks(found.metric, _against_rest(rows, found))
    change = _looks(
        found.metric, [_change(a, b) if is_apart else None for a, b in zip(rows, thens, strict=True)]
    )
    return [
        Group(key_of(row), name_of(row), row, against_rest=a, then=b, change=c)
        for row, a, b, c in zip(rows, rest, thens, change, strict=True)
    ]


def key_of(row: Row) -> Key:
    return tuple(row.key.values())


def name_of(row: Row) -> str:
    return " · ".join(label(name, code) for name, code in row.key.items() if name != "period")


def codes_of(row: Row) -> dict[str, str | None]:
    """The conditions that lead to a group; a code that nobody knows cannot be asked for."""
    return {name: None if code is None else str(code) for name, code in row.key.items() if name != "period"}


def ranked(found: Iterable[Group], sort: str) -> list[Group]:
    """In an order; what has no such value comes last, however it is turned."""
    key = ORDERS[sort.lstrip("-")]
    known = [(key(group), group) for group in found]
    # Sorting is stable: groups that are level stay as they were, largest first.
    known.sort(key=lambda one: -one[1].row.n)
    there = [one for one in known if one[0] is not None]
    there.sort(key=lambda one: one[0], reverse=sort.startswith("-"))
    return [group for _, group in (*there, *(one for one in known if one[0] is None))]


def by_period(found: Iterable[Group]) -> list[Group]:
    """Group after group, each from its first period to its last."""
    return sorted(found, key=lambda group: (group.name, group.period or date.min))


ORDERS: dict[str, Callable[[Group], Any]] = {
    "n": lambda group: group.row.n,
    "value": lambda group: group.row.value,
    "name": lambda group: group.name,
    "change": lambda group: group.change.difference if group.change else None,
    "rest": lambda group: group.against_rest.difference if group.against_rest else None,
}


def _against_rest(rows: Sequence[Row], found: Result) -> list[Comparison | None]:
    if found.every or not found.by:
        return [None] * len(rows)
    # What has no name is nobody's: answers without an agent are no colleague to be compared with.
    named = [row for row in rows if None not in row.key.values()]
    others = _others([row.parts for row in named])
    rest = {key_of(row): parts for row, parts in zip(named, others, strict=True)}
    return [_compared(row, rest.get(key_of(row))) for row in rows]


def _others(parts: Sequence[Parts]) -> list[Parts]:
    """For each the sum of all others: sums cannot be subtracted, so from both ends."""
    before = [Parts(), *accumulate(parts)]
    after = [Parts(), *accumulate(reversed(parts))]
    return [before[i] + after[len(parts) - 1 - i] for i in range(len(parts))]


def _compared(row: Row, others: Parts | None) -> Comparison | None:
    if row.value is None or others is None or others.n < numbers.MIN_N:
        return None
    return compare_among_many(
        row, replace(row, key={}, n=others.n, value=others.mean, low=None, high=None, parts=others)
    )


def _change(now: Row, then: Row | None) -> Comparison | None:
    if then is None or now.value is None or then.value is None or now.scale != then.scale:
        return None
    return compare_among_many(now, then)


def _looks(metric: Metric, found: Sequence[Comparison | None]) -> list[Look | None]:
    sure = within_budget([one.p_value if one else None for one in found])
    return [
        Look(one, is_sure, _better(metric, one)) if one and one.difference is not None else None
        for one, is_sure in zip(found, sure, strict=True)
    ]


def _better(metric: Metric, one: Comparison) -> bool | None:
    return None if not one.difference else (one.difference > 0) == (metric.better == "higher")
