"""What poor costs and excellent brings: penalty and reward of each driver, and the two levers they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.columns import Column
from voiceloop.analytics.drivers.gaps import filled, indicators
from voiceloop.analytics.drivers.model import Model, model
from voiceloop.analytics.drivers.outcome import Outcome
from voiceloop.analytics.drivers.result import Driver, Estimate, Lever, Sides
from voiceloop.analytics.drivers.shapley import regression
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.student import two_sided

Array = npt.NDArray[np.float64]

# Poor up to, excellent from, for each top of a scale; the second line where too few are ordinary.
_CUTS = {
    4: ((1, 4), (2, 4)),
    5: ((2, 5), (3, 5), (2, 4)),
    7: ((3, 6), (4, 6), (4, 7)),
    10: ((6, 9), (7, 10), (5, 8)),
}
# Our choice: each of poor, ordinary and excellent.
LEAST_SHARE, LEAST_ROWS = 0.03, 20
EFFORT_REACHES = 0.10


@dataclass(frozen=True)
class _Cut:
    """Which rows of a driver are poor and excellent, and how far each lies from ordinary."""

    column: Column
    below: float
    above: float
    poor: str
    excellent: str


def sides_of(
    outcome: Outcome,
    rows: Sequence[Driver],
    context: Sequence[Column],
    *,
    weights: Array | None,
    cluster: Any,
    z: float,
    efforts: Mapping[tuple[str, str], float],
) -> tuple[list[Driver], tuple[Lever, ...]]:
    """Add penalty, reward and kind to each driver that has both sides, and return the levers.

    Penalty–reward contrast (Brandt, "A procedure for identifying value-enhancing service components", 1987;
    Matzler and Sauerwein, International Journal of Service Industry Management 13 (2002) 314): all drivers at
    once, each as two indicators, poor and excellent, against ordinary. The kind follows from the difference
    per step of the scale, so that a straight line is a *performance* factor whatever the cut points; which
    drivers matter at all, and which are lopsided, keeps to a budget of false discoveries.
    """
    cuts = [_cut(one.column, one.direction) for one in rows]
    there = [at for at, cut in enumerate(cuts) if cut is not None]
    if not there:
        return list(rows), ()
    known = [cut for cut in cuts if cut is not None]
    others = [one.column for one, cut in zip(rows, cuts, strict=True) if cut is None]
    everything = [*(cut.column for cut in known), *others, *context]
    made = model(
        outcome.y, [filled(cut.column) for cut in known],
        [*indicators(everything), *map(filled, (*others, *context))], weights=weights, cluster=cluster,
    )  # fmt: skip
    sides = [_sides(made, at, cut, z) for at, cut in enumerate(known)]
    kinds = _kinds(made, known)
    found = list(rows)
    for at, side, kind in zip(there, sides, kinds, strict=True):
        found[at] = replace(found[at], sides=side, kind=kind)
    return found, _levers(outcome, made, [rows[at].name for at in there], z, efforts)


def _cut(column: Column, direction: int) -> _Cut | None:
    """A driver as a mention of poor (−1), ordinary (0) and excellent (1)."""
    if column.kind == "mention":
        return _judged(column, column.values, column.values, "complaint", "praise")
    if column.kind == "rating":
        for low, high in _CUTS.get(int(column.high or 0), ()):
            sides = _between(column.values, low, high)
            found = _judged(column, sides, column.values, f"≤ {low}", f"≥ {high}")
            if found is not None:
                return found if direction >= 0 else None
    if column.kind == "number" and direction:
        low, high = np.nanquantile(column.values, [0.25, 0.75])
        if low < high:
            sides = _between(column.values, float(low), float(high)) * direction
            words = (f"≤ {low:.3g}", f"≥ {high:.3g}")[:: 1 if direction > 0 else -1]
            return _judged(column, sides, column.values * direction, *words)
    return None


def _between(values: Array, low: float, high: float) -> Array:
    sides = np.where(values <= low, -1.0, np.where(values >= high, 1.0, 0.0))
    return np.asarray(np.where(np.isnan(values), np.nan, sides))


def _judged(column: Column, sides: Array, scale: Array, poor: str, excellent: str) -> _Cut | None:
    counts = [int((sides == side).sum()) for side in (-1, 0, 1)]
    least = max(LEAST_ROWS, LEAST_SHARE * sum(counts)) if column.kind != "mention" else LEAST_ROWS / 2
    if min(counts) < least:
        return None
    means = [float(scale[sides == side].mean()) for side in (-1, 0, 1)]
    if not means[0] < means[1] < means[2]:
        return None
    coded = Column(column.name, "mention", sides)
    return _Cut(coded, means[1] - means[0], means[2] - means[1], poor, excellent)


def _sides(made: Model, at: int, cut: _Cut, z: float) -> Sides:
    bad, good = made.groups[at]
    b, v = made.coefficients, made.spread
    per_step = np.array([1 / cut.below, 1 / cut.above])
    difference = float(b[good] * per_step[1] + b[bad] * per_step[0])
    pair = v[np.ix_([bad, good], [bad, good])]
    known = cut.column.values[~np.isnan(cut.column.values)]
    return Sides(
        penalty=_estimate(-b[bad], pair[0, 0], z),
        reward=_estimate(b[good], pair[1, 1], z),
        asymmetry=_estimate(difference, float(per_step @ pair @ per_step), z),
        share_poor=float((known == -1).mean()),
        share_excellent=float((known == 1).mean()),
        poor=cut.poor,
        excellent=cut.excellent,
    )


def _kinds(made: Model, cuts: Sequence[_Cut]) -> list[str]:
    matters, lopsided, tilt = [], [], []
    for at, cut in enumerate(cuts):
        pair = list(made.groups[at])
        b, v = made.coefficients[pair], made.spread[np.ix_(pair, pair)]
        # A chi-square of two degrees of freedom has this tail exactly.
        matters.append(float(np.exp(-0.5 * b @ np.linalg.pinv(v) @ b)))
        per_step = np.array([1 / cut.below, 1 / cut.above])
        difference = float(b @ per_step)
        lopsided.append(two_sided(difference / max(float(np.sqrt(per_step @ v @ per_step)), 1e-12)))
        tilt.append(difference)
    matter = within_budget(matters)
    sure = within_budget([p if yes else None for p, yes in zip(lopsided, matter, strict=True)])
    return [
        "indifferent" if not yes else "performance" if not lop else "delight" if side > 0 else "basic"
        for yes, lop, side in zip(matter, sure, tilt, strict=True)
    ]


def _levers(
    outcome: Outcome, made: Model, names: Sequence[str], z: float, efforts: Mapping[tuple[str, str], float]
) -> tuple[Lever, ...]:
    found = []
    for kind, y, sign, side in (
        ("fewer_detractors", outcome.unhappy, -1.0, 0),
        ("more_promoters", outcome.happy, 1.0, 1),
    ):
        b, pull = _of_outcome(made, y)
        for at, name in enumerate(names):
            effort = efforts.get((name, kind), 1.0)
            found.append(_lever(made, b, pull, at, name, kind, sign, side, effort, z))
    return tuple(sorted(found, key=lambda one: -one.per_effort.value))


def _of_outcome(made: Model, y: Array) -> tuple[Array, Array]:
    """Coefficients of another outcome on the same columns and rows, and each row's pull on them."""
    m = made.moments
    y = y[made.rows]
    mean = m.w @ y / m.w.sum()
    sd = float(np.sqrt(m.w @ (y - mean) ** 2 / m.w.sum()))
    z = m.z.copy()
    z[:, 0] = (y - mean) / (sd or 1.0)
    w, known = m.w, m.known
    r = m.r.copy()
    together = np.maximum(w @ known, 1e-300)
    r[0] = r[:, 0] = ((z * w[:, None]).T @ z[:, 0]) / together
    r[0, 0] = 1.0
    other = replace(made, moments=replace(m, z=z, r=r, sd=np.concatenate([[sd], m.sd[1:]])))
    fixed = other.moments.repaired.copy()
    return regression(fixed, other.columns) * other.scale, other.pull


def _lever(
    made: Model, b: Array, pull: Array, at: int, name: str, kind: str, sign: float, side: int, effort: float,
    z: float,
) -> Lever:  # fmt: skip
    m = made.moments
    bad, good = made.groups[at]
    column = (bad, good)[side]
    # Indicators were standardised: the share of a side is its mean.
    shares = m.mean[[bad, good]]
    ordinary = max(float(1 - shares.sum()), 0.0)
    # All who are poor; of the ordinary as many again as are excellent now: more would be another company.
    reach = float(shares[0]) if side == 0 else min(ordinary, float(shares[1]))
    # What a step takes away of the unhappy (poor → ordinary), or adds to the happy (ordinary → excellent).
    value = float(b[column]) if side else -float(b[column]) * sign
    own = pull[:, column] if side else -sign * pull[:, column]
    per_cent = m.thin.z * m.sd
    moved = per_cent[:, bad] if side == 0 else per_cent[:, good]
    whole = _spread(made, reach * own + value * moved)
    step = min(EFFORT_REACHES, reach)
    one = _spread(made, step * own)
    return Lever(
        name, kind, _estimate(reach * value, whole, z),
        _estimate(step * value / effort, one / effort**2, z), reach, effort,
    )  # fmt: skip


def _spread(made: Model, influence: Array) -> float:
    return float(made.moments.spread(influence[:, None])[0, 0])


def _estimate(value: float, variance: float, z: float) -> Estimate:
    half = z * float(np.sqrt(max(variance, 0.0)))
    return Estimate(float(value), float(value) - half, float(value) + half)
