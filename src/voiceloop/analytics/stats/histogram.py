"""Quantiles of durations from a histogram whose bins widen by one per cent, so that they merge."""

from __future__ import annotations

from math import exp, floor, log, sqrt

from voiceloop.analytics.stats.intervals import Bounds
from voiceloop.analytics.stats.parts import Bins
from voiceloop.analytics.stats.student import normal_quantile

# Our choice: a bin reaches 1 % further than where it begins, so no quantile is off by more than that.
STEP = log(1.01)
# What took no time at all has no logarithm.
ZERO_BIN = -(10**6)


def bin_of(x: float) -> int:
    """Return the bin of a duration.

    Examples
    --------
    >>> bin_of(0), bin_of(1), bin_of(60)
    (-1000000, 0, 411)
    """
    return floor(log(x) / STEP) if x > 0 else ZERO_BIN


def bin_sql(x: str) -> str:
    """Return `bin_of` as SQL of an expression.

    Examples
    --------
    >>> bin_sql("wait")
    'CASE WHEN wait > 0 THEN CAST(FLOOR(LN(wait) / 0.009950330853168092) AS BIGINT) ELSE -1000000 END'
    """
    return f"CASE WHEN {x} > 0 THEN CAST(FLOOR(LN({x}) / {STEP!r}) AS BIGINT) ELSE {ZERO_BIN} END"


def quantile(bins: Bins, p: float) -> float | None:
    """Return the ``p``-quantile, within 1 % of the exact one; None without rows.

    Parameters
    ----------
    bins : sequence of (bin, weight)
        In the order of the bins.
    p : float
        Between 0 and 1.

    Examples
    --------
    >>> round(quantile(((bin_of(60), 3.0), (bin_of(600), 1.0)), 0.5), 1)
    60.1
    """
    whole = sum(weight for _, weight in bins)
    if whole <= 0:
        return None
    wanted, below = min(max(p, 0.0), 1.0) * whole, 0.0
    for at, weight in bins:
        if below + weight >= wanted and weight > 0:
            # Along the bin as its rows lie: evenly on the logarithmic axis.
            return 0.0 if at == ZERO_BIN else exp((at + (wanted - below) / weight) * STEP)
        below += weight
    return 0.0 if bins[-1][0] == ZERO_BIN else exp((bins[-1][0] + 1) * STEP)


def quantile_interval(bins: Bins, n: float, p: float, confidence: float = 0.95) -> Bounds | None:
    """Return the interval of a quantile from the ranks between which it lies; free of any distribution.

    The rank of a quantile among n rows is binomial: Conover, Practical Nonparametric Statistics (1999),
    section 3.2, here with Wilson's bounds for its share.

    Parameters
    ----------
    bins : sequence of (bin, weight)
    n : float
        Effective number of rows.
    p, confidence : float

    Examples
    --------
    >>> low, high = quantile_interval(tuple((at, 1.0) for at in range(100)), 100, 0.5)
    >>> low < quantile(tuple((at, 1.0) for at in range(100)), 0.5) < high
    True
    """
    if n <= 0:
        return None
    z = normal_quantile((1 + confidence) / 2)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    value = quantile(bins, p)
    low, high = quantile(bins, centre - half), quantile(bins, centre + half)
    if value is None or low is None or high is None:
        return None
    return min(low, value), max(high, value)
