"""How columns vary together, with gaps, weights and clusters, and how much each row has to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Our choice: rows with a gap are left out while that costs no more than a fifth of them.
LISTWISE_KEEPS = 0.8
# An eigenvalue of a correlation matrix below this is noise of pairwise gaps, or a column written twice.
SMALLEST = 1e-6
# Our choice: what chance alone brings about in some hundred rows.
CONTRADICTION = -0.05
# Our choice: figures rest on all rows, but so many tell their spread to within a percent.
ENOUGH_ROWS = 25_000
LEAST_TOGETHER = 30


@dataclass(frozen=True)
class Thin:
    """Rows of `Moments`, all or a sample, and how many of it each stands for."""

    z: Array
    known: Array
    w: Array
    cluster: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    scale: float


@dataclass(frozen=True)
class Moments:
    """Standardised columns and their correlations, the outcome first.

    Attributes
    ----------
    z : (n, q) array
        Centred and scaled to variance one; zero where the cell is empty.
    known : (n, q) array
        One where the cell is known, zero where it is empty.
    w : (n,) array
        Weights with mean one.
    r : (q, q) array
        Correlations: of all rows, or of the rows that know both columns.
    both : (q, q) array
        Share of the weight of the rows that know both columns.
    mean, sd : (q,) arrays
        In the columns' own units.
    cluster : (n,) array of int
        Rows of one cluster are alike.
    handled : str
        'complete', 'listwise' or 'pairwise'.
    """

    z: Array
    known: Array
    w: Array
    r: Array
    both: Array
    mean: Array
    sd: Array
    cluster: npt.NDArray[np.int64]
    handled: str

    @cached_property
    def n(self) -> int:
        """Rows."""
        return len(self.w)

    @cached_property
    def n_clusters(self) -> int:
        return int(self.cluster.max(initial=-1)) + 1

    @cached_property
    def effective_n(self) -> float:
        """Rows that equal weights would need to know as much; with gaps, of the typical pair of columns."""
        worth = self.w.sum() ** 2 / (self.w**2).sum()
        return float(worth * np.median(np.minimum(self.both, 1.0)))

    @property
    def contradiction(self) -> bool:
        """Whether pairs of different rows say what no rows could say together."""
        return self.handled == "pairwise" and bool(np.linalg.eigvalsh(self.r)[0] < CONTRADICTION)

    @cached_property
    def repaired(self) -> Array:
        """The correlations as a matrix that real data could have: pairs of different rows may contradict."""
        if self.handled != "pairwise":
            return self.r
        values, vectors = np.linalg.eigh(self.r)
        if values[0] > SMALLEST:
            return self.r
        made = (vectors * np.maximum(values, SMALLEST)) @ vectors.T
        scale = np.sqrt(np.diag(made))
        return np.asarray(made / np.outer(scale, scale))

    @cached_property
    def thin(self) -> Thin:
        """The rows whose pull is looked at: all, or whole clusters drawn until there are enough of them."""
        if self.n <= ENOUGH_ROWS:
            return Thin(self.z, self.known, self.w, self.cluster, np.arange(self.n), 1.0)
        some = max(int(self.n_clusters * ENOUGH_ROWS / self.n), min(self.n_clusters, 200))
        drawn = np.random.default_rng(7).permutation(self.n_clusters) < some
        rows = np.flatnonzero(drawn[self.cluster])
        return Thin(
            self.z[rows], self.known[rows], self.w[rows], self.cluster[rows], rows, self.n_clusters / some
        )

    def influence(self, gradients: Array) -> Array:
        """Return the influence of each row of `thin` on statistics of the correlations (Hampel 1974).

        Parameters
        ----------
        gradients : (k, q, q) array
            Derivative of each statistic by the covariances of the scaled columns.

        Returns
        -------
        (n, k) array
        """
        z, known = self.thin.z, self.thin.known
        found = np.empty((len(z), len(gradients)))
        for at, gradient in enumerate(gradients):
            by = gradient / self.both
            found[:, at] = np.einsum("ia,ia->i", z @ by, z)
            if self.handled == "pairwise":
                found[:, at] -= np.einsum("ia,ia->i", known @ (by * self.r), known)
            else:
                found[:, at] -= float((gradient * self.r).sum())
        return found

    def scores(self, weights: Array) -> Array:
        """Return the pull (n, q) of each row of `thin` on a regression, for ``weights`` (q,): 1 at the
        outcome, −b elsewhere."""
        z, known = self.thin.z, self.thin.known
        by = np.asarray(weights / self.both)
        if self.handled == "pairwise":
            return np.asarray(z * (z @ by.T) - known * (known @ (by * self.r).T))
        return np.asarray(z * (z @ by.T) - (by * self.r).sum(axis=1))

    def spread(self, influence: Array) -> Array:
        """Return the covariance of statistics with these influences of the rows of `thin`."""
        thin = self.thin
        pulled = _by_cluster(influence * thin.w[:, None], thin.cluster, self.n_clusters)
        n = self.n_clusters
        return np.asarray(pulled.T @ pulled * thin.scale / self.w.sum() ** 2 * (n / max(n - 1, 1)))


def spread(influence: Array, w: Array, cluster: npt.NDArray[np.int64]) -> Array:
    """Return the covariance (k, k) of weighted means whose rows pull like ``influence`` (n, k).

    Examples
    --------
    >>> x = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    >>> round(float(spread(x, np.ones(4), np.arange(4))[0, 0]), 4)
    0.3333
    """
    n = int(cluster.max(initial=-1)) + 1
    pulled = _by_cluster(influence * w[:, None], cluster, n)
    return np.asarray(pulled.T @ pulled / w.sum() ** 2 * (n / max(n - 1, 1)))


def _by_cluster(pulled: Array, cluster: npt.NDArray[np.int64], n: int) -> Array:
    if n == len(pulled):
        return pulled
    return np.stack([np.bincount(cluster, weights=column, minlength=n) for column in pulled.T], axis=1)


def moments(
    columns: Array, weights: Array | None = None, cluster: Any = None, *, handled: str = ""
) -> Moments:
    """Return how the columns of a matrix vary together.

    Parameters
    ----------
    columns : (n, q) array
        NaN where empty; the first column is the outcome. Rows without outcome are left out.
    weights : (n,) array, optional
        Not negative.
    cluster : (n,) array, optional
        What rows that hang together have in common.
    handled : {'', 'listwise', 'pairwise'}
        What is done about gaps; '' leaves rows out while that costs a fifth of them at most.

    Examples
    --------
    >>> found = moments(np.array([[1.0, 2.0], [2.0, 4.1], [3.0, np.nan], [4.0, 8.0]]), handled="listwise")
    >>> found.n, found.handled
    (3, 'listwise')
    """
    columns, w, groups = _with_outcome(columns, weights, cluster)
    known = ~np.isnan(columns)
    whole = known.all(axis=1)
    if whole.all():
        handled = "complete"
    elif handled != "pairwise" and (handled == "listwise" or w[whole].sum() >= LISTWISE_KEEPS * w.sum()):
        columns, w, groups, known, handled = columns[whole], w[whole], groups[whole], known[whole], "listwise"
    else:
        handled = "pairwise"
    return _made(columns, known.astype(float), w / max(w.mean(), 1e-300), groups, handled)


def _with_outcome(columns: Array, weights: Array | None, cluster: Any) -> tuple[Array, Array, Any]:
    w = np.ones(len(columns)) if weights is None else np.nan_to_num(np.asarray(weights, float))
    groups = np.arange(len(columns)) if cluster is None else np.asarray(cluster)
    keep = ~np.isnan(columns[:, 0]) & (w > 0)
    return columns[keep], w[keep], groups[keep]


def _made(columns: Array, known: Array, w: Array, groups: Any, handled: str) -> Moments:
    filled = np.where(known > 0, columns, 0.0)
    weight = w @ known
    mean = (w @ filled) / np.maximum(weight, 1e-300)
    z = (filled - mean) * known
    sd = np.sqrt((w @ z**2) / np.maximum(weight, 1e-300))
    z = z / np.where(sd > 0, sd, 1.0)
    together = (known * w[:, None]).T @ known
    r = ((z * w[:, None]).T @ z) / np.maximum(together, 1e-300)
    scale = np.sqrt(np.maximum(np.diag(r), 1e-300))
    r = np.clip(r / np.outer(scale, scale), -1.0, 1.0)
    code = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    # What is hardly ever known together says nothing about going together: it is taken not to.
    strangers = known.T @ known < LEAST_TOGETHER
    np.fill_diagonal(strangers, False)
    if handled == "pairwise":
        r = np.where(strangers, 0.0, r)
    both = np.where(strangers, np.inf, together / max(w.sum(), 1e-300))
    return Moments(z, known, w, r, both, mean, sd, code, handled)


def spread_of_mean(values: Array, w: Array) -> tuple[float, float]:
    """Return a weighted mean and its variance; both zero where there is no row.

    Examples
    --------
    >>> spread_of_mean(np.array([1.0, 3.0]), np.ones(2))
    (2.0, 1.0)
    """
    n = len(values)
    if n == 0:
        return 0.0, 0.0
    mean = float(w @ values / w.sum())
    return mean, float(w**2 @ (values - mean) ** 2 / w.sum() ** 2 * (n / max(n - 1, 1)))
