"""Every figure of the product is made here: measure a metric, compare two figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from voiceloop.analytics import registry
from voiceloop.analytics.answering import answered
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.groups import Groups, merged
from voiceloop.analytics.metric import Metric, Rate
from voiceloop.analytics.plan import Every, Question, Where, check, conditions
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.analytics.scan import Source
from voiceloop.analytics.stats.difference import Difference
from voiceloop.analytics.stats.parts import Parts


def measure(
    lake: Source,
    metric: str | Metric,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    every: Every | None = None,
    since: date | None = None,
    until: date | None = None,
    weighted: bool = False,
    cluster: str | None = None,
    min_n: int = 5,
    confidence: float = 0.95,
    use_cubes: bool = True,
) -> Result:
    """Measure a metric, with its uncertainty.

    Parameters
    ----------
    lake : Lake or FileSource
    metric : str or Metric
        A name of `registry.metrics`, or a metric of your own.
    by : sequence of str
        Columns to group by; ``attributes.X`` is a customer attribute, ``score_class`` the class.
    where : mapping
        Column → value or values. None means unknown; an empty list lets no row through.
    every : {'day', 'week', 'month', 'quarter', 'year'}, optional
        One figure per period; a week begins on Monday.
    since, until : date, optional
        First day, and the day after the last.
    weighted : bool
        Use the weight column; the interval uses the effective number of answers.
    cluster : str, optional
        Column whose rows hang together, for instance ``customer_key`` or ``unit``: the intervals
        then rest on the variance between its values.
    min_n : int
        Below this the value is withheld; the count is still given.
    confidence : float
        Level of the intervals.
    use_cubes : bool
        Whether sums that the lake keeps may stand in for its rows; the figures are the same.

    Returns
    -------
    Result
        Without groups it has one row. Answers on several scales are never pooled: unless the
        question says which, the scale with most answers is measured and `Result.left_out` counts
        the others.

    Raises
    ------
    AnalyticsError
        For an unknown metric, column, scale or period.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> nps = measure(tiny_lake(), "nps").one
    >>> nps.n, nps.value, round(nps.low), round(nps.high)
    (10, 20.0, -30, 61)
    """
    asked: dict[str, Any] = {"by": by, "where": where, "every": every, "since": since, "until": until}
    question = ask(lake, metric, **asked, weighted=weighted, cluster=cluster)
    groups, source = _groups(question, lake, use_cubes)
    chosen, left_out, groups = _one_scale(question, groups)
    groups = _named(question, _complete(question, groups))
    return Result(
        metric=question.metric,
        groups=groups,
        figures=_figures(question, groups, chosen, min_n, confidence),
        method=_method(question, confidence),
        as_of=lake.as_of(question.metric.table),
        filter=_filter(question),
        by=question.by,
        every=every,
        weighted=weighted,
        confidence=confidence,
        scale=chosen,
        left_out=left_out,
        source=source,
    )


def compare(a: Row, b: Row, *, confidence: float = 0.95) -> Comparison:
    """Compare two figures of one metric that share no rows: a − b.

    Parameters
    ----------
    a, b : Row
        Of the same metric on the same scale.
    confidence : float
        A difference is a signal when its interval at this level leaves out zero.

    Raises
    ------
    AnalyticsError
        When the metrics or the scales differ.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> web, shop = measure(tiny_lake(), "nps", by=["channel"]).rows
    >>> compare(web, shop).verdict
    'noise'
    """
    if a.metric != b.metric or (a.scale and b.scale and a.scale != b.scale):
        raise AnalyticsError(
            "Only figures of one metric on one scale can be compared.", "只能比较同一指标、同一量表的数值。"
        )
    if a.value is None or b.value is None:
        return Comparison(None, None, None, None, "noise")
    found: Difference = a.metric.difference(a.parts, b.parts, a.scale, confidence)
    difference, low, high = (
        None if part is None else float(part) * a.metric.factor
        for part in (found.difference, found.low, found.high)
    )
    return Comparison(difference, low, high, found.p_value, found.verdict)


def figures(
    metric: Metric, groups: Groups, scale: str | None = None, *, min_n: int = 5, confidence: float = 0.95
) -> tuple[Any, Any, Any]:
    """Return value, low and high of every group of sums in the metric's unit, NaN where withheld.

    Parameters
    ----------
    metric : Metric
    groups : Groups
        Sums that were counted elsewhere than in a lake, or were put together from several answers.
    scale : str, optional
        On which they were measured.
    min_n, confidence
        As for `measure`.

    Examples
    --------
    >>> from voiceloop.analytics import registry
    >>> half = Parts(np.array([8.0]), *(np.array([x]) for x in (8.0, 8.0, 4.0, 4.0, 0.0)))
    >>> value, low, high = figures(registry.metric("praise_share"), Groups({}, half))
    >>> value.tolist(), low.round().tolist(), high.round().tolist()
    ([50.0], [22.0], [78.0])
    """
    parts = groups.parts
    nothing = np.full(len(groups), np.nan)
    bounds = metric.interval(parts, scale, confidence) if len(groups) else None
    shown = (parts.weight > 0) & (parts.n >= max(min_n, 1))
    found = (metric.values(parts) if len(groups) else nothing, *(bounds or (nothing, nothing)))
    value, low, high = (np.where(shown, figure * metric.factor, np.nan) for figure in found)
    return value, low, high


def ask(
    lake: Source,
    metric: str | Metric,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    every: Every | None = None,
    since: date | None = None,
    until: date | None = None,
    weighted: bool = False,
    cluster: str | None = None,
) -> Question:
    """Return the checked question; raises what `measure` raises."""
    found = registry.metric(metric) if isinstance(metric, str) else metric
    # To the minute, so that a question asked again soon is the same question.
    timed = ":now" in f"{found.where}{found.derived}{found.adds}"
    now = datetime.now(UTC).replace(second=0, microsecond=0) if timed else None
    scope = lake.scope(found)
    # What a rate is asked by must be known above the line and below it.
    both = set(lake.scope(found.per).columns) if isinstance(found, Rate) else set(scope.columns)
    question = Question(
        metric=found,
        columns=tuple(name for name in scope.columns if name in both),
        scale=scope.scale,
        by=tuple(by),
        where=conditions(where),
        every=every,
        since=since,
        until=until,
        weighted=weighted,
        cluster=cluster,
        now=now,
    )
    check(question)
    return question


def _groups(question: Question, lake: Source, use_cubes: bool) -> tuple[Groups, str]:
    """Return the sums of each group, and what they were read from."""
    metric = question.metric
    if isinstance(metric, Rate):
        above, source = _groups(replace(question, metric=metric.counted), lake, use_cubes)
        below, _ = _groups(replace(question, metric=metric.per), lake, use_cubes)
        return merged([_above_the_line(above), _below_the_line(below)]), source
    groups, source = answered(question, lake, use_cubes)
    if question.every in ("month", "quarter", "year"):
        groups = groups.mapped("period", lambda month: _first_day(question.every, month))
    return groups, source


def _above_the_line(groups: Groups) -> Groups:
    nothing = np.zeros(len(groups))
    return Groups(groups.keys, Parts(nothing, nothing, nothing, groups.parts.n, groups.parts.n, nothing))


def _below_the_line(groups: Groups) -> Groups:
    nothing = np.zeros(len(groups))
    n = groups.parts.n
    return Groups(groups.keys, Parts(n, n, n, nothing, nothing, nothing))


def _first_day(every: Every | None, month: str) -> date:
    year, number = int(month[:4]), int(month[5:7])
    first = {"month": number, "quarter": (number - 1) // 3 * 3 + 1, "year": 1}[str(every)]
    return date(year, first, 1)


def _one_scale(question: Question, groups: Groups) -> tuple[str | None, dict[str, int], Groups]:
    """Choose the scale with most answers, unless the question keeps the scales apart itself."""
    if not question.by_scale or "scale" in question.by:
        return question.only_scale, {}, groups
    counts = Counter({id: 0 for id in question.metric.scales})
    for id, n in zip(groups.keys["scale"], groups.parts.n.tolist(), strict=True):
        counts[id] += int(n)
    chosen = max(question.scales, key=lambda id: counts[id])
    left_out = {id: n for id, n in counts.items() if n and id != chosen}
    return chosen, left_out, groups.where("scale", chosen)


def _complete(question: Question, groups: Groups) -> Groups:
    """Add what has no rows but belongs into the answer: the whole, or a period between two others."""
    if question.by or (question.every and not len(groups)):
        return groups
    if not question.every:
        return groups if len(groups) else merged([Groups({}, _no_parts(1))])
    seen = set(groups.keys["period"])
    gaps = [day for day in _days(question, seen) if day not in seen]
    return merged([groups, Groups({"period": gaps}, _no_parts(len(gaps)))]) if gaps else groups


def _no_parts(size: int) -> Parts:
    nothing = np.zeros(size)
    return Parts(nothing, nothing, nothing, nothing, nothing, nothing)


def _days(question: Question, seen: set[date]) -> list[date]:
    days = [min(seen)]
    while days[-1] < max(seen):
        days.append(_next(question.every, days[-1]))
    return days


def _named(question: Question, groups: Groups) -> Groups:
    """Call the keys what the question calls them."""
    keys = {name: groups.keys[f"k{i}"] for i, name in enumerate(question.by)}
    if question.every:
        keys["period"] = groups.keys["period"]
    return Groups(keys, groups.parts)


def _next(every: Every | None, day: date) -> date:
    if every in ("day", "week"):
        return day + timedelta(days=1 if every == "day" else 7)
    months = day.month - 1 + {"month": 1, "quarter": 3, "year": 12}[str(every)]
    return date(day.year + months // 12, months % 12 + 1, 1)


def _figures(
    question: Question, groups: Groups, scale: str | None, min_n: int, confidence: float
) -> tuple[Any, Any, Any]:
    """Return value, low and high of every group in the metric's unit, NaN where withheld."""
    if scale is None and question.metric.scales:
        return _by_their_scale(question, groups, min_n, confidence)
    return figures(question.metric, groups, scale, min_n=min_n, confidence=confidence)


def _by_their_scale(
    question: Question, groups: Groups, min_n: int, confidence: float
) -> tuple[Any, Any, Any]:
    found = tuple(np.full(len(groups), np.nan) for _ in range(3))
    for id in set(groups.keys["scale"]):
        which = [i for i, value in enumerate(groups.keys["scale"]) if value == id]
        figures = _figures(question, groups.take(which), id, min_n, confidence)
        for whole, part in zip(found, figures, strict=True):
            whole[which] = part
    return found[0], found[1], found[2]


def _method(question: Question, confidence: float) -> str:
    weights = ", effective n (Kish)" if question.weighted else ""
    clusters = f", clusters by {question.cluster}" if question.cluster else ""
    return f"{question.metric.method}{weights}{clusters}, {confidence:.4g}"


def _filter(question: Question) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    days = (("since", question.since), ("until", question.until))
    return (*question.where, *((name, (day,)) for name, day in days if day))
