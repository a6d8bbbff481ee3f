"""What a metric is: declared once, it reduces to sums and gives value, interval and comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np

from voiceloop.analytics.scales import ClassMap, Scale, in_classes, scale
from voiceloop.analytics.stats.difference import (
    NO_DIFFERENCE,
    Difference,
    adjusted_difference,
    recovered_difference,
    welch_difference,
)
from voiceloop.analytics.stats.histogram import quantile, quantile_interval
from voiceloop.analytics.stats.intervals import (
    SHARES_PSEUDO,
    Bounds,
    Pseudo,
    adjusted_interval,
    average_pseudo,
    count_interval,
    ratio_interval,
    share_interval,
    student_interval,
)
from voiceloop.analytics.stats.means import bounded_interval, positive_interval
from voiceloop.analytics.stats.parts import Amount, Parts

Unit = Literal["points", "%", "score", "minutes", "seconds", "CNY", "per 1,000"]


# Amounts and times have long tails to one side.
_NEVER_NEGATIVE = ("minutes", "seconds", "CNY")


class Hit(NamedTuple):
    """Rows that count ``value`` each: those of some score classes, or those that meet an SQL condition."""

    value: float
    sql: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A number's one definition.

    Attributes
    ----------
    name, label_en, label_zh : str
        The code name and the names on screen.
    definition_en, definition_zh : str
        The public definition, shown in the product.
    table : str
        The lake table whose rows are counted.
    unit : {'points', '%', 'score', 'minutes', 'seconds', 'CNY', 'per 1,000'}
        Unit of the value.
    better : {'higher', 'lower'}
        The direction that is good.
    version : int
        Raised whenever the definition changes; the older one moves to ``EARLIER`` in the metric's file.
    where : str
        SQL condition on the rows that count; ``:now`` is the time of asking.
    question : str
        Code of the survey question, for metrics of answers.
    scales : tuple of str
        Scales on which it is defined; answers on two scales are never pooled.
    classes : ClassMap, optional
        Cut points in place of the scale's own.
    derived : str
        SQL SELECT from ``facts`` that makes the rows that count, for what no single row knows, such as
        whether a customer came back. It keeps the dimensions and ``day``.
    reach_days : int
        How many days before and after the asked ones ``derived`` looks at.
    source : str
        Where the definition comes from.
    """

    name: str
    label_en: str
    label_zh: str
    definition_en: str
    definition_zh: str
    table: str = "answers"
    unit: Unit
    better: Literal["higher", "lower"] = "higher"
    version: int = 1
    where: str = ""
    question: str = ""
    scales: tuple[str, ...] = ()
    classes: ClassMap | None = None
    derived: str = ""
    reach_days: int = 0
    source: str = ""

    @property
    def id(self) -> str:
        """Name and version, as a kept report stores it."""
        return f"{self.name}@{self.version}"

    @property
    def factor(self) -> float:
        """What a mean is multiplied by for display."""
        return 100.0 if self.unit in ("points", "%") else 1.0

    @property
    def method(self) -> str:
        """How the interval is made."""
        raise TypeError("a Metric is a Score, a Share, an Average, a Duration, a Ratio or a Rate")

    @property
    def formula(self) -> str:
        """The figure in one line, for the dictionary."""
        raise TypeError("a Metric is a Score, a Share, an Average, a Duration, a Ratio or a Rate")

    def class_map(self, on: Scale) -> ClassMap:
        """Return the classes that this metric uses on a scale."""
        return self.classes or on.classes

    def hits(self, scale_id: str | None) -> tuple[Hit, ...] | None:
        """Return the kinds of rows that are counted; None when values are added up instead."""
        return None

    @property
    def adds(self) -> str:
        """SQL of the value that is added up; empty when rows are counted."""
        return ""

    def values(self, parts: Parts) -> Amount:
        """Return the figure before `factor`, NaN where there is none."""
        return parts.means

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        """Return (low, high) before `factor`."""
        raise TypeError("a Metric is a Score, a Share, an Average, a Duration, a Ratio or a Rate")

    def difference(self, a: Parts, b: Parts, scale_id: str | None, confidence: float) -> Difference:
        """Compare two samples, before `factor`."""
        level = confidence
        sides = [
            (float(self.values(part)), self.interval(part, scale_id, level)) for part in (a, b) if part.n
        ]
        return recovered_difference(sides[0], sides[1], level) if len(sides) == 2 else NO_DIFFERENCE

    def more(self, parts: Parts) -> dict[str, float | None]:
        """Return what else is to be said of one group, in the unit shown."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Score(Metric):
    """Each class of answer has a value; the score is their mean times 100.

    ``class_values`` pairs a class with its value; a class left out counts 0.
    """

    class_values: tuple[tuple[str, float], ...]
    unit: Unit = "points"

    def weighing(self, **values: float) -> Score:
        """Return the same score with other class values, for instance ``promoter=2``."""
        return replace(self, class_values=tuple({**dict(self.class_values), **values}.items()))

    @property
    def method(self) -> str:
        return "adjusted Wald, 3 pseudo-answers (¾, 1½, ¾)"

    @property
    def formula(self) -> str:
        terms = " ".join(
            f"{'+' if value > 0 else '−'} {abs(value):g} × share({name})"
            for name, value in self.class_values
            if value
        )
        return f"100 × ({terms.removeprefix('+ ')})"

    def hits(self, scale_id: str | None) -> tuple[Hit, ...] | None:
        bounds = self.class_map(scale(scale_id or self.scales[0])).bounds
        return tuple(
            Hit(value, in_classes(bounds, (name,)), (name,) if self.classes is None else ())
            for name, value in self.class_values
            if value and name in dict((name, low) for low, name in bounds)
        )

    @property
    def _pseudo(self) -> Pseudo:
        value = dict(self.class_values)
        ends = value.get("promoter", 0.0), value.get("detractor", 0.0)
        return ((0.75, ends[0]), (1.5, value.get("passive", 0.0)), (0.75, ends[1]))

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        ends = [value for _, value in self.class_values] + [0.0]
        return adjusted_interval(parts, self._pseudo, (min(ends), max(ends)), confidence)

    def difference(self, a: Parts, b: Parts, scale_id: str | None, confidence: float) -> Difference:
        return adjusted_difference(a, b, self._pseudo, confidence)


@dataclass(frozen=True, kw_only=True)
class Share(Metric):
    """The share of rows that meet a condition: an SQL one, or a score in one of some classes."""

    hit: str = ""
    hit_classes: tuple[str, ...] = ()
    unit: Unit = "%"

    @property
    def method(self) -> str:
        return "Wilson score interval"

    @property
    def formula(self) -> str:
        return f"100 × n({self.hit or ' or '.join(self.hit_classes)}) / n"

    def hits(self, scale_id: str | None) -> tuple[Hit, ...] | None:
        if self.hit:
            return (Hit(1.0, self.hit),)
        bounds = self.class_map(scale(scale_id or self.scales[0])).bounds
        own = self.hit_classes if self.classes is None else ()
        return (Hit(1.0, in_classes(bounds, self.hit_classes), own),)

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        return share_interval(parts, confidence)

    def difference(self, a: Parts, b: Parts, scale_id: str | None, confidence: float) -> Difference:
        return adjusted_difference(a, b, SHARES_PSEUDO, confidence)


@dataclass(frozen=True, kw_only=True)
class Average(Metric):
    """The mean of a column; bounded by its scale when it has one."""

    column: str = "score"

    @property
    def adds(self) -> str:
        return self.column

    @property
    def method(self) -> str:
        if self.scales:
            return "Wilson's score test, quasi-binomial variance"
        return "Student's t" + (", straightened for skewness" if self.unit in _NEVER_NEGATIVE else "")

    @property
    def formula(self) -> str:
        return f"Σ {self.column} / n"

    def _bounds(self, scale_id: str | None) -> tuple[float, float]:
        on = scale(scale_id or self.scales[0])
        return on.low, on.high

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        if self.scales:
            return bounded_interval(parts, (), self._bounds(scale_id), confidence)
        return (positive_interval if self.unit in _NEVER_NEGATIVE else student_interval)(parts, confidence)

    def difference(self, a: Parts, b: Parts, scale_id: str | None, confidence: float) -> Difference:
        if not self.scales:
            return welch_difference(a, b, confidence)
        return adjusted_difference(a, b, average_pseudo(self._bounds(scale_id)), confidence)


@dataclass(frozen=True, kw_only=True)
class Duration(Metric):
    """The median of a time, in seconds; the mean, p90 and p99 go with it.

    Kept as a histogram whose bins widen by 1 %, so that quantiles merge over any grouping.
    """

    column: str
    unit: Unit = "seconds"
    better: Literal["higher", "lower"] = "lower"

    @property
    def adds(self) -> str:
        return self.column

    @property
    def method(self) -> str:
        return "median within 1 %, interval by binomial ranks"

    @property
    def formula(self) -> str:
        return f"median({self.column})"

    def values(self, parts: Parts) -> Amount:
        return _each(parts, lambda one: quantile(one.bins, 0.5))

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        return _bounds_each(parts, lambda one: quantile_interval(one.bins, one.effective_n, 0.5, confidence))

    def more(self, parts: Parts) -> dict[str, float | None]:
        return {"mean": parts.mean} | {f"p{100 * p:g}": quantile(parts.bins, p) for p in (0.9, 0.99)}


@dataclass(frozen=True, kw_only=True)
class Ratio(Metric):
    """A total over another: Σ ``column`` / Σ ``over``, both SQL of one table."""

    column: str
    over: str

    @property
    def adds(self) -> str:
        return self.column

    @property
    def method(self) -> str:
        return "ratio of totals, linearised"

    @property
    def formula(self) -> str:
        return f"Σ {self.column} / Σ {self.over}"

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        return ratio_interval(parts, confidence)


@dataclass(frozen=True, kw_only=True)
class Rate(Metric):
    """How many rows of ``table`` come on every 1,000 rows of another, in the same groups and days."""

    per_table: str
    per_where: str = ""
    unit: Unit = "per 1,000"

    @property
    def factor(self) -> float:
        return 1000.0

    @property
    def method(self) -> str:
        return "Poisson, Byar's limits"

    @property
    def formula(self) -> str:
        return f"1,000 × n({self.table}) / n({self.per_table})"

    @property
    def counted(self) -> Metric:
        """What stands above the line: a count of rows."""
        return self._count(self.table, self.where, "counted")

    @property
    def per(self) -> Metric:
        """What stands below the line: a count of rows."""
        return self._count(self.per_table, self.per_where, "per")

    def _count(self, table: str, where: str, role: str) -> Metric:
        names = ("label_en", "label_zh", "definition_en", "definition_zh", "version")
        shared: dict[str, Any] = {name: getattr(self, name) for name in names}
        return Share(name=f"{self.name}.{role}", table=table, where=where, hit="TRUE", **shared)

    def hits(self, scale_id: str | None) -> tuple[Hit, ...] | None:
        return (Hit(1.0, "TRUE"),)

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        return count_interval(parts, confidence)


def _each(parts: Parts, of: Callable[[Parts], float | None]) -> Amount:
    if not np.ndim(parts.n):
        found = of(parts)
        return np.nan if found is None else found
    return np.array([np.nan if (found := of(one)) is None else found for one in parts])


def _bounds_each(parts: Parts, of: Callable[[Parts], Bounds | None]) -> Bounds | None:
    if not np.ndim(parts.n):
        return of(parts)
    pairs = np.array([of(one) or (np.nan, np.nan) for one in parts]).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
