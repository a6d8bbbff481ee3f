"""The sums to which every metric reduces, and which merge over any grouping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from voiceloop.analytics.stats.clusters import cluster_effective_n

# A float, or an array of floats with one for each of many groups: the formulas are the same.
Amount = Any

Bins = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """Count, weights, total and squares of the values x of some rows; of one group, or of many in arrays.

    Attributes
    ----------
    n : int or array
        Number of rows.
    weight, weight_squares : float or array
        Σw and Σw²; both equal ``n`` when unweighted. Of a ratio: Σd and Σd² of what it is divided by.
    total, squares : float or array
        Σwx and Σwx².
    cross : float or array
        Σxd of a ratio.
    clusters : tuple, optional
        Number of clusters c, Σ W², Σ W·X and Σ X² with the sums W = Σw and X = Σwx of each.
    bins : tuple
        Of a duration: (bin, weight) pairs of its histogram (`stats.histogram`); for many groups one
        such tuple each.

    Examples
    --------
    >>> (Parts.of([1, 0, -1]) + Parts.of([1])).mean
    0.25
    """

    n: Amount = 0
    weight: Amount = 0.0
    weight_squares: Amount = 0.0
    total: Amount = 0.0
    squares: Amount = 0.0
    cross: Amount = 0.0
    clusters: tuple[Amount, Amount, Amount, Amount] | None = None
    bins: Any = ()

    @classmethod
    def of(cls, values: Sequence[float], weights: Sequence[float] | None = None) -> Parts:
        """Return the sums of some values."""
        pairs = list(zip(values, weights or [1.0] * len(values), strict=True))
        return cls(
            len(pairs),
            float(sum(w for _, w in pairs)),
            float(sum(w * w for _, w in pairs)),
            float(sum(w * x for x, w in pairs)),
            float(sum(w * x * x for x, w in pairs)),
        )

    @classmethod
    def of_share(cls, n: int, hits: float) -> Parts:
        """Return the sums of ``n`` rows of which ``hits`` are 1 and all others 0.

        Examples
        --------
        >>> Parts.of_share(4, 1) == Parts.of([1.0, 0.0, 0.0, 0.0])
        True
        """
        return cls(n, float(n), float(n), float(hits), float(hits))

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.n + other.n,
            self.weight + other.weight,
            self.weight_squares + other.weight_squares,
            self.total + other.total,
            self.squares + other.squares,
            self.cross + other.cross,
            _added(self.clusters, other.clusters),
            merged_bins((self.bins, other.bins)) if self.bins and other.bins else self.bins or other.bins,
        )

    def __iter__(self) -> Iterator[Parts]:
        """Yield the sums of each group of many."""
        for i in range(len(self.n)):
            yield self.at(i)

    def at(self, i: int) -> Parts:
        """Return the sums of one group of many."""
        arrays = (getattr(self, name) for name in _FLOATS)
        numbers = [float(array[i]) if np.ndim(array) else 0.0 for array in arrays]
        clusters: Any = None if self.clusters is None else tuple(float(part[i]) for part in self.clusters)
        named = dict(zip(_FLOATS, numbers, strict=True))
        bins = self.bins[i] if self.bins else ()
        return Parts(int(self.n[i]), **named, clusters=clusters, bins=bins)

    def take(self, which: Any) -> Parts:
        """Return the sums of some groups of many, by index or mask."""
        taken = {name: getattr(self, name)[which] for name in _FLOATS if np.ndim(getattr(self, name))}
        clusters: Any = None if self.clusters is None else tuple(part[which] for part in self.clusters)
        bins = tuple(self.bins[i] for i in np.arange(len(self.n))[which].tolist()) if self.bins else ()
        return Parts(self.n[which], **taken, clusters=clusters, bins=bins)

    @property
    def mean(self) -> float | None:
        """Weighted mean of the values of one group, None without any weight."""
        return float(self.total / self.weight) if self.weight > 0 else None

    @property
    def means(self) -> Amount:
        """The same of one or many groups; NaN without any weight."""
        return divided(self.total, self.weight)

    @property
    def effective_n(self) -> Amount:
        """Number of equally weighted, independent rows that would be as informative.

        (Σw)² / Σw²: Kish, Survey Sampling (1965), section 11.7; with clusters their own variance.
        """
        kish = np.nan_to_num(divided(self.weight * self.weight, self.weight_squares))[()]
        if self.clusters is None:
            return kish
        if np.ndim(self.n):
            return np.array([one.effective_n for one in self])
        c, ww, wx, xx = self.clusters
        return min(
            cluster_effective_n(int(c), self.weight, self.total, self.squares, ww, wx, xx), float(kish)
        )

    def with_pseudo(self, pseudo: tuple[tuple[float, float], ...]) -> tuple[Amount, Amount, Amount]:
        """Return (n, mean, variance) after adding pseudo-answers to the effective sample.

        Parameters
        ----------
        pseudo : tuple of (count, value)
            Fractions of answers and the value each would have had.
        """
        n = self.effective_n
        share = np.nan_to_num(divided(n, self.weight))[()]
        size = n + sum(count for count, _ in pseudo)
        mean = divided(self.total * share + sum(count * x for count, x in pseudo), size)
        square = divided(self.squares * share + sum(count * x * x for count, x in pseudo), size)
        return size, mean, np.maximum(square - mean * mean, 0.0)


_FLOATS = tuple(field.name for field in fields(Parts) if field.name not in ("n", "clusters", "bins"))


def divided(a: Amount, b: Amount) -> Amount:
    """Return a / b, NaN where b is not above zero.

    Examples
    --------
    >>> float(divided(1, 2)), bool(np.isnan(divided(1, 0)))
    (0.5, True)
    """
    shape = np.broadcast_shapes(np.shape(a), np.shape(b))
    return np.divide(a, b, out=np.full(shape, np.nan), where=np.asarray(b) > 0)[()]


def merged_bins(histograms: Iterable[Bins]) -> Bins:
    """Return the histogram of all rows of several.

    Examples
    --------
    >>> merged_bins([((1, 2.0),), ((1, 1.0), (3, 1.0))])
    ((1, 3.0), (3, 1.0))
    """
    counts: dict[int, float] = {}
    for histogram in histograms:
        for at, weight in histogram:
            counts[at] = counts.get(at, 0.0) + weight
    return tuple(sorted(counts.items()))


def _added(
    a: tuple[Amount, Amount, Amount, Amount] | None, b: tuple[Amount, Amount, Amount, Amount] | None
) -> tuple[Amount, Amount, Amount, Amount] | None:
    if a is None or b is None:
        return a or b
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3])
