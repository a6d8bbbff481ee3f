"""Does the net recovery rate keep its promise? Simulated companies whose treatment does nothing, or a lot.

Every customer has a mood; each score is the mood and the luck of the day. Detractors are those with bad luck
among others, so they score higher next time without any help.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from voiceloop.analytics.net_recovery import net_recovery
from voiceloop.bench.figures import beside

SEED, RUNS = 20261122, 1_000
# Test–retest correlation of simulated customers, as FIELD's figure has it; and how many are asked.
RELIABILITY, CUSTOMERS = 0.57, 3_000
ANSWERED, SKIPPED, LIFT = 0.55, 0.35, 1.5
MEAN, SPREAD = 7.4, 2.4

Pairs = list[tuple[float, float | None]]


def measure(scale: float) -> dict[str, Any]:
    """Coverage of the interval with and without an effect, by method."""
    runs = max(int(RUNS * scale), 50)
    found = {
        f"{method}, {name}": _coverage(method, lift, runs)
        for method in ("untreated", "retest")
        for name, lift in (("no effect", 0.0), ("an effect", LIFT))
    }
    return {"runs": runs, **found, "without any action": _natural()}


def company(rng: np.random.Generator, lift: float) -> tuple[Pairs, Pairs, Pairs, list[float], float]:
    """Treated, untreated and repeated pairs, first scores, and the true effect on those who answered."""
    mood = rng.normal(MEAN, SPREAD * RELIABILITY**0.5, CUSTOMERS)
    first, later, helped = (_score(rng, mood), _score(rng, mood), _score(rng, mood + lift))
    second = np.where(rng.random(CUSTOMERS) < ANSWERED, 1.0, np.nan)
    is_detractor = first <= 6
    skipped = is_detractor & (rng.random(CUSTOMERS) < SKIPPED)
    treated = is_detractor & ~skipped
    truth = 100 * (_chance(mood[treated] + lift) - _chance(mood[treated]))
    return (
        _pairs(first[treated], (helped * second)[treated]),
        _pairs(first[skipped], (later * second)[skipped]),
        _pairs(first[~is_detractor], (later * second)[~is_detractor]),
        first.tolist(),
        truth,
    )


def _coverage(method: str, lift: float, runs: int) -> dict[str, Any]:
    rng = np.random.default_rng(SEED)
    inside, widths, nets = 0, [], []
    for _ in range(runs):
        treated, untreated, repeated, scores, truth = company(rng, lift)
        others = untreated if method == "untreated" else ()
        found = net_recovery(treated, untreated=others, repeated=repeated, scores=scores)
        assert found.low is not None
        assert found.high is not None
        assert found.method == method
        inside += int(found.low <= truth <= found.high)
        widths.append(found.high - found.low)
        nets.append((found.net or 0.0) - truth)
    share = round(100 * inside / runs, 1)
    return {
        "covered_percent": share,
        "mean_error_points": round(float(np.mean(nets)), 2),
        "mean_width_points": round(float(np.mean(widths)), 1),
        "aims": {"covered_percent": beside(share, at_least=93), "at_most": beside(share, below=97)},
    }


def _natural() -> dict[str, float]:
    """How many detractors score 7 or more next time although nobody did anything."""
    rng = np.random.default_rng(SEED)
    mood = rng.normal(MEAN, SPREAD * RELIABILITY**0.5, 400_000)
    first, second = _score(rng, mood), _score(rng, mood)
    return {"percent": round(100 * float((second[first <= 6] >= 7).mean()), 1)}


def _score(rng: np.random.Generator, mood: np.ndarray) -> np.ndarray:
    luck = rng.normal(0, SPREAD * (1 - RELIABILITY) ** 0.5, len(mood))
    return np.clip(np.round(mood + luck), 0, 10)


def _chance(mood: np.ndarray) -> float:
    """Of scoring 7 or more, for customers of these moods."""
    from scipy.special import ndtr

    return float(ndtr((mood - 6.5) / (SPREAD * (1 - RELIABILITY) ** 0.5)).mean())


def _pairs(first: np.ndarray, second: np.ndarray) -> Pairs:
    rows = zip(first.tolist(), second.tolist(), strict=True)
    return [(a, None if np.isnan(b) else b) for a, b in rows]
