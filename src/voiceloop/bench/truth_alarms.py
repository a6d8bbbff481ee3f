"""How often alarms, signals and suspicions are wrong, and how often what happened is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from voiceloop.analytics import registry
from voiceloop.analytics.control import control_chart, control_charts
from voiceloop.analytics.many import p_among_many
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.peers import excesses
from voiceloop.bench.figures import beside
from voiceloop.bench.truth_coverage import MIXES, SCORES, SIZES

WEEKS, BEFORE, WITHIN, FALL, A_WEEK = 26, 12, 2, 30, 100
# Pairs without a difference: alike, or of equal mean and unequal spread.
NULLS = (
    ((0.92, 0.06, 0.02), (0.92, 0.06, 0.02)),
    ((0.6, 0.25, 0.15), (0.6, 0.25, 0.15)),
    ((0.6, 0.1, 0.3), (0.45, 0.4, 0.15)),
    ((0.3, 0.3, 0.4), (0.1, 0.7, 0.2)),
)
CELLS = 120
AGENTS, SKIPS, SKIPS_BAD = 16, 0.03, 0.75


def control(runs: int, seed: int = 1) -> dict[str, Any]:
    """Control charts: false alarms in stable series, falls found, and many touchpoints at once."""
    rng = np.random.default_rng(seed)
    false = {
        name: {n: _share(bool(_chart(rng, [(mix, n, WEEKS)]).alarms) for _ in range(runs)) for n in SIZES}
        for name, mix in MIXES.items()
    }
    found = {
        name: _share(
            _chart(rng, [(mix, A_WEEK, BEFORE), (_fallen(mix), A_WEEK, WITHIN)]).points[-1].is_alarm
            for _ in range(runs)
        )
        for name, mix in MIXES.items()
    }
    cells = [cell for row in false.values() for cell in row.values()]
    worst = max(cells)
    return {
        "definition": f"stable series of {WEEKS} weeks that raise an alarm at least once; falls of {FALL} "
        f"points at {A_WEEK} answers a week, after {BEFORE} weeks, found within {WITHIN}",
        "runs": runs,
        "false_alarms": false,
        "found": found,
        "false_alarms_all": beside(round(float(np.mean(cells)), 4), below=0.05),
        "false_alarms_most": beside(worst, below=0.06),
        "found_least": beside(min(found.values()), at_least=0.8),
        "twenty_touchpoints": _touchpoints(rng, max(runs // 10, 10)),
    }


def discoveries(runs: int, seed: int = 1) -> dict[str, Any]:
    """False discoveries among 120 compared cells, with and without the careful p-value."""
    rng = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for sizes in ((5, 20), (10, 100), (10, 1000), (50, 800)):
        for share in (0.0, 0.1):
            name = f"{sizes[0]}–{sizes[1]} answers, {share:.0%} differ"
            found[name] = _discovered(rng, sizes, share, runs)
    shares = [one["false_share"] for one in found.values()]
    return {
        "cells": CELLS,
        "runs": runs,
        **found,
        "false_share_all": beside(round(float(np.mean(shares)), 4), below=0.05),
        # Of eight figures that chance moves by 0.014 at the full scale, the largest.
        "false_share_most": max(shares),
    }


def suppression(runs: int, seed: int = 1) -> dict[str, Any]:
    """Honest agents called out, and one found who leaves out three of four after bad contacts."""
    rng = np.random.default_rng(seed)
    honest, wrong, found = 0, 0, 0
    for _ in range(runs):
        called = _called(_team(rng, None))
        honest, wrong = honest + AGENTS, wrong + len(called)
        found += _called(_team(rng, AGENTS - 1)) == [AGENTS - 1]
    return {
        "agents": AGENTS,
        "contacts_each": 60,
        "runs": runs,
        "honest_called": beside(round(wrong / honest, 4), below=0.05),
        "exactly_the_one_found": beside(round(found / runs, 3), at_least=0.8),
    }


def _share(several: Iterable[bool]) -> float:
    return round(float(np.mean(list(several))), 3)


def _drawn(rng: np.random.Generator, mix: Sequence[float], n: int) -> Parts:
    counts = rng.multinomial(n, mix)
    return Parts(int(n), float(n), float(n), float(counts @ SCORES), float(counts @ SCORES**2))


def _series(rng: np.random.Generator, stretches: Sequence[tuple[Any, int, int]]) -> list[tuple[date, Parts]]:
    weeks = [(mix, n) for mix, n, times in stretches for _ in range(times)]
    first = date(2026, 1, 5)
    return [(first + timedelta(weeks=i), _drawn(rng, mix, n)) for i, (mix, n) in enumerate(weeks)]


def _chart(rng: np.random.Generator, stretches: Sequence[tuple[Any, int, int]]) -> Any:
    return control_chart(_series(rng, stretches), "nps")


def _fallen(mix: Sequence[float]) -> tuple[float, float, float]:
    return mix[0] - FALL / 200, mix[1], mix[2] + FALL / 200


def _touchpoints(rng: np.random.Generator, runs: int) -> dict[str, Any]:
    """One of twenty touchpoints falls in the last two weeks: alarms then, true and false."""
    mixes, true, false = list(MIXES.values()), 0, 0
    for _ in range(runs):
        series: dict[int, Any] = {}
        for i in range(20):
            mix = mixes[i % 3]
            end = _fallen(mix) if i == 0 else mix
            series[i] = _series(rng, [(mix, A_WEEK, BEFORE), (end, A_WEEK, WITHIN)])
        charts = control_charts(series, "nps")
        alarmed = {i for i, chart in charts.items() if any(p.is_alarm for p in chart.points[-WITHIN:])}
        true, false = true + (0 in alarmed), false + len(alarmed - {0})
    return {"found": round(true / runs, 3), "false_among_alarms": round(false / max(true + false, 1), 3)}


def _discovered(rng: np.random.Generator, sizes: Sequence[int], share: float, runs: int) -> dict[str, Any]:
    metric, wrong, plain_wrong, true, real = registry.metric("nps"), 0.0, 0.0, 0, 0
    for _ in range(runs):
        careful, plain, differs = [], [], []
        for i in range(CELLS):
            mix, other = NULLS[i % len(NULLS)]
            is_real = bool(rng.random() < share)
            other = (mix[0] / 2, mix[1], mix[2] + mix[0] / 2) if is_real else other
            a, b = _drawn(rng, mix, rng.choice(sizes)), _drawn(rng, other, rng.choice(sizes))
            p = metric.difference(a, b, metric.scales[0], 0.95).p_value
            careful.append(p_among_many(metric, None, a, b, p))
            plain.append(p)
            differs.append(is_real)
        called = within_budget(careful)
        false = sum(one and not other for one, other in zip(called, differs, strict=True))
        wrong += false / max(sum(called), 1)
        alone = within_budget(plain)
        plain_wrong += sum(one and not other for one, other in zip(alone, differs, strict=True)) / max(
            sum(alone), 1
        )
        true, real = true + sum(called) - false, real + sum(differs)
    return {
        "false_share": round(wrong / runs, 3),
        "false_share_without_care": round(plain_wrong / runs, 3),
        "found": round(true / real, 3) if real else None,
    }


def _team(rng: np.random.Generator, skipper: int | None) -> dict[int, dict[str, tuple[float, float]]]:
    """Contacts by how they went, and how many were left out; honest agents differ a little."""
    team = {}
    for i in range(AGENTS):
        usual = SKIPS * float(rng.uniform(0.5, 1.5))
        bad = int(rng.binomial(60, 0.2))
        chance = SKIPS_BAD if i == skipper else usual
        team[i] = {
            "bad": (float(bad), float(rng.binomial(bad, chance))),
            "good": (60.0 - bad, float(rng.binomial(60 - bad, usual))),
        }
    return team


def _called(team: dict[int, dict[str, tuple[float, float]]]) -> list[int]:
    only_bad = {who: {"bad": own["bad"]} for who, own in team.items()}
    signs = [excesses(team), excesses(only_bad)]
    p_values = {who: min([2 * one[who].p_value for one in signs if who in one], default=1.0) for who in team}
    holds = within_budget(list(p_values.values()))
    return [who for who, is_signal in zip(p_values, holds, strict=True) if is_signal]
