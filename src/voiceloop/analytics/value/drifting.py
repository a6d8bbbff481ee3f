"""Whether the customers that are scored still look like those that the model was fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from voiceloop.analytics.value.cells import Floats, Ints
from voiceloop.analytics.value.kinds import Feature

Verdict = Literal["stable", "moved", "changed"]
# Siddiqi 2006, "Credit Risk Scorecards": .1 and .25 are the usual limits of the index.
MOVED, CHANGED = 0.1, 0.25
_GROUPS = 10


class Drift(NamedTuple):
    """Population stability index of a column, and what it means given how many rows there are."""

    column: str
    psi: float
    missing: float
    verdict: Verdict


def drift(features: Sequence[Feature], codes: Ints, n_fit: int) -> list[Drift]:
    """Return how far each column has moved since the fit, furthest first.

    A column has "moved" or "changed" only when its index is also beyond what sampling alone would give
    in 99 of 100 cases (with g groups, (1/n + 1/n_fit) × χ²(g-1); Yurdakul 2018).

    Parameters
    ----------
    features : sequence of Feature
        With the shares of each code at the fit.
    codes : Ints
        Shape (n, columns), of the customers now.
    n_fit : int
        Customers at the fit.

    Examples
    --------
    >>> plan = Feature("plan", "category", levels=("a",), shares=(0.5, 0.25, 0.25))
    >>> drift([plan], np.zeros((400, 1), dtype=int), 400)[0].verdict
    'changed'
    """
    found = [_of(feature, codes[:, j], n_fit) for j, feature in enumerate(features)]
    return sorted(found, key=lambda one: -one.psi)


def _of(feature: Feature, codes: Ints, n_fit: int) -> Drift:
    n = len(codes)
    then = np.array(feature.shares)
    now = np.bincount(codes, minlength=feature.size) / max(n, 1)
    group = _groups(feature, then)
    before, after = (np.bincount(group, weights=shares) for shares in (then, now))
    here = (before > 0) | (after > 0)
    # Half a customer in a group that was empty on one side keeps the logarithm finite.
    p, q = np.maximum(before[here], 0.5 / n_fit), np.maximum(after[here], 0.5 / max(n, 1))
    psi = float(((p - q) * np.log(p / q)).sum())
    beyond = psi > _noise(int(here.sum()), n, n_fit)
    verdict: Verdict = "stable" if psi < MOVED or not beyond else "moved" if psi < CHANGED else "changed"
    return Drift(feature.name, psi, float(now[-1]), verdict)


def _groups(feature: Feature, shares: Floats) -> Ints:
    """Codes in groups: tenths of an ordered column, common levels of another; missing by itself."""
    group = np.arange(feature.size)
    if feature.is_ordered:
        through = np.cumsum(shares[:-1]) - shares[:-1] / 2
        total = max(float(shares[:-1].sum()), 1e-12)
        group[:-1] = np.minimum((through / total * _GROUPS).astype(np.int64), _GROUPS - 1)
        group[-1] = _GROUPS
    return group.astype(np.int64)


def _noise(groups: int, n: int, n_fit: int) -> float:
    """The 99th percentile of the index when nothing has changed (Wilson and Hilferty's χ²)."""
    df = max(groups - 1, 1)
    quantile = df * (1 - 2 / (9 * df) + 2.326 * np.sqrt(2 / (9 * df))) ** 3
    return float(quantile * (1 / max(n, 1) + 1 / n_fit))
