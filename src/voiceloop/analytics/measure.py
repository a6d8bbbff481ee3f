"""Every figure of the product is made here: measure a metric, compare two figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from voiceloop.analytics import registry
from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.plan import Every, Question, Where, check, conditions, sums
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.analytics.scan import Scan, Source
from voiceloop.analytics.stats.difference import Difference
from voiceloop.analytics.stats.parts import Parts

Groups = dict[tuple[Any, ...], Parts]


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
    min_n: int = 5,
    confidence: float = 0.95,
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
    min_n : int
        Below this the value is withheld; the count is still given.
    confidence : float
        Level of the intervals.

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
    question = ask(lake, metric, by=by, where=where, every=every, since=since, until=until, weighted=weighted)
    groups = _groups(question, lake.scan(question.metric.table, since, until))
    chosen, left_out = _one_scale(question, groups)
    rows = [
        _figure(question, key, scale, parts, min_n, confidence)
        for (key, scale), parts in _kept(question, groups, chosen).items()
    ]
    return Result(
        metric=question.metric,
        rows=tuple(sorted(rows, key=_order)),
        method=_method(question, confidence),
        as_of=lake.as_of(question.metric.table),
        filter=_filter(question),
        by=question.by,
        every=every,
        weighted=weighted,
        confidence=confidence,
        scale=chosen,
        left_out=left_out,
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
    scaled = (_times(a.metric.factor, part) for part in (found.difference, found.low, found.high))
    return Comparison(next(scaled), next(scaled), next(scaled), found.p_value, found.verdict)


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
) -> Question:
    """Return the checked question; raises what `measure` raises."""
    found = registry.metric(metric) if isinstance(metric, str) else metric
    # To the minute, so that a question asked again soon is the same question.
    now = datetime.now(UTC).replace(second=0, microsecond=0) if ":now" in found.where else None
    scope = lake.scope(found)
    question = Question(
        found, scope.columns, scope.scale, tuple(by), conditions(where), every, since, until, weighted, now
    )
    check(question)
    return question


def _groups(question: Question, scan: Scan) -> Groups:
    """Return the sums of each (keys…, period?, scale?)."""
    width = len(question.by) + bool(question.every) + question.by_scale
    groups: Groups = {}
    for row in (row for piece in scan.pieces for row in _answered(_sql(question), piece)):
        key = _key(question, row[:width])
        groups[key] = groups.get(key, Parts()) + _parts(question, row[width:])
    return groups


@lru_cache(maxsize=512)
def _sql(question: Question) -> str:
    return engine().sql(sums(question))


@lru_cache(maxsize=512)
def _answered(sql: str, scan: Scan) -> tuple[tuple[Any, ...], ...]:
    # The scan names files that never change, so an answer kept here can never be stale.
    return tuple(engine().run(sql, scan))


def _parts(question: Question, sums: tuple[Any, ...]) -> Parts:
    n, *rest = sums
    if not question.weighted:
        rest = [n, n, *rest]
    return Parts(n, *(float(value or 0) for value in rest))


def _key(question: Question, key: tuple[Any, ...]) -> tuple[Any, ...]:
    if question.every not in ("month", "quarter", "year"):
        return key
    at = len(question.by)
    return (*key[:at], _first_day(question.every, key[at]), *key[at + 1 :])


def _first_day(every: Every, month: str) -> date:
    year, number = int(month[:4]), int(month[5:7])
    first = {"month": number, "quarter": (number - 1) // 3 * 3 + 1, "year": 1}[every]
    return date(year, first, 1)


def _one_scale(question: Question, groups: Groups) -> tuple[str | None, dict[str, int]]:
    """Choose the scale with most answers, unless the question keeps the scales apart itself."""
    if not question.by_scale or "scale" in question.by:
        return question.only_scale, {}
    counts = Counter({id: 0 for id in question.metric.scales})
    for key, parts in groups.items():
        counts[key[-1]] += parts.n
    chosen = max(question.scales, key=lambda id: counts[id])
    return chosen, {id: n for id, n in counts.items() if n and id != chosen}


def _kept(
    question: Question, groups: Groups, chosen: str | None
) -> dict[tuple[tuple[Any, ...], str | None], Parts]:
    split: Callable[[tuple[Any, ...]], tuple[tuple[Any, ...], str | None]] = (
        (lambda key: (key[:-1], key[-1])) if question.by_scale else (lambda key: (key, question.only_scale))
    )
    kept = {split(key): parts for key, parts in groups.items()}
    kept = {key: parts for key, parts in kept.items() if chosen is None or key[1] == chosen}
    if not question.by and not question.every:
        return kept or {((), chosen): Parts()}
    if question.every and not question.by:
        return {((day,), chosen): kept.get(((day,), chosen), Parts()) for day in _days(question, kept)}
    return kept


def _days(question: Question, kept: Iterable[tuple[tuple[Any, ...], str | None]]) -> Iterable[date]:
    """Return every period from the first to the last: one without answers is shown as such."""
    seen = [key[0] for key, _ in kept]
    day = min(seen, default=date.max)
    while seen and day <= max(seen):
        yield day
        day = _next(question.every, day)


def _next(every: Every | None, day: date) -> date:
    if every in ("day", "week"):
        return day + timedelta(days=1 if every == "day" else 7)
    months = day.month - 1 + {"month": 1, "quarter": 3, "year": 12}[str(every)]
    return date(day.year + months // 12, months % 12 + 1, 1)


def _figure(
    question: Question, key: tuple[Any, ...], scale: str | None, parts: Parts, min_n: int, confidence: float
) -> Row:
    names = (*question.by, *(("period",) if question.every else ()))
    named = dict(zip(names, key, strict=True))
    metric, mean = question.metric, parts.mean
    if mean is None or parts.n < min_n:
        return Row(named, parts.n, None, None, None, parts, metric, scale)
    low, high = metric.interval(parts, scale, confidence) or (None, None)
    value, low, high = (_times(metric.factor, part) for part in (mean, low, high))
    return Row(named, parts.n, value, low, high, parts, metric, scale)


def _times(factor: float, part: float | None) -> float | None:
    return None if part is None else part * factor


def _order(row: Row) -> tuple[Any, ...]:
    period = row.key.get("period") or date.min
    return (period, *((value is None, str(value)) for name, value in row.key.items() if name != "period"))


def _method(question: Question, confidence: float) -> str:
    weights = ", effective n (Kish)" if question.weighted else ""
    return f"{question.metric.method}{weights}, {confidence:.4g}"


def _filter(question: Question) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    days = (("since", question.since), ("until", question.until))
    return (*question.where, *((name, (day,)) for name, day in days if day))
