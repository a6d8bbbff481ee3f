"""Where one part of a company is worse on what matters, against all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.columns import Column
from voiceloop.analytics.drivers.model import Model, model
from voiceloop.analytics.drivers.moments import spread_of_mean
from voiceloop.analytics.drivers.outcome import Outcome
from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.student import normal_quantile, two_sided

Array = npt.NDArray[np.float64]
LEAST_INSIDE = 30


@dataclass(frozen=True)
class Area:
    """What one driver adds to the gap between a part and the rest, in units of the outcome.

    `inside` and `outside` are the driver's means there (of a category or a mention, of its first level).
    """

    driver: str
    gap: Estimate
    inside: float
    outside: float
    n: int
    is_signal: bool

    def to_dict(self) -> dict[str, Any]:
        return {
            "driver": self.driver, "gap": self.gap.to_dict(), "inside": self.inside, "outside": self.outside,
            "n": self.n, "verdict": "signal" if self.is_signal else "noise",
        }  # fmt: skip


@dataclass(frozen=True)
class Focus:
    """A part against the rest: the whole gap, what drivers explain of it, worst first, and what is left."""

    n: int
    gap: Estimate
    explained: float
    areas: tuple[Area, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "n": self.n, "gap": self.gap.to_dict(), "explained": self.explained,
            "areas": [one.to_dict() for one in self.areas],
        }  # fmt: skip


def focus(
    outcome: Outcome,
    drivers: Sequence[Column],
    context: Sequence[Column],
    inside: npt.NDArray[np.bool_],
    *,
    weights: Array | None = None,
    cluster: Any = None,
    confidence: float = 0.95,
) -> Focus:
    """Split the gap of a part of the rows into what each driver adds (Oaxaca 1973, Blinder 1973).

    Each driver adds its effect, as all rows tell it, times how far the part lies from the rest.

    Parameters
    ----------
    outcome, drivers, context, weights, cluster
        As for `importance.explain`.
    inside : (n,) array of bool

    Raises
    ------
    AnalyticsError
        When the part or the rest has fewer than 30 answers.

    Examples
    --------
    >>> from voiceloop.analytics.drivers.columns import column
    >>> from voiceloop.analytics.drivers.outcome import outcome
    >>> rng = np.random.default_rng(1)
    >>> here = np.arange(400) < 100
    >>> wait = 10 + 5 * here + rng.normal(0, 2, 400)
    >>> score = outcome("score", 80 - 2 * wait + rng.normal(0, 1, 400))
    >>> found = focus(score, [column("wait", wait)], [], here)
    >>> round(found.areas[0].gap.value), found.areas[0].is_signal
    (-10, True)
    """
    known = ~np.isnan(outcome.y)
    least = min(int((known & inside).sum()), int((known & ~inside).sum()))
    if least < LEAST_INSIDE:
        raise AnalyticsError(
            f"{LEAST_INSIDE} answers are needed on each side; there are {least}.",
            f"两边各需要至少 {LEAST_INSIDE} 条作答；现有 {least} 条。",
        )
    made = model(outcome.y, drivers, context, weights=weights, cluster=cluster)
    w = np.ones(len(inside)) if weights is None else np.nan_to_num(weights)
    z = normal_quantile((1 + confidence) / 2)
    areas = [_area(made, at, one, inside, w, z) for at, one in enumerate(drivers)]
    sure = within_budget([p for _, p in areas], 1 - confidence)
    marked = [Area(**{**vars(one), "is_signal": yes}) for (one, _), yes in zip(areas, sure, strict=True)]
    marked.sort(key=lambda one: one.gap.value)
    gap, variance = _difference(outcome.y, inside, w)
    explained = float(sum(one.gap.value for one in marked))
    return Focus(int((known & inside).sum()), _around(gap, variance, z), explained, tuple(marked))


def _area(
    made: Model, at: int, column: Column, inside: npt.NDArray[np.bool_], w: Array, z: float
) -> tuple[Area, float]:
    positions = list(made.groups[at])
    coded, _ = column.coded()
    pairs = [_difference(one, inside, w) for one in coded.T]
    apart, noise = np.array([d for d, _ in pairs]), np.array([v for _, v in pairs])
    b, v = made.coefficients[positions], made.spread[np.ix_(positions, positions)]
    variance = float(apart @ v @ apart + b**2 @ noise)
    value = float(b @ apart)
    shown = column.values if coded.shape[1] == 1 or column.kind == "mention" else coded[:, 0]
    known = ~np.isnan(shown)
    means = [float(np.average(shown[side], weights=w[side])) for side in (known & inside, known & ~inside)]
    area = Area(
        column.name, _around(value, variance, z), means[0], means[1], int((known & inside).sum()), False
    )
    return area, two_sided(value / max(float(np.sqrt(variance)), 1e-12))


def _difference(values: Array, inside: npt.NDArray[np.bool_], w: Array) -> tuple[float, float]:
    """Mean inside less mean outside, and its variance."""
    known = ~np.isnan(values) & (w > 0)
    found = [spread_of_mean(values[side], w[side]) for side in (known & inside, known & ~inside)]
    return found[0][0] - found[1][0], found[0][1] + found[1][1]


def _around(value: float, variance: float, z: float) -> Estimate:
    half = z * float(np.sqrt(max(variance, 0.0)))
    return Estimate(value, value - half, value + half)
