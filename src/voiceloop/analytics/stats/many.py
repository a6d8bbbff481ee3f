"""A p-value to be trusted where only one of hundreds is small by right."""

from __future__ import annotations

from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.shift import Sums, shift_score
from voiceloop.analytics.stats.student import normal_quantile, t_cdf, two_sided

# What the largest is still too sure by, at most, far out in the tails (our choice, by simulation).
CARE = 1.2


def careful_p(a: Parts, b: Parts, p_value: float | None, bounds: tuple[float, float] | None) -> float | None:
    """Return the p-value of a difference for use in a budget of many comparisons.

    A budget asks for p-values of 1 in 1,000 and less, and there the normal approximation of a few
    lopsided answers is too sure: over 120 cells of 10 to 1,000 answers it let 9–16 % of the signals be
    chance instead of 5 %. A straightened score test alone is too sure when a small group varies more
    than a large one, and Welch's t where answers crowd. The largest of the three is not
    (`voiceloop.bench.truth`).

    Parameters
    ----------
    a, b : Parts
        Sums of two samples that share no rows.
    p_value : float or None
        What the difference alone has, for instance `adjusted_difference`; None stays None.
    bounds : (low, high), optional
        Ends of the scale.

    Examples
    --------
    >>> few, many = Parts.of([-1.0, -1.0, 1.0, 1.0, 1.0]), Parts.of([1.0] * 92 + [0.0] * 6 + [-1.0] * 2)
    >>> careful_p(few, many, 0.0004, (-1, 1)) > 0.01
    True
    """
    if p_value is None:
        return None
    one, other = Sums.of(a), Sums.of(b)
    together = two_sided(shift_score(one, other, bounds))
    return min(CARE * max(p_value, together, _with_few(one, other, p_value)), 1.0)


def _with_few(a: Sums, b: Sums, p_value: float) -> float:
    """The p-value when the spread of few answers is known only roughly: Welch's degrees of freedom."""
    thin = [max(side.variance, 1e-9) / max(side.n, 1.0) for side in (a, b)]
    freedom = sum(thin) ** 2 / sum(v * v / max(side.n - 1, 1.0) for v, side in zip(thin, (a, b), strict=True))
    # Whole degrees of freedom will do; beyond sixteen digits a chance is none.
    return 2 * (1 - t_cdf(normal_quantile(1 - max(p_value, 1e-15) / 2), max(round(freedom), 1)))
