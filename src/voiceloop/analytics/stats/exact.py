"""The exact test of two shares: right for any counts, also where one side never happened."""

from __future__ import annotations

import numpy as np


def fisher_p(hits_a: int, n_a: int, hits_b: int, n_b: int) -> float:
    """Return the two-sided p-value of Fisher's exact test.

    Fisher, Statistical Methods for Research Workers (1934), section 21.02: the chance, given the margins,
    of a table that is no more likely than this one. It never errs towards too many signals, so it may go
    into a budget of many comparisons as it is.

    Parameters
    ----------
    hits_a, n_a, hits_b, n_b : int
        How many of how many on each side.

    Examples
    --------
    The lady tasting tea, who told 3 of 4 cups:

    >>> round(fisher_p(3, 4, 1, 4), 4)
    0.4857
    >>> fisher_p(0, 0, 1, 4)
    1.0
    """
    hits, n = hits_a + hits_b, n_a + n_b
    low, high = max(0, hits - n_b), min(hits, n_a)
    if low >= high:
        return 1.0
    x = np.arange(low, high, dtype=float)
    ratios = np.log((hits - x) * (n_a - x)) - np.log((x + 1) * (n_b - hits + x + 1))
    chances = np.concatenate([[0.0], np.cumsum(ratios)])
    chances = np.exp(chances - chances.max())
    # Tables as likely as this one differ by rounding only.
    as_rare = chances <= chances[hits_a - low] * (1 + 1e-7)
    return float(min(chances[as_rare].sum() / chances.sum(), 1.0)) if n else 1.0
