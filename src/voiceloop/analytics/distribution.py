"""How the answers to a scored question spread over its scale and its classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.measure import ask, measure
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.plan import Question, Where, filters
from voiceloop.analytics.scales import Scale, scale
from voiceloop.analytics.scan import Scan, Source


@dataclass(frozen=True)
class Bar:
    """One bar: its score (on a continuous scale the lowest of its bin), count, share 0–100 and class."""

    score: float
    n: int | None
    share: float | None
    score_class: str


@dataclass(frozen=True)
class Distribution:
    """All bars of a scale, and the share of each class.

    Attributes
    ----------
    metric : Metric
    scale : Scale
        Scale measured on.
    n : int
        Answers counted.
    bars : tuple of Bar
        One for every score of the scale, lowest first; counts are None when ``n`` < ``min_n``.
    classes : mapping of str to float or None
        Class → share 0–100, lowest scores first.
    as_of : datetime or None
    weighted : bool
    """

    metric: Metric
    scale: Scale
    n: int
    bars: tuple[Bar, ...]
    classes: Mapping[str, float | None]
    as_of: datetime | None
    weighted: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the distribution as plain JSON types."""
        return {
            "metric": self.metric.name,
            "scale": self.scale.id,
            "n": self.n,
            "weighted": self.weighted,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "classes": dict(self.classes),
            "bars": [
                {"score": bar.score, "n": bar.n, "share": bar.share, "class": bar.score_class}
                for bar in self.bars
            ],
        }


def distribution(
    lake: Source,
    metric: str | Metric = "nps",
    *,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    weighted: bool = False,
    min_n: int = 5,
) -> Distribution:
    """Count the answers at each score.

    Parameters
    ----------
    lake, metric, where, since, until, weighted, min_n
        As for `measure`; the metric must be one of scores.

    Raises
    ------
    AnalyticsError
        For a metric without scores, and as `measure` does.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> found = distribution(tiny_lake())
    >>> found.n, found.bars[10].n, found.classes["promoter"]
    (10, 3, 50.0)
    """
    result = measure(lake, metric, where=where, since=since, until=until, weighted=weighted, min_n=1)
    if result.scale is None:
        raise AnalyticsError(
            f"{result.metric.name} is not a metric of scores.", f"指标 {result.metric.name} 没有分数分布。"
        )
    narrowed = (
        dict(where or {})
        if _keeps_one_scale(lake, result.metric)
        else {**(where or {}), "scale": result.scale}
    )
    question = ask(lake, result.metric, where=narrowed, since=since, until=until, weighted=weighted)
    on, classes = scale(result.scale), result.metric.class_map(scale(result.scale))
    counted = _counted(_sql(question, on.bin, on.low), lake.scan("answers", since, until))
    weights = {float(score): float(weight) for score, _, weight in counted}
    numbers = {float(score): int(n) for score, n, _ in counted}
    total, n = sum(weights.values()), sum(numbers.values())
    shown = n >= max(min_n, 1) and total > 0
    bars = tuple(
        Bar(
            score,
            numbers.get(score, 0) if shown else None,
            100 * weights.get(score, 0.0) / total if shown else None,
            classes.of(score),
        )
        for score in on.points
    )
    shares = {
        name: sum(bar.share or 0.0 for bar in bars if bar.score_class == name) if shown else None
        for _, name in classes.bounds
    }
    return Distribution(result.metric, on, n, bars, shares, result.as_of, weighted)


def _keeps_one_scale(lake: Source, metric: Metric) -> bool:
    return lake.scope(metric).scale is not None


@lru_cache(maxsize=256)
def _sql(question: Question, step: float, low: float) -> str:
    score = sqlglot.parse_one(f"floor((score - {low}) / {step}) * {step} + {low}")
    weight = exp.Sum(this=exp.column("weight")) if question.weighted else exp.Count(this=exp.Star())
    conditions = [*filters(question), exp.column("score").is_(exp.null()).not_()]
    query = exp.select(score.as_("bar"), exp.Count(this=exp.Star()), weight).from_("facts").where(*conditions)
    return engine().sql(query.group_by("bar").order_by("bar"))


@lru_cache(maxsize=256)
def _counted(sql: str, scan: Scan) -> tuple[tuple[Any, ...], ...]:
    return tuple(engine().run(sql, scan))
