"""How often the intervals that the product shows hold the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics import registry
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.stats.clusters import cluster_effective_n
from voiceloop.analytics.stats.intervals import SCORE_PSEUDO, adjusted_interval
from voiceloop.analytics.stats.parts import Parts

Array = npt.NDArray[Any]

SIZES = (5, 10, 20, 50, 100, 300, 1000)
MIXES = {"92/6/2": (0.92, 0.06, 0.02), "60/25/15": (0.6, 0.25, 0.15), "30/30/40": (0.3, 0.3, 0.4)}
SCORES = np.array([1.0, 0.0, -1.0])
FIVE = np.arange(1.0, 6.0)
FIVES = {
    "92/6/2": (0.01, 0.01, 0.06, 0.17, 0.75),
    "60/25/15": (0.08, 0.07, 0.25, 0.3, 0.3),
    "30/30/40": (0.2, 0.2, 0.3, 0.15, 0.15),
}
LOW, HIGH = 0.925, 0.975
EXACT = 300_000  # samples that are counted one by one; more are drawn


def coverage(draws: int, seed: int = 1) -> dict[str, Any]:
    """Return the coverage of score, share and average for each mix and size, and the worst of all."""
    rng = np.random.default_rng(seed)
    tables: dict[str, dict[str, dict[int, float]]] = {
        "score": {name: _row(rng, "nps", mix, SCORES, draws) for name, mix in MIXES.items()},
        "share": {name: {n: _local_share(mix[0], n) for n in SIZES} for name, mix in MIXES.items()},
        "share_at_the_mix_itself": {
            name: {n: _share(mix[0], n) for n in SIZES} for name, mix in MIXES.items()
        },
        "average": {name: _row(rng, "csat", mix, FIVE, draws) for name, mix in FIVES.items()},
        "average_of_amounts": {"gamma": {n: _amounts(rng, n, draws // 4) for n in SIZES[:-1]}},
        "score_weighted": {
            name: {n: _weighted(rng, mix, n, draws // 4) for n in SIZES[1:-1]} for name, mix in MIXES.items()
        },
    }
    judged = ("score", "share", "average", "score_weighted")
    cells = [cell for name in judged for row in tables[name].values() for cell in row.values()]
    return {
        **tables,
        "lowest": min(cells),
        "highest": max(cells),
        "aim": f"{LOW:.1%}–{HIGH:.1%}",
        "met": min(cells) >= LOW and max(cells) <= HIGH,
        "note": "share: mean over true shares within 5 points of the mix, because at a single share and a "
        "small n no interval can be within the aim (five answers, share 60 %: 92.2 % or 99.0 %)",
    }


def clustered(runs: int, seed: int = 1) -> dict[str, Any]:
    """Return the coverage for answers of stores that are alike within, with and without regard for it."""
    rng = np.random.default_rng(seed)
    found: dict[str, dict[str, float]] = {}
    for name, mix in MIXES.items():
        for stores, each in ((20, 15), (50, 20), (100, 2)):
            for icc in (0.05, 0.2):
                plain, robust = _stores(rng, mix, stores, each, icc, runs)
                found[f"{name}, {stores} stores × {each}, ICC {icc}"] = {"plain": plain, "clusters": robust}
    held = [one["clusters"] for one in found.values()]
    return {"runs": runs, **found, "lowest": min(held), "highest": max(held)}


def _row(
    rng: np.random.Generator, name: str, mix: Sequence[float], values: Array, draws: int
) -> dict[int, float]:
    metric, truth = registry.metric(name), float(np.dot(mix, values))
    return {n: _held(metric, *_samples(rng, n, mix, draws), values, truth) for n in SIZES}


def _samples(rng: np.random.Generator, n: int, mix: Sequence[float], draws: int) -> tuple[Array, Array]:
    """Every sample there can be with its chance, or ``draws`` of them when they are too many."""
    k = len(mix)
    if comb(n + k - 1, k - 1) > EXACT:
        return rng.multinomial(n, mix, size=draws), np.full(draws, 1 / draws)
    cuts = np.array(list(combinations_with_replacement(range(n + 1), k - 1)))
    counts = np.diff(np.concatenate([np.zeros((len(cuts), 1)), cuts, np.full((len(cuts), 1), n)], 1)).astype(
        int
    )
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    chances = np.exp(logs[n] - logs[counts].sum(1) + counts @ np.log(mix))
    return counts, chances


def _held(metric: Metric, counts: Array, chances: Array, values: Array, truth: float) -> float:
    n = counts.sum(1)
    parts = Parts(n, n * 1.0, n * 1.0, counts @ values, counts @ values**2)
    low, high = metric.interval(parts, metric.scales[0] if metric.scales else None, 0.95) or (np.nan, np.nan)
    return round(float(chances[(low <= truth + 1e-12) & (truth - 1e-12 <= high)].sum()), 4)


def _share(share: float, n: int) -> float:
    return _of_share(n)(share)


def _local_share(share: float, n: int) -> float:
    held = _of_share(n)
    near = np.linspace(share - 0.05, min(share + 0.05, 0.97), 21)
    return round(float(np.mean([held(float(one)) for one in near])), 4)


def _of_share(n: int) -> Callable[[float], float]:
    metric = registry.metric("promoter_share")
    hits, whole = np.arange(n + 1), np.full(n + 1, n)
    parts = Parts(whole, whole * 1.0, whole * 1.0, hits * 1.0, hits * 1.0)
    low, high = metric.interval(parts, metric.scales[0], 0.95) or (np.nan, np.nan)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    ways = logs[n] - logs[hits] - logs[n - hits]

    def held(p: float) -> float:
        chances = np.exp(ways + hits * np.log(p) + (n - hits) * np.log(1 - p))
        return round(float(chances[(low <= p) & (p <= high)].sum()), 4)

    return held


def _amounts(rng: np.random.Generator, n: int, draws: int) -> float:
    values = rng.gamma(2.0, 30.0, size=(draws, n))
    size = np.full(draws, n)
    parts = Parts(size, size * 1.0, size * 1.0, values.sum(1), (values**2).sum(1))
    low, high = registry.metric("order_value").interval(parts, None, 0.95) or (np.nan, np.nan)
    return round(float(np.mean((low <= 60) & (high >= 60))), 4)


def _weighted(rng: np.random.Generator, mix: Sequence[float], n: int, draws: int) -> float:
    """Coverage with weights of ½, 1 and 2 that have nothing to do with the score."""
    metric, truth = registry.metric("nps"), float(np.dot(mix, SCORES))
    x = rng.choice(SCORES, p=mix, size=(draws, n))
    w = rng.choice([0.5, 1.0, 2.0], size=(draws, n))
    parts = Parts(np.full(draws, n), w.sum(1), (w * w).sum(1), (w * x).sum(1), (w * x * x).sum(1))
    low, high = metric.interval(parts, metric.scales[0], 0.95) or (np.nan, np.nan)
    return round(float(np.mean((low <= truth) & (truth <= high))), 4)


def _stores(
    rng: np.random.Generator, mix: Sequence[float], stores: int, each: int, icc: float, runs: int
) -> tuple[float, float]:
    truth, plain, robust = float(np.dot(mix, SCORES)), 0, 0
    for _ in range(runs):
        of_store = rng.dirichlet(np.array(mix) * (1 / icc - 1), size=stores)
        counts = np.array([rng.multinomial(each, p / p.sum()) for p in of_store])
        w, x = counts.sum(1).astype(float), counts @ SCORES
        n, total, squares = float(w.sum()), float(x.sum()), float((counts @ SCORES**2).sum())
        rows = cluster_effective_n(stores, n, total, squares, float(w @ w), float(w @ x), float(x @ x))
        for size, is_robust in ((n, False), (rows, True)):
            low, high = adjusted_interval(
                Parts(int(n), n, n * n / size, total, squares), SCORE_PSEUDO, (-1, 1)
            )
            holds = bool(low <= truth <= high)
            robust, plain = robust + (holds and is_robust), plain + (holds and not is_robust)
    return round(plain / runs, 3), round(robust / runs, 3)
