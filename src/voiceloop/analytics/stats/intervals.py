"""Confidence intervals that keep their promise from five answers on."""

from __future__ import annotations

from math import sqrt

from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.student import normal_quantile, t_quantile

Pseudo = tuple[tuple[float, float], ...]
Bounds = tuple[float, float]

# Three pseudo-answers, ¾ promoter, 1½ passive, ¾ detractor: Rocks, "Interval Estimation for the
# 'Net Promoter Score'", The American Statistician 70 (2016) 365.
SCORE_PSEUDO: Pseudo = ((0.75, 1.0), (1.5, 0.0), (0.75, -1.0))


def adjusted_interval(parts: Parts, pseudo: Pseudo, bounds: Bounds, confidence: float = 0.95) -> Bounds:
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
    half = normal_quantile((1 + confidence) / 2) * sqrt(variance / n)
    return _around(parts.mean, mean, half, bounds)


def share_interval(parts: Parts, confidence: float = 0.95) -> Bounds:
    """Return Wilson's score interval of a share, on the effective number of rows.

    Wilson, Journal of the American Statistical Association 22 (1927) 209.

    Examples
    --------
    >>> low, high = share_interval(Parts.of([1] * 8 + [0] * 2))
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)
    """
    share, n = parts.mean or 0.0, parts.effective_n
    z = normal_quantile((1 + confidence) / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return _around(share, centre, half, (0.0, 1.0))


def average_pseudo(bounds: Bounds) -> Pseudo:
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
    n, mean, variance = parts.with_pseudo(()) if parts.effective_n > 1 else (0.0, 0.0, 0.0)
    if n <= 1:
        return None
    half = t_quantile((1 + confidence) / 2, n - 1) * sqrt(variance / (n - 1))
    return mean - half, mean + half


def _around(value: float | None, centre: float, half: float, bounds: Bounds) -> Bounds:
    """Clip to the scale; never leave out the value itself."""
    value = centre if value is None else value
    return max(min(centre - half, value), bounds[0]), min(max(centre + half, value), bounds[1])
