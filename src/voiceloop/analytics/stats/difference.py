"""Is the difference of two means a signal, or what chance does anyway?"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

from voiceloop.analytics.stats.intervals import Bounds, Pseudo
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.student import normal_quantile, t_cdf, t_quantile, two_sided

Verdict = Literal["signal", "noise"]


@dataclass(frozen=True)
class Difference:
    """A difference a − b with its interval, p-value and verdict."""

    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    verdict: Verdict


NO_DIFFERENCE = Difference(None, None, None, None, "noise")


def adjusted_difference(a: Parts, b: Parts, pseudo: Pseudo, confidence: float = 0.95) -> Difference:
    """Compare two independent samples on a bounded scale.

    Each sample gets half the pseudo-answers of a single interval, as Agresti and Caffo,
    The American Statistician 54 (2000) 280, do for two shares.

    Parameters
    ----------
    a, b : Parts
        Sums of rows that do not overlap.
    pseudo : tuple of (count, value)
        Pseudo-answers of a single interval.
    confidence : float
        The verdict is signal when the interval at this level leaves out zero.

    Examples
    --------
    >>> a, b = Parts.of([1] * 60 + [0] * 20 + [-1] * 20), Parts.of([1] * 40 + [0] * 30 + [-1] * 30)
    >>> found = adjusted_difference(a, b, ((0.75, 1.0), (1.5, 0.0), (0.75, -1.0)))
    >>> round(found.difference, 2), round(found.p_value, 3), found.verdict
    (0.3, 0.01, 'signal')
    """
    if a.mean is None or b.mean is None:
        return NO_DIFFERENCE
    half_pseudo = tuple((count / 2, x) for count, x in pseudo)
    (n_a, mean_a, var_a), (n_b, mean_b, var_b) = a.with_pseudo(half_pseudo), b.with_pseudo(half_pseudo)
    error = sqrt(var_a / n_a + var_b / n_b)
    centre = mean_a - mean_b
    half = normal_quantile((1 + confidence) / 2) * error
    return _judged(a.mean - b.mean, centre, half, two_sided(centre / error), confidence)


def welch_difference(a: Parts, b: Parts, confidence: float = 0.95) -> Difference:
    """Compare the means of two independent samples of a quantity without bounds.

    Welch, Biometrika 34 (1947) 28.

    Examples
    --------
    >>> welch_difference(Parts.of([1.0, 2.0, 3.0]), Parts.of([2.0, 3.0, 4.0])).verdict
    'noise'
    """
    if min(a.effective_n, b.effective_n) <= 1:
        return NO_DIFFERENCE
    (n_a, mean_a, var_a), (n_b, mean_b, var_b) = a.with_pseudo(()), b.with_pseudo(())
    error_a, error_b = var_a / (n_a - 1), var_b / (n_b - 1)
    difference, error = mean_a - mean_b, sqrt(error_a + error_b)
    if error == 0:
        return Difference(
            difference, difference, difference, float(difference == 0), _verdict(difference != 0)
        )
    df = (error_a + error_b) ** 2 / (error_a**2 / (n_a - 1) + error_b**2 / (n_b - 1))
    half = t_quantile((1 + confidence) / 2, df) * error
    p_value = 2 * (1 - t_cdf(abs(difference / error), df))
    return _judged(difference, difference, half, p_value, confidence)


def recovered_difference(
    a: tuple[float, Bounds | None], b: tuple[float, Bounds | None], confidence: float = 0.95
) -> Difference:
    """Compare two figures of which only value and interval are known.

    The interval of a difference from those of its two sides: Zou and Donner, Statistics in Medicine 27
    (2008) 1693 ("MOVER").

    Parameters
    ----------
    a, b : (value, (low, high))
        Of samples that do not overlap, at the level ``confidence``.

    Examples
    --------
    >>> recovered_difference((60.0, (50.0, 72.0)), (30.0, (25.0, 36.0))).verdict
    'signal'
    """
    if a[1] is None or b[1] is None:
        return NO_DIFFERENCE
    (x, (x_low, x_high)), (y, (y_low, y_high)) = (a[0], a[1]), (b[0], b[1])
    difference = x - y
    below = sqrt((x - x_low) ** 2 + (y_high - y) ** 2)
    above = sqrt((x_high - x) ** 2 + (y - y_low) ** 2)
    towards_zero = below if difference > 0 else above
    z = normal_quantile((1 + confidence) / 2)
    statistic = z * difference / towards_zero if towards_zero else (inf if difference else 0.0)
    p_value = two_sided(statistic)
    return Difference(
        difference, difference - below, difference + above, p_value, _verdict(p_value < 1 - confidence)
    )


def _judged(difference: float, centre: float, half: float, p_value: float, confidence: float) -> Difference:
    low, high = min(centre - half, difference), max(centre + half, difference)
    return Difference(
        float(difference), float(low), float(high), float(p_value), _verdict(bool(p_value < 1 - confidence))
    )


def _verdict(is_signal: bool) -> Verdict:
    return "signal" if is_signal else "noise"
