"""Customers by the month they came in, and how many of them still buy later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.cells import Ints, day_of
from voiceloop.analytics.value.transactions import Purchases

Every = Literal["week", "month", "quarter"]


class Period(NamedTuple):
    """How many of a cohort bought in the k-th period after their first; complete unless time runs out."""

    k: int
    n: int
    active: int
    share: float
    low: float
    high: float
    is_complete: bool


class Cohort(NamedTuple):
    """Customers whose first purchase fell into the period that begins on ``start``."""

    start: date
    n: int
    periods: tuple[Period, ...]


def cohorts(of: Purchases, every: Every = "month", confidence: float = 0.95) -> tuple[Cohort, ...]:
    """Return the cohorts, oldest first, with their retention and its Wilson interval.

    The first cohort also holds everyone who came before the data begin.

    Parameters
    ----------
    of : Purchases
        What customers bought.
    every : {'week', 'month', 'quarter'}
        Length of a period.
    confidence : float
        Of the intervals.

    Examples
    --------
    >>> from voiceloop.analytics.value.transactions import purchases
    >>> found = cohorts(purchases({"c": ["a", "b", "a"], "t": ["2026-01-01", "2026-01-05", "2026-02-01"],
    ...                            "x": [1, 1, 1]}, "c", "t", "x"))
    >>> [(period.active, period.n, period.is_complete) for period in found[0].periods]
    [(2, 2, True), (1, 2, False)]
    """
    if every not in _INDEX:
        raise AnalyticsError(f"There is no period {every!r}.", f"没有“{every}”这种周期。")
    index, start_of = _INDEX[every]
    period = index(of.day)
    first = np.full(len(of.keys), 10**9, dtype=np.int64)
    np.minimum.at(first, of.customer, period)
    last = int(index(np.array([of.until]))[0])
    # The last period is complete when the day after the data is the first of another.
    closed = last if int(index(np.array([of.until + 1]))[0]) > last else last - 1
    lag = period - first[of.customer]
    seen = np.unique(np.stack([of.customer, lag]), axis=1)
    return tuple(
        _cohort(
            start_of(start),
            int((first == start).sum()),
            seen[1][first[seen[0]] == start],
            start,
            last,
            closed,
            confidence,
        )
        for start in np.unique(first).tolist()
    )


def retention(of: Purchases, every: Every = "month", confidence: float = 0.95) -> tuple[Period, ...]:
    """Return the retention of all cohorts together by age, over those whose period is complete.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> curve = retention(shoppers(400, seed=1))
    >>> curve[0].share, curve[1].share < 1
    (1.0, True)
    """
    found: dict[int, tuple[int, int]] = {}
    for cohort in cohorts(of, every, confidence):
        for period in cohort.periods:
            if period.is_complete:
                n, active = found.get(period.k, (0, 0))
                found[period.k] = (n + period.n, active + period.active)
    return tuple(_period(k, n, active, True, confidence) for k, (n, active) in sorted(found.items()))


def _cohort(start: date, n: int, lags: Ints, index: int, last: int, closed: int, confidence: float) -> Cohort:
    active = np.bincount(lags, minlength=last - index + 1)
    periods = (
        _period(k, n, int(count), index + k <= closed, confidence) for k, count in enumerate(active.tolist())
    )
    return Cohort(start, n, tuple(periods))


def _period(k: int, n: int, active: int, is_complete: bool, confidence: float) -> Period:
    from voiceloop.analytics.stats.student import normal_quantile

    z = normal_quantile((1 + confidence) / 2)
    share = active / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Period(
        k, n, active, share, max(0.0, float(centre - half)), min(1.0, float(centre + half)), is_complete
    )


def _months(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_of(months: int) -> date:
    return date(1970 + months // 12, months % 12 + 1, 1)


# 1970-01-01 was a Thursday: weeks begin on Monday.
_INDEX: dict[str, tuple[Callable[[Ints], Ints], Callable[[int], date]]] = {
    "week": (lambda days: (days + 3) // 7, lambda week: day_of(week * 7 - 3)),
    "month": (_months, _first_of),
    "quarter": (lambda days: _months(days) // 3, lambda quarter: _first_of(quarter * 3)),
}
