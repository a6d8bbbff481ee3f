"""What drives a score: planted drivers found and covered; public surveys and how stable they are."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from voiceloop.analytics.drivers.columns import of_rows
from voiceloop.analytics.drivers.importance import explain, key_drivers, prepare
from voiceloop.analytics.drivers.reading import columns_of
from voiceloop.analytics.drivers.result import Drivers
from voiceloop.analytics.drivers.screening import Screened
from voiceloop.analytics.synth.rated_drivers import NULL, PLANTED, importance, survey
from voiceloop.bench.product import say

SEEDS, ROWS, RESAMPLES = 200, 3_000, 20
LOW, HIGH = 0.93, 0.97
# Public surveys: file, outcome, weight. They measure only; no row of them is shipped.
SURVEYS: tuple[tuple[str, str, str | None], ...] = (
    ("airline_satisfaction/passengers.csv.gz", "satisfaction", None),
    ("zh_mobile_satisfaction/voice.csv.gz", "语音通话整体满意度", None),
    ("zh_mobile_satisfaction/internet.csv.gz", "手机上网整体满意度", None),
    ("sfo_survey/nps_2017.csv", "recommend_0_10", "weight"),
    ("sfo_survey/csat_2010_2017.csv.gz", "rate_overall", "weight"),
)
WORLDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "plain": ({}, {}),
    "a tenth of the ratings missing": ({"gaps": 0.1}, {}),
    "answers of 60 stores that differ": ({"stores": 60}, {"cluster": "store"}),
    "survey weights": ({}, {"weight": "weight"}),
}


def measure(data: Path, scale: float) -> dict[str, Any]:
    """Return coverage and order of planted drivers, and the tables of the public surveys that are there."""
    seeds = max(int(SEEDS * scale), 20)
    found: dict[str, Any] = {"seeds": seeds, "rows": ROWS, "aim": f"{LOW:.0%}–{HIGH:.0%}", "planted": {}}
    for name, (drawn, asked) in WORLDS.items():
        say(f"drivers: {name} …")
        found["planted"][name] = _covered(seeds, drawn, asked)
    every = [world["coverage"] for world in found["planted"].values()]
    found["met"] = all(LOW <= share <= HIGH for share in every)
    found["speed"] = _speed()
    if data.is_dir():
        found["surveys"] = _surveys(data, scale)
    return found


def _surveys(folder: Path, scale: float) -> dict[str, Any]:
    found = {}
    for file, outcome, weight in SURVEYS:
        say(f"drivers: {file} …")
        found[f"{file} {outcome}"] = _survey(folder / file, outcome, weight, scale)
    return found


def _covered(seeds: int, drawn: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    truth = importance()
    ranked = sorted(truth, key=lambda name: -truth[name])
    held: dict[str, int] = dict.fromkeys(truth, 0)
    top, pairs, null = 0, [], 0
    for seed in range(seeds):
        columns = survey(seed, ROWS, **drawn).columns
        rows = key_drivers(columns, "nps", drivers=[*PLANTED, NULL], **asked).drivers
        for one in rows:
            held[one.name] += one.importance.low <= truth[one.name] <= one.importance.high
            null += one.name == NULL and one.is_signal
        names = [one.name for one in rows]
        top += names[:3] == ranked[:3]
        pairs.append(_rank_correlation([names.index(name) for name in ranked], list(range(len(ranked)))))
    by_driver = {name: round(n / seeds, 3) for name, n in held.items()}
    return {
        "coverage": round(sum(held.values()) / seeds / len(held), 4), "coverage_by_driver": by_driver,
        "first_three_in_order": round(top / seeds, 3), "rank_correlation": round(float(np.mean(pairs)), 3),
        "null_called_a_signal": round(null / seeds, 3),
    }  # fmt: skip


def _speed() -> dict[str, float]:
    columns = survey(1, 100_000).columns
    began = time.process_time()
    key_drivers(columns, "nps", drivers=[*PLANTED, NULL])
    seconds = round(time.process_time() - began, 3)
    return {"answers": 100_000, "drivers": len(PLANTED) + 1, "cpu_seconds": seconds}


def _survey(path: Path, outcome: str, weight: str | None, scale: float) -> dict[str, Any]:
    ready = prepare(columns_of(path), outcome, weight=weight)
    whole = _explained(ready.screened, ready, np.arange(len(ready.outcome.y)))
    resamples = max(int(RESAMPLES * scale), 5)
    rng, known = np.random.default_rng(1), np.flatnonzero(~np.isnan(ready.outcome.y))
    names = [one.name for one in whole.drivers]
    ranks, overlap = [], []
    for _ in range(resamples):
        again = [one.name for one in _explained(ready.screened, ready, rng.choice(known, len(known))).drivers]
        ranks.append(_rank_correlation([again.index(name) for name in names], list(range(len(names)))))
        overlap.append(len(set(again[:5]) & set(names[:5])) / 5)
    return {
        "n": whole.n, "unit": whole.outcome.unit, "r2": round(whole.r2, 4),
        "r2_cross_validated": round(whole.r2_cross_validated, 4), "gaps": whole.missing,
        "drivers": [_line(one) for one in whole.drivers[:12]],
        "held_equal": [one.name for one in whole.context],
        "set_aside": len(whole.aside), "resamples": resamples,
        "bootstrap_rank_correlation": round(float(np.mean(ranks)), 3),
        "bootstrap_top_5_overlap": round(float(np.mean(overlap)), 3),
    }  # fmt: skip


def _explained(screened: Screened, ready: Any, rows: Any) -> Drivers:
    y = ready.outcome
    outcome = replace(y, y=y.y[rows], happy=y.happy[rows], unhappy=y.unhappy[rows])
    drivers, context = ([of_rows(one, rows) for one in some] for some in (screened.drivers, screened.context))
    weights = ready.weights[rows] if ready.weights is not None else None
    return explain(outcome, drivers, context, aside=screened.aside, weights=weights)


def _line(one: Any) -> dict[str, Any]:
    share = [round(100 * x, 1) for x in (one.share.value, one.share.low, one.share.high)]
    return {"driver": one.name, "share_percent": share, "direction": one.direction, "kind": one.kind}


def _rank_correlation(a: list[int], b: list[int]) -> float:
    """Spearman's, of two orders of the same things."""
    return float(np.corrcoef(np.argsort(np.argsort(a)), np.argsort(np.argsort(b)))[0, 1])
