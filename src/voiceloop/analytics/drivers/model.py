"""One regression of an outcome on drivers and context, with the pull of each row on everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.columns import Column
from voiceloop.analytics.drivers.moments import Moments, moments
from voiceloop.analytics.drivers.shapley import regression

Array = npt.NDArray[np.float64]
FOLDS, RIDGE = 5, 1e-3


@dataclass(frozen=True, eq=False)
class Model:
    """Columns coded for a regression; the outcome is column 0 of `moments`.

    Attributes
    ----------
    names : tuple of (column, level)
        Of each coded column after the outcome.
    groups : tuple of tuple of int
        Positions of each driver's coded columns in `moments`.
    always : tuple of int
        Positions of the context's.
    rows : (n,) array of int
        Which rows of the input are in.
    """

    moments: Moments
    names: tuple[tuple[str, str], ...]
    groups: tuple[tuple[int, ...], ...]
    always: tuple[int, ...]
    rows: npt.NDArray[np.int64]

    @cached_property
    def columns(self) -> list[int]:
        return list(range(1, len(self.names) + 1))

    @cached_property
    def beta(self) -> Array:
        """Standardised coefficients (q,); zero at the outcome."""
        return regression(self.moments.repaired, self.columns)

    @cached_property
    def scale(self) -> Array:
        """From standardised coefficients to units of the outcome per unit of a column."""
        sd = self.moments.sd
        return np.asarray(sd[0] / np.where(sd > 0, sd, np.inf))

    @cached_property
    def coefficients(self) -> Array:
        return self.beta * self.scale

    @cached_property
    def pull(self) -> Array:
        """Influence of each row on `coefficients`, (n, q): the basis of sandwich intervals (White 1980)."""
        return self.pull_on(self.beta, 0)

    @cached_property
    def spread(self) -> Array:
        """Covariance (q, q) of `coefficients`."""
        return self.moments.spread(self.pull)

    @cached_property
    def _inverse(self) -> Array:
        at = self.columns
        inverse = np.linalg.pinv(self.moments.repaired[np.ix_(at, at)], rcond=1e-9, hermitian=True)
        return np.asarray(inverse, dtype=np.float64)

    def pull_on(self, beta: Array, outcome: int) -> Array:
        """Influence of each row on the coefficients of a regression of column `outcome`."""
        weights = np.tile(-beta, (len(beta), 1))
        weights[:, outcome] = 1.0
        scores = self.moments.scores(weights)[:, 1:]
        found = np.zeros((len(scores), len(beta)))
        found[:, 1:] = scores @ self._inverse
        n, k = self.moments.n_clusters, len(self.columns)
        # HC1: a model of many columns leaves too little of few rows.
        return np.asarray(found * self.scale * np.sqrt(n / max(n - k - 1, 1)))

    def cross_validated(self) -> float:
        """R² on rows that the coefficients were not taken from; empty cells count as average."""
        m = self.moments
        fold = np.random.default_rng(7).permutation(m.n_clusters)[m.cluster] % FOLDS
        error = 0.0
        z, w, at = m.z, m.w, self.columns
        whole = (z * w[:, None]).T @ z
        for one in range(FOLDS):
            out = fold == one
            part = (z[out] * w[out, None]).T @ z[out]
            rest = whole - part
            # A whiff of ridge: a rare level may be missing in four of five parts.
            ridge = RIDGE * float(w.sum()) * np.eye(len(at))
            b = np.linalg.solve(rest[np.ix_(at, at)] + ridge, rest[at, 0])
            error += float(w[out] @ (z[out, 0] - z[out][:, at] @ b) ** 2)
        return 1 - error / float(w @ z[:, 0] ** 2)


def model(
    y: Array,
    drivers: Sequence[Column],
    context: Sequence[Column] = (),
    *,
    weights: Array | None = None,
    cluster: Any = None,
    handled: str = "",
) -> Model:
    """Return the regression of ``y`` on columns.

    Examples
    --------
    >>> from voiceloop.analytics.drivers.columns import column
    >>> x = np.array([1.0, 2, 3, 4, 5] * 5)
    >>> found = model(10 + 3 * x, [column("speed", x)])
    >>> found.coefficients.round(6).tolist()
    [0.0, 3.0]
    """
    blocks, groups = [y[:, None]], []
    names: list[tuple[str, str]] = []
    for one in (*drivers, *context):
        coded, levels = one.coded()
        groups.append(tuple(range(len(names) + 1, len(names) + 1 + coded.shape[1])))
        names += [(one.name, level) for level in levels]
        blocks.append(coded)
    columns = np.concatenate(blocks, axis=1)
    w = np.ones(len(y)) if weights is None else np.nan_to_num(np.asarray(weights, float))
    made = moments(columns, w, cluster, handled=handled)
    keep = ~np.isnan(y) & (w > 0)
    if made.handled == "listwise":
        keep &= ~np.isnan(columns).any(axis=1)
    p = len(drivers)
    always = tuple(at for group in groups[p:] for at in group)
    return Model(made, tuple(names), tuple(groups[:p]), always, np.flatnonzero(keep))
