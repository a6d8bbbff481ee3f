"""Shoppers whose habits are known, to try the models of lifetime on."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.value.cells import Floats
from voiceloop.analytics.value.transactions import Purchases

# What shoppers are drawn with: r, α (weeks), a, b, and p, q, v of the money.
HABITS = (1.0, 4.0, 0.8, 2.5)
MONEY = (6.0, 4.0, 15.0)
_OPENS = 20_000


def shoppers(
    n: int, *, seed: int, weeks: int = 52, habits: tuple[float, ...] = HABITS, joining: float = 0.5
) -> Purchases:
    """Return the purchases of ``n`` customers who behave as the BG/NBD and Gamma-Gamma models say.

    They join within the first ``joining`` of the time. Days with two purchases count once, so that a
    fitted rate lies a little below the planted one.

    Examples
    --------
    >>> len(shoppers(50, seed=1).keys)
    50
    """
    rng = np.random.default_rng(seed)
    r, alpha, a, b = habits
    p, q, v = MONEY
    start, rate = rng.random(n) * joining * weeks, rng.gamma(r, 1 / alpha, n)
    leaving, price = rng.beta(a, b, n), rng.gamma(q, 1 / v, n)
    rows: list[tuple[int, int, float]] = []
    for one in range(n):
        for at in _visits(rng, float(start[one]), float(rate[one]), float(leaving[one]), weeks):
            rows.append((one, _OPENS + int(at * 7), float(rng.gamma(p, 1 / price[one]))))
    # Within a day the money adds up and the visit counts once.
    who, day, amount = (np.array(column) for column in zip(*rows, strict=True))
    cell, where = np.unique(who * 10**6 + day, return_inverse=True)
    spent: Floats = np.bincount(where, weights=amount).astype(np.float64)
    keys = tuple(f"{i:06d}" for i in range(n))
    return Purchases(keys, cell // 10**6, cell % 10**6, spent, np.zeros(n), _OPENS + weeks * 7)


def _visits(rng: np.random.Generator, start: float, rate: float, leaving: float, weeks: int) -> list[float]:
    found = [start]
    while rng.random() >= leaving if len(found) > 1 else True:
        at = found[-1] + rng.exponential(1 / max(rate, 1e-9))
        if at >= weeks:
            break
        found.append(at)
    return found
