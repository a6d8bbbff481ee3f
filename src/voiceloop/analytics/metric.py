"""What a metric is: declared once, it reduces to sums and gives value, interval and comparison."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from voiceloop.analytics.scales import ClassMap, Scale, scale
from voiceloop.analytics.stats.difference import Difference, adjusted_difference, welch_difference
from voiceloop.analytics.stats.intervals import (
    Bounds,
    Pseudo,
    adjusted_interval,
    average_pseudo,
    share_interval,
    student_interval,
)
from voiceloop.analytics.stats.parts import Parts


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
    unit : {'points', '%', 'score', 'minutes', 'CNY'}
        Unit of the value.
    better : {'higher', 'lower'}
        The direction that is good.
    version : int
        Raised whenever the definition changes.
    where : str
        SQL condition on the rows that count; ``:now`` is the time of asking.
    question : str
        Code of the survey question, for metrics of answers.
    scales : tuple of str
        Scales on which it is defined; answers on two scales are never pooled.
    classes : ClassMap, optional
        Cut points in place of the scale's own.
    """

    name: str
    label_en: str
    label_zh: str
    definition_en: str
    definition_zh: str
    table: str = "answers"
    unit: Literal["points", "%", "score", "minutes", "CNY"]
    better: Literal["higher", "lower"] = "higher"
    version: int = 1
    where: str = ""
    question: str = ""
    scales: tuple[str, ...] = ()
    classes: ClassMap | None = None

    @property
    def factor(self) -> float:
        """What a mean is multiplied by for display."""
        return 100.0 if self.unit in ("points", "%") else 1.0

    @property
    def method(self) -> str:
        """How the interval is made."""
        raise TypeError("a Metric is a Score, a Share or an Average")

    def class_map(self, on: Scale) -> ClassMap:
        """Return the classes that this metric uses on a scale."""
        return self.classes or on.classes

    def x(self, scale_id: str | None) -> str:
        """Return the SQL of one row's value, on a scale when the metric has scales."""
        raise TypeError("a Metric is a Score, a Share or an Average")

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        """Return (low, high) of the mean, before `factor`."""
        raise TypeError("a Metric is a Score, a Share or an Average")

    def difference(self, a: Parts, b: Parts, scale_id: str | None, confidence: float) -> Difference:
        """Compare two samples, before `factor`."""
        raise TypeError("a Metric is a Score, a Share or an Average")


@dataclass(frozen=True, kw_only=True)
class Score(Metric):
    """Each class of answer has a value; the score is their mean times 100.

    ``values`` pairs a class with its value; a class left out counts 0.
    """

    values: tuple[tuple[str, float], ...]
    unit: Literal["points", "%", "score", "minutes", "CNY"] = "points"

    def weighing(self, **values: float) -> Score:
        """Return the same score with other class values, for instance ``promoter=2``."""
        return replace(self, values=tuple({**dict(self.values), **values}.items()))

    @property
    def method(self) -> str:
        return "adjusted Wald, 3 pseudo-answers (¾, 1½, ¾)"

    def x(self, scale_id: str | None) -> str:
        bounds = self.class_map(scale(scale_id or self.scales[0])).bounds
        values = dict(self.values)
        arms = (
            f"WHEN score >= {low:g} THEN {_double(values.get(name, 0.0))}" for low, name in reversed(bounds)
        )
        return f"CASE {' '.join(arms)} END"

    @property
    def _pseudo(self) -> Pseudo:
        value = dict(self.values)
        ends = value.get("promoter", 0.0), value.get("detractor", 0.0)
        return ((0.75, ends[0]), (1.5, value.get("passive", 0.0)), (0.75, ends[1]))

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        ends = [value for _, value in self.values] + [0.0]
        return adjusted_interval(parts, self._pseudo, (min(ends), max(ends)), confidence)

    def difference(self, a: Parts, b: Parts, scale_id: str | None, confidence: float) -> Difference:
        return adjusted_difference(a, b, self._pseudo, confidence)


@dataclass(frozen=True, kw_only=True)
class Share(Metric):
    """The share of rows that meet a condition: an SQL one, or a score in one of some classes."""

    hit: str = ""
    hit_classes: tuple[str, ...] = ()
    unit: Literal["points", "%", "score", "minutes", "CNY"] = "%"

    @property
    def method(self) -> str:
        return "Wilson score interval"

    def x(self, scale_id: str | None) -> str:
        if self.hit:
            return f"CASE WHEN {self.hit} THEN 1e0 ELSE 0e0 END"
        bounds = self.class_map(scale(scale_id or self.scales[0])).bounds
        arms = (
            f"WHEN score >= {low:g} THEN {_double(name in self.hit_classes)}"
            for low, name in reversed(bounds)
        )
        return f"CASE {' '.join(arms)} END"

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        return share_interval(parts, confidence)

    def difference(self, a: Parts, b: Parts, scale_id: str | None, confidence: float) -> Difference:
        # One success and one failure in each sample: Agresti and Caffo (2000).
        return adjusted_difference(a, b, ((2.0, 1.0), (2.0, 0.0)), confidence)


@dataclass(frozen=True, kw_only=True)
class Average(Metric):
    """The mean of a column; bounded by its scale when it has one."""

    column: str = "score"

    @property
    def method(self) -> str:
        return "adjusted Wald, 2 pseudo-answers (½, 1, ½)" if self.scales else "Student's t"

    def x(self, scale_id: str | None) -> str:
        return self.column

    def _bounds(self, scale_id: str | None) -> Bounds:
        on = scale(scale_id or self.scales[0])
        return on.low, on.high

    def interval(self, parts: Parts, scale_id: str | None, confidence: float) -> Bounds | None:
        if not self.scales:
            return student_interval(parts, confidence)
        bounds = self._bounds(scale_id)
        return adjusted_interval(parts, average_pseudo(bounds), bounds, confidence)

    def difference(self, a: Parts, b: Parts, scale_id: str | None, confidence: float) -> Difference:
        if not self.scales:
            return welch_difference(a, b, confidence)
        return adjusted_difference(a, b, average_pseudo(self._bounds(scale_id)), confidence)


def _double(value: float) -> str:
    # Without an exponent the literal is a decimal, which every engine adds more slowly.
    return f"{float(value)!r}e0" if "e" not in repr(float(value)) else repr(float(value))
