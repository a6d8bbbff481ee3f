"""Weights that give the answers the make-up of those who were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Cell = tuple[Any, ...]
Array = npt.NDArray[np.float64]

# A factor above this lets one answer speak for too many (our choice, within the usual 3 to 8).
LIMIT = 5.0


@dataclass(frozen=True)
class Raked:
    """The outcome of `rake`.

    Attributes
    ----------
    factors : mapping of cell to float
        What each answer of the cell counts; 1 on average.
    has_converged : bool
    rounds : int
    error : float
        The largest difference between a weighted share and its target that is left.
    limit : float
        No factor is above this.
    trimmed : float
        Share of the answers whose factor is held at the limit.
    design_effect : float
        How many times larger the variance is than with equal weights: n·Σw²/(Σw)², Kish, Survey
        Sampling (1965), section 11.7.
    missing : tuple of (margin, value, share)
        Values of the population that nobody answered for; the others stand in for them.
    """

    factors: Mapping[Cell, float]
    has_converged: bool
    rounds: int
    error: float
    limit: float
    trimmed: float
    design_effect: float
    missing: tuple[tuple[int, Any, float], ...]


def rake(
    cells: Mapping[Cell, float],
    margins: Sequence[Mapping[Any, float]],
    *,
    limit: float = LIMIT,
    tolerance: float = 1e-9,
    most_rounds: int = 500,
) -> Raked:
    """Weight cells so that along every dimension they have the shares of a population.

    Iterative proportional fitting: Deming and Stephan, Annals of Mathematical Statistics 11 (1940)
    427. After each round factors above ``limit`` are cut to it, so that a few answers cannot
    dominate; the shares are then met only as closely as ``error`` says.

    Parameters
    ----------
    cells : mapping of cell to number
        Answers in each combination of values, one value per dimension.
    margins : sequence of mapping of value to number
        Population along each dimension, in any unit; values without answers are left out.
    limit : float
        Largest factor, above 1.
    tolerance : float
        Difference in shares at which the weights are good enough.

    Returns
    -------
    Raked

    Raises
    ------
    ValueError
        Without any answers.

    Examples
    --------
    >>> raked = rake({("web",): 30, ("sms",): 10}, [{"web": 500, "sms": 500}])
    >>> {cell[0]: round(factor, 3) for cell, factor in raked.factors.items()}
    {'web': 0.667, 'sms': 2.0}
    >>> round(raked.design_effect, 3), raked.has_converged
    (1.333, True)
    """
    names = [cell for cell, n in cells.items() if n > 0]
    n = np.array([float(cells[cell]) for cell in names])
    if not names:
        raise ValueError("there are no answers to weight")
    at = [_positions(names, i, margin) for i, margin in enumerate(margins)]
    targets = [
        _target(names, i, margin, n.sum(), float(n[known].sum()))
        for i, (margin, (_, known)) in enumerate(zip(margins, at, strict=True))
    ]
    factors, rounds, error = np.ones(len(n)), 0, np.inf
    moved = np.inf
    while rounds < most_rounds and error > tolerance and moved > tolerance / 100:
        before = factors
        factors = _one_round(n, factors, at, targets)
        factors = _held(n, factors, limit)
        error = max((_error(n, factors, *pair) for pair in zip(at, targets, strict=True)), default=0.0)
        moved, rounds = float(np.abs(factors - before).max()), rounds + 1
    held = factors >= limit * (1 - 1e-9)
    return Raked(
        factors=dict(zip(names, factors.tolist(), strict=True)),
        has_converged=bool(error <= tolerance),
        rounds=rounds,
        error=float(error),
        limit=limit,
        trimmed=float(n[held].sum() / n.sum()),
        design_effect=float(n.sum() * (n @ factors**2) / (n @ factors) ** 2),
        missing=tuple(_missing(names, margins)),
    )


def _positions(names: list[Cell], i: int, margin: Mapping[Any, float]) -> tuple[npt.NDArray[np.int64], Any]:
    """The place of each cell's value along a dimension, and which cells have a target at all."""
    values = list(dict.fromkeys(cell[i] for cell in names))
    position = {value: place for place, value in enumerate(values)}
    known = np.array([margin.get(cell[i], 0.0) > 0 for cell in names])
    return np.array([position[cell[i]] for cell in names]), known


def _target(names: list[Cell], i: int, margin: Mapping[Any, float], total: float, known: float) -> Array:
    """What each value is to add up to; one of which the population knows nothing keeps its answers."""
    values = list(dict.fromkeys(cell[i] for cell in names))
    wanted = np.array([max(float(margin.get(value, 0.0)), 0.0) for value in values])
    found: Array = np.where(wanted > 0, wanted * known / max(wanted.sum(), 1e-300), np.nan)
    return found


def _one_round(n: Array, factors: Array, at: Sequence[Any], targets: Sequence[Array]) -> Array:
    for (position, _), target in zip(at, targets, strict=True):
        sums = np.bincount(position, weights=n * factors, minlength=len(target))
        factors = factors * np.where(np.isnan(target), 1.0, target / sums)[position]
    return factors


def _held(n: Array, factors: Array, limit: float) -> Array:
    """Cut factors to the limit and let the others make up for it, so that they stay 1 on average."""
    factors = factors * n.sum() / (factors @ n)
    while (factors > limit * (1 + 1e-12)).any():
        held = factors >= limit
        rest = (n.sum() - limit * n[held].sum()) / (factors[~held] @ n[~held])
        factors = np.where(held, limit, factors * rest)
    return factors


def _error(n: Array, factors: Array, at: Any, target: Array) -> float:
    sums = np.bincount(at[0], weights=n * factors, minlength=len(target))
    return float(np.nanmax(np.abs(sums - target) / n.sum(), initial=0.0))


def _missing(names: list[Cell], margins: Sequence[Mapping[Any, float]]) -> list[tuple[int, Any, float]]:
    found = []
    for i, margin in enumerate(margins):
        total, present = sum(margin.values()), {cell[i] for cell in names}
        found += [(i, value, n / total) for value, n in margin.items() if n > 0 and value not in present]
    return found
