"""How often an interval really holds the truth, by simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voiceloop.analytics.stats.intervals import Bounds
from voiceloop.analytics.stats.parts import Parts


def coverage(
    interval: Callable[[Parts], Bounds | None],
    values: Sequence[float],
    mix: Sequence[float],
    n: int,
    *,
    runs: int = 1000,
    seed: int = 1,
) -> float:
    """Draw samples from a known mix and return the share whose interval holds the true mean.

    Parameters
    ----------
    interval : callable
        From `Parts` to (low, high); None counts as a miss.
    values, mix : sequence of float
        The values an answer can have and the true share of each.
    n : int
        Answers per sample.
    runs, seed : int
        Number of samples and seed of the generator.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> from voiceloop.analytics.stats.intervals import share_interval
    >>> coverage(share_interval, (1, 0), (0.5, 0.5), 100) > 0.9
    True
    """
    import numpy as np

    truth = sum(x * share for x, share in zip(values, mix, strict=True))
    counts = np.random.default_rng(seed).multinomial(n, mix, size=runs)
    x = np.asarray(values, dtype=float)
    hits = 0
    for total, squares in zip((counts @ x).tolist(), (counts @ (x * x)).tolist(), strict=True):
        found = interval(Parts(n, float(n), float(n), total, squares))
        hits += found is not None and found[0] <= truth <= found[1]
    return hits / runs
