"""A model that is a sum of tables: one per column and one per pair, so that its reasons are exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voiceloop.analytics.value.cells import Floats, Ints

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Additive:
    """Log-odds = intercept + Σ mains[j][code_j] + Σ pairs[a, b][code_a, code_b].

    Examples
    --------
    >>> model = Additive(0.5, (np.array([0.0, 1.0]),), {})
    >>> model.decide(np.array([[0], [1]])).tolist()
    [0.5, 1.5]
    """

    intercept: float
    mains: tuple[Floats, ...]
    pairs: Mapping[Pair, Floats]

    def decide(self, codes: Ints) -> Floats:
        """Return the log-odds of each row of ``codes``, shape (n, columns)."""
        total = np.full(len(codes), self.intercept)
        for j, table in enumerate(self.mains):
            total += table[codes[:, j]]
        for (a, b), table in self.pairs.items():
            total += table[codes[:, a], codes[:, b]]
        return total

    def parts(self, codes: Ints) -> Floats:
        """Return what each column adds to the log-odds, shape (n, columns).

        The Shapley values of the sum with independent columns: a pair's own part, beyond what each of the
        two does alone (see `centred`), is halved between them. Rows add up to `decide` less the intercept.
        """
        found = np.stack([table[codes[:, j]] for j, table in enumerate(self.mains)], axis=1)
        for (a, b), table in self.pairs.items():
            half = table[codes[:, a], codes[:, b]] / 2
            found[:, a] += half
            found[:, b] += half
        return found


def centred(model: Additive, shares: Sequence[Floats]) -> Additive:
    """Return the same function with every table at mean zero under ``shares`` of each code.

    What a pair says about one column alone moves into that column, what all say on average into the
    intercept: functional ANOVA with independent columns (Hooker 2007; Lengerich et al. 2020).

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> found = centred(Additive(0.0, (np.array([0.0, 2.0]),), {}), [half])
    >>> found.intercept, found.mains[0].tolist()
    (1.0, [-1.0, 1.0])
    """
    intercept, mains, pairs = model.intercept, [table.copy() for table in model.mains], {}
    for (a, b), table in model.pairs.items():
        of_a, of_b = table @ shares[b], shares[a] @ table
        mean = float(shares[a] @ of_a)
        mains[a] += of_a - mean
        mains[b] += of_b - mean
        intercept += mean
        pairs[a, b] = table - of_a[:, None] - of_b[None, :] + mean
    for j, share in enumerate(shares):
        mean = float(mains[j] @ share)
        mains[j] -= mean
        intercept += mean
    return Additive(intercept, tuple(mains), pairs)


def blended(models: Sequence[Additive]) -> Additive:
    """Return the mean of several models, which is again a sum of tables.

    Examples
    --------
    >>> one = Additive(1.0, (np.array([0.0, 2.0]),), {})
    >>> blended([one, Additive(0.0, (np.array([0.0, 0.0]),), {})]).mains[0].tolist()
    [0.0, 1.0]
    """
    n = len(models)
    mains = tuple(np.sum(tables, axis=0) / n for tables in zip(*(one.mains for one in models), strict=True))
    pairs: dict[Pair, Floats] = {}
    for model in models:
        for key, table in model.pairs.items():
            pairs[key] = pairs.get(key, 0.0) + table / n
    return Additive(sum(model.intercept for model in models) / n, mains, pairs)


def scaled(model: Additive, slope: float, offset: float) -> Additive:
    """Return ``slope`` × the model + ``offset``: what calibration by Platt does to the log-odds.

    Examples
    --------
    >>> scaled(Additive(1.0, (np.array([0.0, 1.0]),), {}), 2.0, 0.5).intercept
    2.5
    """
    return Additive(
        model.intercept * slope + offset,
        tuple(table * slope for table in model.mains),
        {key: table * slope for key, table in model.pairs.items()},
    )
