"""A p-value to be trusted where only one of hundreds is small by right."""

from __future__ import annotations

from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.shift import Sums, shift_score
from voiceloop.analytics.stats.student import two_sided

# What the larger of the two is still too sure by, at most, far out in the tails (our choice, by simulation).
CARE = 1.3


def careful_p(a: Parts, b: Parts, p_value: float | None, bounds: tuple[float, float] | None) -> float | None:
    """Return the p-value of a difference for use in a budget of many comparisons.

    A budget asks for p-values of 1 in 1,000 and less, and there the normal approximation of a few
    lopsided answers is too sure: over 120 cells of 10 to 1,000 answers it let 9–16 % of the signals be
    chance instead of 5 %. A straightened score test alone is too sure when a small group varies less
    than a large one. The larger of the two is not, with a little care (`voiceloop.bench.truth`).

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
    return min(CARE * max(p_value, two_sided(shift_score(Sums.of(a), Sums.of(b), bounds))), 1.0)
