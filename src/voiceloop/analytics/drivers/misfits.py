"""Customers whom the offer does not fit: unhappy segments even when nothing went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.moments import spread_of_mean
from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.student import normal_quantile, two_sided

Array = npt.NDArray[np.float64]
# Our choices: smaller segments are stories, smaller gaps are no reason to let customers go.
LEAST = 40
LEAST_GAP = 15.0


@dataclass(frozen=True)
class Misfit:
    """A segment that is unhappy although it was served well.

    Attributes
    ----------
    where : mapping of dimension to code
    n, n_fine : int
        Answers, and those of customers to whom nothing went wrong.
    nps_fine : Estimate
        NPS points of the latter; `gap` against everybody else's to whom nothing went wrong.
    of_detractors : float
        Share of all detractors, 0 to 1.
    """

    where: dict[str, str]
    n: int
    n_fine: int
    nps_fine: Estimate
    gap: Estimate
    of_detractors: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "where": self.where, "n": self.n, "n_fine": self.n_fine, "nps_fine": self.nps_fine.to_dict(),
            "gap": self.gap.to_dict(), "of_detractors": self.of_detractors,
        }  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """The misfits found, and the figure with and without them: repair is judged by the latter."""

    misfits: tuple[Misfit, ...]
    looked_at: int
    whole: Estimate
    without: Estimate

    def to_dict(self) -> dict[str, Any]:
        return {
            "misfits": [one.to_dict() for one in self.misfits], "looked_at": self.looked_at,
            "whole": self.whole.to_dict(), "without": self.without.to_dict(),
        }  # fmt: skip


def misfits(
    y: Array,
    fine: npt.NDArray[np.bool_],
    segments: Mapping[str, npt.NDArray[Any]],
    at: Array | None = None,
    *,
    rate: float = 0.05,
) -> Fit:
    """Find segments of structural detractors.

    A segment is one when customers to whom nothing went wrong are at least 15 NPS points below all others to
    whom nothing went wrong, more often detractors than promoters, beyond chance within a budget of false
    discoveries over all segments and pairs looked at, and in both halves of the time.

    Parameters
    ----------
    y : (n,) array
        −100, 0, 100; NaN where there is no answer.
    fine : (n,) array of bool
        Nothing went wrong.
    segments : mapping of dimension to (n,) array of str
    at : (n,) array, optional
        When, as a number.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> who = rng.choice(["family", "office"], 900, p=[0.2, 0.8])
    >>> y = rng.choice([-100.0, 0, 100], 900) + 0.0
    >>> y[who == "family"] = rng.choice([-100.0, 0], (who == "family").sum())
    >>> [one.where for one in misfits(y, np.ones(900, bool), {"segment": who}).misfits]
    [{'segment': 'family'}]
    """
    known = ~np.isnan(y)
    late = np.zeros(len(y), bool) if at is None else at > np.median(at[known])
    asked = [(where, rows) for where, rows in _groups(segments, known)]
    tried = [_compared(y, fine & known, rows, late) for _, rows in asked]
    sure = within_budget([one[2] if one else None for one in tried], rate)
    total = max(float((y[known] < 0).sum()), 1.0)
    found: list[Misfit] = []
    out = np.zeros(len(y), bool)
    for (where, rows), one, yes in zip(asked, tried, sure, strict=True):
        if one is None or not yes or one[1].value > -LEAST_GAP or one[0].value >= 0 or not one[3]:
            continue
        if any(where.items() >= wider.where.items() for wider in found):
            continue
        out |= rows
        n_fine = int((rows & fine & known).sum())
        share = float((y[rows & known] < 0).sum()) / total
        found.append(Misfit(where, int((rows & known).sum()), n_fine, one[0], one[1], share))
    found.sort(key=lambda one: one.gap.value)
    return Fit(tuple(found), len(asked), _mean(y[known]), _mean(y[known & ~out]))


def _groups(
    segments: Mapping[str, npt.NDArray[Any]], known: npt.NDArray[np.bool_]
) -> list[tuple[dict[str, str], npt.NDArray[np.bool_]]]:
    """Each code of each dimension, then each pair: wide before narrow."""
    single = [
        ({name: str(code)}, known & (values == code))
        for name, values in segments.items()
        for code in sorted({v for v in values[known].tolist() if v})
    ]
    pairs = [
        ({**a, **b}, rows & more)
        for (a, rows), (b, more) in combinations(single, 2)
        if not a.keys() & b.keys()
    ]
    return [(where, rows) for where, rows in (*single, *pairs) if rows.sum() >= LEAST]


def _compared(
    y: Array, fine: npt.NDArray[np.bool_], rows: npt.NDArray[np.bool_], late: npt.NDArray[np.bool_]
) -> tuple[Estimate, Estimate, float, bool] | None:
    inside, outside = fine & rows, fine & ~rows
    if min(inside.sum(), outside.sum()) < LEAST:
        return None
    here, there = (spread_of_mean(y[side], np.ones(int(side.sum()))) for side in (inside, outside))
    gap, error = here[0] - there[0], float(np.sqrt(here[1] + there[1]))
    z = normal_quantile(0.975)
    halves = [
        y[inside & half].mean() < y[outside & half].mean()
        for half in (late, ~late)
        if (inside & half).any() and (outside & half).any()
    ]
    own = float(np.sqrt(here[1]))
    return (
        Estimate(here[0], here[0] - z * own, here[0] + z * own),
        Estimate(gap, gap - z * error, gap + z * error),
        two_sided(gap / max(error, 1e-12)),
        all(halves),
    )


def _mean(y: Array) -> Estimate:
    mean, variance = spread_of_mean(y, np.ones(len(y)))
    half = 1.96 * float(np.sqrt(variance))
    return Estimate(mean, mean - half, mean + half)
