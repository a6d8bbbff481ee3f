"""The watch over a company in which nothing changes, and over one in which something does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceloop.analytics import spikes
from voiceloop.analytics.spikes import Budget, Usual
from voiceloop.bench.figures import beside
from voiceloop.bench.product import say

WEEKS, HISTORY, BLOCK = 1_000, 56, 25
STORES, FALSE_A_YEAR, AT_LEAST, TIMES = 24, 2.0, 5, 2.0
# Events a day in all stores, and the scatter of days and hours: calm, busy, and busier than any of ours.
COMPANIES = {"small": (12.0, 0.02, 0.05), "middle": (60.0, 0.02, 0.05), "wild": (60.0, 0.06, 0.15)}
WEEKDAY = np.array([0.9, 0.85, 0.9, 0.95, 1.1, 1.25, 1.2])
# A lunch and a dinner, and hardly anybody at night.
_H = np.arange(24)
DAY = np.exp(-(((_H - 12) / 3) ** 2)) + 1.3 * np.exp(-(((_H - 19) / 2.5) ** 2)) + 0.02
# So many more in one store within one hour at noon: small, middle, large.
PLANTED = (5, 8, 12)


def measure(scale: float) -> dict[str, Any]:
    """False alarms a year where nothing changes, and spikes found, from fixed seeds."""
    weeks = max(int(WEEKS * scale), BLOCK)
    found: dict[str, Any] = {
        "definition": f"hours and days of the company and {STORES} stores, one chart each; at most "
        f"{FALSE_A_YEAR:g} false alarms a year allowed, at least {AT_LEAST}, {TIMES:g} times the usual",
        "weeks": weeks,
    }
    rng = np.random.default_rng(1)
    for name, (level, by_day, by_hour) in COMPANIES.items():
        say(f"spikes: {name}, {weeks} weeks without a change …")
        alarms, planted = _watched(rng, weeks, level, by_day, by_hour)
        a_year = round(alarms / weeks * 365.25 / 7, 2)
        found[name] = {
            "events_a_day": level,
            "false_alarms": alarms,
            "false_alarms_a_year": beside(a_year, below=FALSE_A_YEAR),
            "found": {f"+{n} in an hour in one store": share for n, share in planted.items()},
        }
    return found


def _watched(
    rng: np.random.Generator, weeks: int, level: float, by_day: float, by_hour: float
) -> tuple[int, dict[int, float]]:
    alarms, tried, hits = 0, 0, dict.fromkeys(PLANTED, 0)
    allowed = spikes.budget(FALSE_A_YEAR, np.arange(STORES + 1) == 0)
    for _ in range(weeks // BLOCK):
        counts = _company(rng, HISTORY + 7 * BLOCK, level, by_day, by_hour)
        kinds = np.arange(counts.shape[1]) % 7
        for day in range(HISTORY, counts.shape[1]):
            learned = spikes.usual(counts[:, day - HISTORY : day], kinds[day - HISTORY : day])
            alarms += _alarms(learned, kinds[day : day + 1], counts[:, day], allowed)
            store = int(rng.integers(1, STORES + 1))
            mean = float(learned.hours(kinds[day : day + 1])[store, 0, 12])
            limit = _limit(learned, store, mean, float(allowed.hour[store]))
            tried += 1
            for n in PLANTED:
                hits[n] += int(counts[store, day, 12]) + n >= limit
    return alarms, {n: round(hit / tried, 3) for n, hit in hits.items()}


def _alarms(learned: Usual, kind: NDArray[np.int64], today: NDArray[np.int64], allowed: Budget) -> int:
    hourly, daily = learned.hours(kind)[:, 0], learned.days(kind)[:, 0]
    n = _beyond(today, hourly, learned.scatter_hour[:, None], allowed.hour[:, None])
    return n + _beyond(today.sum(axis=1), daily, learned.scatter_day, allowed.day)


def _beyond(n: Any, mean: Any, scatter: Any, p: Any) -> int:
    may = (n >= AT_LEAST) & (n >= TIMES * mean)
    return int((may & (spikes.chance(n, mean, scatter) < p)).sum()) if may.any() else 0


def _limit(learned: Usual, store: int, mean: float, p: float) -> int:
    scatter = float(learned.scatter_hour[store])
    return int(spikes.limits(np.array([mean]), scatter, p, at_least=AT_LEAST, times=TIMES)[0])


def _company(
    rng: np.random.Generator, n_days: int, level: float, by_day: float, by_hour: float
) -> NDArray[np.int64]:
    """Stores of unlike size whose days and hours scatter more than Poisson, the company's sum first."""
    size = rng.gamma(2.0, 1.0, STORES)
    mean = level * (size / size.sum())[:, None, None] * WEEKDAY[np.arange(n_days) % 7][None, :, None]
    everywhere = rng.gamma(1 / by_day, by_day, (1, n_days, 1))
    here = rng.gamma(1 / by_day, by_day, (STORES, n_days, 1))
    hours = rng.gamma(1 / by_hour, by_hour, (STORES, n_days, 24))
    counts = rng.poisson(mean * (DAY / DAY.sum()) * everywhere * here * hours)
    return np.concatenate([counts.sum(axis=0, keepdims=True), counts])
