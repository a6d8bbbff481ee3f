"""Does routing help? The demo company's day at a hundred agents and 5,000 cases, under six rules.

Every rule sees the same days. People take the time that their skill makes them take; who lacks the language
talks through somebody, who lacks the seat hands the talk over. Within what they hold, everybody is answered
by the same order. What differs is who gets which case, and when.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from voiceloop.bench.figures import beside
from voiceloop.bench.route_day import AGENTS, CASES, LOAD, Case, day
from voiceloop.bench.route_floor import Floor
from voiceloop.bench.route_rivals import LeastLoaded, LongestWaiting, Ours, RoundRobin, Rule

SEEDS = 10
RULES: dict[str, Callable[[], Rule]] = {
    "ours": Ours,
    "round_robin": lambda: RoundRobin(skilled=False),
    "round_robin_by_skill": lambda: RoundRobin(skilled=True),
    "least_loaded": lambda: LeastLoaded(skilled=False),
    "least_loaded_by_skill": lambda: LeastLoaded(skilled=True),
    "longest_waiting_by_skill": LongestWaiting,
}
# Those that the requirement names; the last is a stronger one than it asks for.
RIVALS = tuple(name for name in RULES if name != "ours")


def measure(scale: float) -> dict[str, Any]:
    """All rules over several days, and how long a decision takes, alone and through the database."""
    seeds = range(max(round(SEEDS * scale), 3))
    days = {name: [simulate(make(), seed) for seed in seeds] for name, make in RULES.items()}
    found = {name: _summary(several) for name, several in days.items()}
    took = np.concatenate([one["took_ms"] for one in days["ours"]])
    p99 = round(float(np.percentile(took, 99)), 2)
    return {
        "agents": AGENTS, "cases": CASES, "load": LOAD, "days": len(seeds), "rules": found,
        "lower_than_every_rival": {
            figure: all(found["ours"][figure]["mean"] < found[rival][figure]["mean"] for rival in RIVALS)
            for figure in ("breached_percent", "mean_wait_minutes", "p90_wait_minutes")
        },
        "decision_ms": {"p50": round(float(np.median(took)), 3), "p99": beside(p99, below=5)},
        "through_the_database": through_the_database(scale),
    }  # fmt: skip


def simulate(rule: Rule, seed: int, **size: Any) -> dict[str, Any]:
    """One day under one rule."""
    floor = Floor(day(seed, **size), rule)
    cases = floor.run()
    return figures(cases) | {"took_ms": 1000 * np.array(floor.took)}


def figures(cases: Sequence[Case]) -> dict[str, Any]:
    """How long customers waited for the first word, and how many too long."""
    end = max(max(case.contacted, case.at) for case in cases)
    # Whom nobody spoke with has waited until the end, and that is late.
    waits = np.array([(case.contacted if case.contacted >= 0 else end) - case.at for case in cases])
    late = np.array([case.contacted > case.due or case.contacted < 0 for case in cases])
    of_tier = {tier: np.array([case.tier == tier for case in cases]) for tier in {c.tier for c in cases}}
    return {
        "breached_percent": 100 * float(late.mean()),
        "mean_wait_minutes": float(waits.mean()),
        "median_wait_minutes": float(np.median(waits)),
        "p90_wait_minutes": float(np.percentile(waits, 90)),
        "by_tier": {
            tier: {
                "breached_percent": 100 * float(late[of].mean()),
                "mean_wait_minutes": float(waits[of].mean()),
            }
            for tier, of in sorted(of_tier.items())
        },
    }


def through_the_database(scale: float) -> dict[str, Any]:
    """The product's own decision on a PostgreSQL with 50,000 open cases, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="voiceloop-route-") as folder:
        words = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "voiceloop.bench.route_db", str(scale)],
            env=words | {"VOICELOOP_DATA": folder},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    for figure in found["decision_ms"].values():
        figure["p99"] = beside(figure["p99"], below=5)
    return found


def _summary(days: Sequence[dict[str, Any]]) -> dict[str, Any]:
    names = ("breached_percent", "mean_wait_minutes", "median_wait_minutes", "p90_wait_minutes")
    tiers = sorted(set.intersection(*(set(one["by_tier"]) for one in days)))
    return {name: _interval([one[name] for one in days]) for name in names} | {
        "by_tier": {
            tier: {
                name: round(float(np.mean([one["by_tier"][tier][name] for one in days])), 2)
                for name in ("breached_percent", "mean_wait_minutes")
            }
            for tier in tiers
        }
    }


def _interval(values: Sequence[float]) -> dict[str, float]:
    """The mean over days and where 95 of 100 such means lie (Student's t)."""
    from scipy.stats import t

    half = float(t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / len(values) ** 0.5)
    mean = float(np.mean(values))
    return {"mean": round(mean, 2), "low": round(mean - half, 2), "high": round(mean + half, 2)}
