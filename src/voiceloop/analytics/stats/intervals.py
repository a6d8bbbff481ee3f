"""Confidence intervals that keep their promise from five answers on."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.stats.parts import Amount, Parts, divided
from voiceloop.analytics.stats.student import normal_quantile, t_quantile

Pseudo = tuple[tuple[float, float], ...]
# Two floats; two arrays when the sums are of many groups, NaN where a group has no interval.
Bounds = tuple[Amount, Amount]

# Three pseudo-answers, ¾ promoter, 1½ passive, ¾ detractor: Rocks, "Interval Estimation for the
# 'Net Promoter Score'", The American Statistician 70 (2016) 365.
SCORE_PSEUDO: Pseudo = ((0.75, 1.0), (1.5, 0.0), (0.75, -1.0))
# One success and one failure in each of two samples: Agresti and Caffo (2000).
SHARES_PSEUDO: Pseudo = ((2.0, 1.0), (2.0, 0.0))


def adjusted_interval(
    parts: Parts, pseudo: Pseudo, bounds: tuple[float, float], confidence: float = 0.95
) -> Bounds:
    """Return the interval of a mean on a bounded scale, from the sample with pseudo-answers added.

    Without them the interval of ten answers of which nine are promoters covers the truth in 57
    of 100 samples instead of 95, and often has no width at all.

    Parameters
    ----------
    parts : Parts
        Sums of at least one row.
    pseudo : tuple of (count, value)
        What to add, for instance `SCORE_PSEUDO`.
    bounds : (low, high)
        Ends of the scale; the interval stays within them.
    confidence : float
        For instance 0.95.

    Returns
    -------
    (low, high)
        In the unit of the values.

    Examples
    --------
    >>> low, high = adjusted_interval(Parts.of([1, 1, 1, 1, 1, 1, 1, 1, 0, -1]), SCORE_PSEUDO, (-1, 1))
    >>> round(low, 3), round(high, 3)
    (0.147, 0.93)
    """
    n, mean, variance = parts.with_pseudo(pseudo)
    half = normal_quantile((1 + confidence) / 2) * np.sqrt(variance / n)
    return _around(parts.means, mean, half, bounds)


def share_interval(parts: Parts, confidence: float = 0.95) -> Bounds:
    """Return Wilson's score interval of a share, on the effective number of rows.

    Wilson, Journal of the American Statistical Association 22 (1927) 209.

    Examples
    --------
    >>> low, high = share_interval(Parts.of([1] * 8 + [0] * 2))
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)
    """
    share, n = np.nan_to_num(parts.means), parts.effective_n
    z = normal_quantile((1 + confidence) / 2)
    squared = np.maximum(n, 1e-9)
    centre = (share + z * z / (2 * squared)) / (1 + z * z / squared)
    half = z / (1 + z * z / squared) * np.sqrt(share * (1 - share) / squared + z * z / (4 * squared**2))
    return _around(share, centre, half, (0.0, 1.0))


def average_pseudo(bounds: tuple[float, float]) -> Pseudo:
    """Return the two pseudo-answers for an average: a half at each end and one in the middle.

    Our choice, by simulation on five-point answers of four shapes: 94.6–98.4 % coverage for
    5 to 1,000 answers, where Student's t falls to 41 % on very good scores.

    Examples
    --------
    >>> average_pseudo((1, 5))
    ((0.5, 1), (1.0, 3.0), (0.5, 5))
    """
    low, high = bounds
    return ((0.5, low), (1.0, (low + high) / 2), (0.5, high))


def student_interval(parts: Parts, confidence: float = 0.95) -> Bounds | None:
    """Return Student's interval of the mean of a quantity without bounds; None below two rows.

    Examples
    --------
    >>> low, high = student_interval(Parts.of([4.0, 5.0, 6.0]))
    >>> round(low, 3), round(high, 3)
    (2.516, 7.484)
    """
    n, mean, variance = parts.with_pseudo(())
    error = np.sqrt(divided(variance, n - 1))
    return _student(mean, error, n - 1, confidence)


def ratio_interval(parts: Parts, confidence: float = 0.95) -> Bounds | None:
    """Return the interval of a ratio of two totals, Σx / Σd, by linearisation; None below two rows.

    Cochran, Sampling Techniques (1977), section 6.4.

    Examples
    --------
    >>> ratio_interval(Parts(2, 4.0, 8.0, 8.0, 32.0, cross=16.0))
    (2.0, 2.0)
    """
    ratio = parts.means
    residual = parts.squares - 2 * ratio * parts.cross + ratio * ratio * parts.weight_squares
    variance = np.maximum(residual, 0.0) * divided(parts.n, parts.n - 1)
    error = divided(np.sqrt(variance), parts.weight)
    return _student(ratio, error, parts.n - 1, confidence)


def count_interval(parts: Parts, confidence: float = 0.95) -> Bounds:
    """Return the interval of a rate: a Poisson count (``total``) over what it was counted on (``weight``).

    Byar's approximation of the exact limits, Breslow and Day, Statistical Methods in Cancer Research II
    (1987), section 2.3.

    Examples
    --------
    >>> low, high = count_interval(Parts(100, 100.0, 100.0, 10.0, 10.0))
    >>> round(low * 100, 2), round(high * 100, 2)
    (4.79, 18.39)
    """
    z = normal_quantile((1 + confidence) / 2)
    count, above = np.maximum(parts.total, 1e-9), parts.total + 1
    low = np.where(parts.total > 0, count * (1 - 1 / (9 * count) - z / (3 * np.sqrt(count))) ** 3, 0.0)
    high = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return plain(divided(np.maximum(low, 0.0), parts.weight)), plain(divided(high, parts.weight))


def _student(mean: Amount, error: Amount, df: Amount, confidence: float) -> Bounds | None:
    if np.ndim(mean) == 0:
        if not df > 0 or np.isnan(error):
            return None
        half = t_quantile((1 + confidence) / 2, float(df)) * error
    else:
        half = error * _t_quantiles((1 + confidence) / 2, df)
    return plain(mean - half), plain(mean + half)


def _t_quantiles(p: float, df: Amount) -> Amount:
    distinct, at = np.unique(np.where(df > 0, df, 1.0), return_inverse=True)
    return np.array([t_quantile(p, one) for one in distinct.tolist()])[at]


def _around(value: Amount, centre: Amount, half: Amount, bounds: tuple[float, float]) -> Bounds:
    """Clip to the scale; never leave out the value itself."""
    value = np.where(np.isnan(value), centre, value)
    low = np.maximum(np.minimum(centre - half, value), bounds[0])
    return plain(low), plain(np.minimum(np.maximum(centre + half, value), bounds[1]))


def plain(number: Amount) -> Amount:
    """Return a figure of one group as a float; those of many as they are.

    Examples
    --------
    >>> plain(np.float64(0.5))
    0.5
    """
    return float(number) if np.ndim(number) == 0 else number
