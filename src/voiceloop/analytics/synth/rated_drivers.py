"""A survey whose drivers are planted: who finds them can be compared with what was put in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Effect of one standard deviation on the latent score; what is 0 goes along with the others all the same.
PLANTED = {
    "solution": 1.25,
    "attitude": 0.85,
    "hygiene": 0.60,
    "waiting": -0.40,
    "surprise": 0.36,
    "price": 0.20,
    "layout": 0.0,
}
# Only the lower half of hygiene counts, only the upper half of surprise.
BASIC, DELIGHT = "hygiene", "surprise"
NULL = "coin"
# How much of a rating is the mood of the day, the same for all ratings of a person.
MOOD = 0.35
NOISE = 1.2
_STEPS = np.array([-1.3, -0.5, 0.35, 1.2])
_SCORES = np.array([-3.2, -2.8, -2.4, -2.0, -1.6, -1.2, -0.7, -0.1, 0.7, 1.6])
_TRUTH_ROWS = 1_000_000
STORES, BETWEEN_STORES = 60, 0.25


@dataclass(frozen=True)
class Survey:
    """Answers, one a row: NPS 0–10, ratings 1–5, minutes waited, a coin; the store and a survey weight."""

    columns: dict[str, Array]

    @property
    def drivers(self) -> tuple[str, ...]:
        """The columns that may drive the score."""
        return (*PLANTED, NULL)


def survey(seed: int, n: int, *, gaps: float = 0.0, stores: int = 0) -> Survey:
    """Draw a survey.

    Parameters
    ----------
    seed, n : int
    gaps : float
        Chance that a rating was not given.
    stores : int
        Number of stores that differ in everything; 0 for answers that have nothing in common.

    Examples
    --------
    >>> found = survey(1, 100)
    >>> sorted(found.columns)[:3], len(found.columns["nps"])
    (['attitude', 'coin', 'hygiene'], 100)
    """
    rng = np.random.default_rng([seed, 4])
    store = rng.integers(0, max(stores, 1), n)
    level = rng.normal(0, 1, (max(stores, 1), len(PLANTED))) if stores else np.zeros((1, len(PLANTED)))
    share = BETWEEN_STORES if stores else 0.0
    mood = rng.normal(0, 1, n)
    own = np.sqrt(1 - share) * rng.normal(0, 1, (n, len(PLANTED))) + np.sqrt(share) * level[store]
    latent = np.sqrt(MOOD) * mood[:, None] + np.sqrt(1 - MOOD) * own
    columns: dict[str, Array] = {}
    total = NOISE * rng.normal(0, 1, n)
    for at, (name, effect) in enumerate(PLANTED.items()):
        value = latent[:, at]
        if name == "waiting":
            columns[name] = np.round(np.maximum(14 - 4 * value, 0), 1)
            total += -effect * value
            continue
        rating = 1.0 + np.searchsorted(_STEPS, value)
        columns[name] = rating
        total += effect * _counted(name, value)
    columns[NULL] = rng.integers(1, 6, n).astype(float)
    columns["nps"] = np.searchsorted(_SCORES, total).astype(float)
    columns["weight"] = np.exp(rng.normal(0, 0.5, n))
    columns["store"] = store.astype(float)
    if gaps:
        for name in (*PLANTED, NULL):
            columns[name][rng.random(n) < gaps] = np.nan
    return Survey(columns)


@cache
def importance() -> dict[str, float]:
    """Return each driver's true part of R² of NPS points, over all orders in which they can enter.

    Counted by brute force over all subsets in a million answers, by code that shares nothing with
    `voiceloop.analytics.drivers`.

    Examples
    --------
    >>> found = importance()
    >>> max(found, key=found.get), abs(found["coin"]) < 1e-4
    ('solution', True)
    """
    drawn = survey(20_260_101, _TRUTH_ROWS).columns
    score = drawn["nps"]
    y = 100.0 * (score >= 9) - 100.0 * (score <= 6)
    names = (*PLANTED, NULL)
    x = np.stack([drawn[name] for name in names], axis=1)
    cov = np.cov(np.column_stack([y, x]), rowvar=False)
    p = len(names)
    told = np.zeros(1 << p)
    for mask in range(1, 1 << p):
        at = [1 + i for i in range(p) if mask >> i & 1]
        told[mask] = cov[0, at] @ np.linalg.solve(cov[np.ix_(at, at)], cov[at, 0]) / cov[0, 0]
    weight = [1.0]
    for size in range(1, p):
        weight.append(weight[-1] * size / (p - size))
    found = dict.fromkeys(names, 0.0)
    for i, name in enumerate(names):
        for mask in range(1 << p):
            if not mask >> i & 1:
                found[name] += weight[mask.bit_count()] / p * float(told[mask | 1 << i] - told[mask])
    return found


def _counted(name: str, value: Array) -> Array:
    """What a rating does: a straight line, or one side of it twice."""
    if name == BASIC:
        return np.asarray(2.2 * np.minimum(value, 0))
    if name == DELIGHT:
        return np.asarray(2.2 * np.maximum(value - 0.35, 0))
    return value
