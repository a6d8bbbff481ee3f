"""How lopsided a mean is, and what that does to the chance of a surprise."""

from __future__ import annotations

from math import sqrt

_STRAIGHT = 1e-4  # below this a skewness changes no digit that matters


def skewness(mean: float, variance: float, bounds: tuple[float, float] | None) -> float:
    """Return the skewness of answers of which only mean and variance are known.

    On a bounded scale that of the beta distribution with this mean and variance, which for
    yes-or-no answers is exact; without bounds that of the gamma distribution.

    Parameters
    ----------
    mean, variance : float
        In the unit of the answers.
    bounds : (low, high), optional
        Ends of the scale.

    Examples
    --------
    >>> round(skewness(0.9, 0.09, (0, 1)), 4)  # (1 − 2·0.9) / 0.3
    -2.6667
    >>> round(skewness(0.9, 0.13, (-1, 1)), 2)  # 92 % promoters, 6 % passives, 2 % detractors: −3.84
    -4.06
    """
    if variance <= 0:
        return 0.0
    if bounds is None:
        return 2 * sqrt(variance) / mean if mean > 0 else 0.0
    low, high = bounds
    m, v = (mean - low) / (high - low), variance / (high - low) ** 2
    return 2 * (1 - 2 * m) * sqrt(v) / (m * (1 - m) + v)


def straightened(t: float, skew: float) -> float:
    """Return the normal score as surprising as ``t`` is in a standardised gamma with this skewness.

    Wilson and Hilferty, Proceedings of the National Academy of Sciences 17 (1931) 684: the cube
    root of a gamma variable is nearly normal.

    Examples
    --------
    >>> straightened(2.0, 0.0)
    2.0
    >>> round(straightened(2.8, 1.0), 2)  # P(χ²₈ > 8 + 4·2.8) = 0.014, as P(Z > 2.20)
    2.2
    """
    if abs(skew) < _STRAIGHT:
        return t
    root = float(max(1 + skew * t / 2, 0.0) ** (1 / 3))
    return 6 / skew * (root - 1) + skew / 6


def bent(z: float, skew: float) -> float:
    """Return the ``t`` of which `straightened` makes ``z``.

    Examples
    --------
    >>> round(straightened(bent(2.5, -0.8), -0.8), 6)
    2.5
    """
    if abs(skew) < _STRAIGHT:
        return z
    root = 1 + skew * (z - skew / 6) / 6
    # Beyond the end of the distribution nothing is surprising enough.
    return 2 / skew * (float(max(root, 0.0)) ** 3 - 1)
