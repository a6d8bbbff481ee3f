"""What an explanation of a score looks like: each driver with its uncertainty, and what was set aside."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.columns import Column, Words
from voiceloop.analytics.drivers.outcome import Outcome
from voiceloop.analytics.drivers.screening import SetAside

Array = npt.NDArray[np.float64]
KINDS = {
    "basic": ("基本因素", "basic"),
    "performance": ("绩效因素", "performance"),
    "delight": ("惊喜因素", "delight"),
    "indifferent": ("无差异因素", "indifferent"),
    "": ("—", "—"),
}


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        return {name: round(getattr(self, name), 6) for name in ("value", "low", "high")}

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Effect:
    """What the outcome gains from one step of a driver, or against its reference level, all else equal."""

    what: str
    of: Estimate

    def to_dict(self) -> dict[str, Any]:
        return {"what": self.what, **self.of.to_dict()}


@dataclass(frozen=True)
class Sides:
    """What poor costs and excellent brings, against ordinary, in units of the outcome (Brandt 1987).

    Attributes
    ----------
    penalty, reward : Estimate
        Loss when poor, gain when excellent.
    asymmetry : Estimate
        Reward less penalty, per step of the scale.
    share_poor, share_excellent : float
        Of the rows that know the driver, 0 to 1.
    poor, excellent : str
        What counts as either.
    """

    penalty: Estimate
    reward: Estimate
    asymmetry: Estimate
    share_poor: float
    share_excellent: float
    poor: str
    excellent: str

    def to_dict(self) -> dict[str, Any]:
        return _as_dict(self)


@dataclass(frozen=True)
class Lever:
    """One of the two ways to use a driver: fewer unhappy, or more happy customers.

    Attributes
    ----------
    driver : str
    kind : {'fewer_detractors', 'more_promoters'}
    gain : Estimate
        Percent of the customers who stop being unhappy, or become happy, when everybody below the step
        takes it; for NPS these are NPS points.
    per_effort : Estimate
        The same for one unit of effort, which brings one in ten customers a step up.
    reach : float
        Share of the customers that can take the step, 0 to 1: all who are poor; as many again as are
        excellent now.
    effort : float
        What one unit costs against those of other levers.
    """

    driver: str
    kind: str
    gain: Estimate
    per_effort: Estimate
    reach: float
    effort: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        return _as_dict(self)


@dataclass(frozen=True)
class Driver:
    """One driver.

    Attributes
    ----------
    importance : Estimate
        Part of R² (0 to 1) that is its own, over all orders of entering.
    share : Estimate
        The same as a share of what all drivers explain.
    is_signal : bool
        More than chance, within the budget of false alarms over all drivers.
    direction : int
        1: more is better, −1: less is better, 0: not one direction, or not known.
    correlation : float
        With the outcome, alone; NaN for several columns.
    n : int
        Rows that know it.
    kind : str
        A key of `KINDS`.
    performance : Estimate or None
        0 (worst) to 100 (best), see `performance_of`.
    """

    name: str
    column: Column
    importance: Estimate
    share: Estimate
    p_value: float
    is_signal: bool
    direction: int
    correlation: float
    effects: tuple[Effect, ...]
    n: int
    kind: str = ""
    sides: Sides | None = None
    performance: Estimate | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "driver": self.name,
            "type": self.column.kind,
            "importance": self.importance.to_dict(),
            "share": self.share.to_dict(),
            "p_value": self.p_value,
            "verdict": "signal" if self.is_signal else "noise",
            "direction": self.direction,
            "correlation": None if np.isnan(self.correlation) else round(self.correlation, 6),
            "effects": [one.to_dict() for one in self.effects],
            "n": self.n,
            "kind": self.kind,
            "sides": self.sides.to_dict() if self.sides else None,
            "performance": self.performance.to_dict() if self.performance else None,
            "notes": [note[0] for note in self.column.notes],
        }


@dataclass(frozen=True)
class Drivers:
    """Why an outcome is what it is.

    Attributes
    ----------
    n : int
        Rows used; `n_total` those given.
    coverage : float
        Share of the answered rows that know at least one driver.
    r2, r2_adjusted, r2_cross_validated : float
        Of drivers and context together; `r2_context` of who the customers are, alone.
    missing : str
        'complete', 'listwise' or 'pairwise'.
    method : str
        In English, for notes and exports; `method_zh` in Chinese.
    warnings : tuple of (English, Chinese)
    """

    outcome: Outcome
    n: int
    n_total: int
    coverage: float
    mean: Estimate
    drivers: tuple[Driver, ...]
    context: tuple[Column, ...]
    levers: tuple[Lever, ...]
    aside: tuple[SetAside, ...]
    warnings: tuple[Words, ...]
    r2: float
    r2_adjusted: float
    r2_cross_validated: float
    r2_context: float
    missing: str
    method: str
    method_zh: str
    confidence: float

    def named(self, name: str) -> Driver:
        """Return the driver of that name."""
        return next(one for one in self.drivers if one.name == name)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON."""
        return {
            "outcome": self.outcome.name,
            "unit": self.outcome.unit,
            "reads_as": self.outcome.says[0],
            "n": self.n,
            "n_total": self.n_total,
            "coverage": round(self.coverage, 4),
            "mean": self.mean.to_dict(),
            "r2": round(self.r2, 6),
            "r2_adjusted": round(self.r2_adjusted, 6),
            "r2_cross_validated": round(self.r2_cross_validated, 6),
            "r2_context": round(self.r2_context, 6),
            "missing": self.missing,
            "method": self.method,
            "confidence": self.confidence,
            "drivers": [one.to_dict() for one in self.drivers],
            "context": [one.name for one in self.context],
            "levers": [one.to_dict() for one in self.levers],
            "set_aside": [one.to_dict() for one in self.aside],
            "warnings": [one[0] for one in self.warnings],
        }


def performance_of(column: Column, w: Array, direction: int, z: float) -> Estimate | None:
    """Return how well a driver is done, 0 to 100, with its interval.

    A rating is placed between the ends of its scale, yes or no is the share of the good answer, a mention
    the share of praise among praise and complaint, and a number stands between its own worst and best tenth.

    Examples
    --------
    >>> from voiceloop.analytics.drivers.columns import column
    >>> found = column("speed", np.array([1.0, 5, 4, 2, 3, 3] * 9))
    >>> round(performance_of(found, np.ones(54), 1, 1.96).value)
    50
    """
    if column.kind == "category":
        return None
    x = _placed(column, direction)
    keep = ~np.isnan(x) & (w > 0)
    x, w = x[keep], w[keep]
    if len(x) < 2:
        return None
    mean = float(w @ x / w.sum())
    error = float(np.sqrt((w**2 @ (x - mean) ** 2) / w.sum() ** 2 * len(x) / (len(x) - 1)))
    low, high = max(mean - z * error, 0.0), min(mean + z * error, 100.0)
    return Estimate(min(max(mean, 0.0), 100.0), low, high)


def _placed(column: Column, direction: int) -> Array:
    values = column.values
    if column.kind == "mention":
        return np.where(values == 0, np.nan, 50.0 * (values + 1))
    if column.kind == "rating":
        low, high = column.low or 0.0, column.high or 1.0
        placed = 100 * (values - low) / (high - low)
        return placed
    if column.kind == "yes_no":
        return 100 * (values if direction >= 0 else 1 - values)
    worst, best = np.nanquantile(values, [0.1, 0.9])
    if direction < 0:
        worst, best = best, worst
    if worst == best:
        return np.full(len(values), np.nan)
    return np.asarray(np.clip(100 * (values - worst) / (best - worst), 0, 100))


def _as_dict(found: Any) -> dict[str, Any]:
    values = {one.name: getattr(found, one.name) for one in fields(found)}
    return {
        name: value.to_dict()
        if isinstance(value, Estimate)
        else round(value, 6)
        if isinstance(value, float)
        else value
        for name, value in values.items()
    }


__all__ = ["KINDS", "Driver", "Drivers", "Effect", "Estimate", "Lever", "Sides", "performance_of"]
