"""The sums of many groups, column by column: what an engine returns, merged from several pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from voiceloop.analytics.stats.parts import Parts, merged_bins

Columns = Mapping[str, Any]

_SUMS = ("n", "weight", "weight_squares", "total", "squares", "cross")


@dataclass(frozen=True)
class Groups:
    """Some groups: the columns of their keys, and their sums in arrays.

    Attributes
    ----------
    keys : mapping of str to list
        Name of a key → its value in each group; without keys there is one group.
    parts : Parts
        Of as many groups.
    """

    keys: Mapping[str, list[Any]]
    parts: Parts

    def __len__(self) -> int:
        return len(self.parts.n)

    def take(self, which: Sequence[int]) -> Groups:
        """Return some groups, in the order of ``which``."""
        keys = {name: [column[i] for i in which] for name, column in self.keys.items()}
        return Groups(keys, self.parts.take(np.asarray(which, dtype=np.intp)))

    def where(self, name: str, value: Any) -> Groups:
        """Return the groups with one value of a key, without that key."""
        chosen = self.take([i for i, found in enumerate(self.keys[name]) if found == value])
        return Groups({key: column for key, column in chosen.keys.items() if key != name}, chosen.parts)

    def mapped(self, name: str, change: Callable[[Any], Any]) -> Groups:
        """Return the groups with a key changed, for instance a month into its quarter, and merged."""
        seen: dict[Any, Any] = {}
        column = [
            seen[value] if value in seen else seen.setdefault(value, change(value))
            for value in self.keys[name]
        ]
        changed = Groups({**self.keys, name: column}, self.parts)
        # As many values as before: no two groups have become one.
        return changed if len(set(seen.values())) == len(seen) else merged([changed])


def from_columns(columns: Columns, keys: Sequence[str], hits: Sequence[float] | None) -> Groups:
    """Return the groups that the rows of `plan.sums` describe.

    Parameters
    ----------
    columns : mapping
        Name → array, as an engine returns them; masked where NULL.
    keys : sequence of str
        Names of the keys, in order; ``bin`` is none of them.
    hits : sequence of float, optional
        What the rows counted under ``h0``, ``h1`` … are worth.
    """
    n = _numbers(columns["n"])
    weight = _numbers(columns["w"]) if "w" in columns else n
    squared = _numbers(columns["ww"]) if "ww" in columns else n
    if hits is None:
        total, squares = _numbers(columns["t"]), _numbers(columns["s"])
    else:
        counts = [_numbers(columns[f"h{i}"]) for i in range(len(hits))]
        nothing = np.zeros(len(n))
        total = sum((value * count for value, count in zip(hits, counts, strict=True)), nothing)
        squares = sum((value * value * count for value, count in zip(hits, counts, strict=True)), nothing)
    cross = _numbers(columns["c"]) if "c" in columns else np.zeros(len(n))
    clusters: Any = (
        tuple(_numbers(columns[name]) for name in ("m", "cw", "cx", "cc")) if "m" in columns else None
    )
    bins = (
        tuple(((int(at), float(of)),) for at, of in zip(columns["bin"].tolist(), weight, strict=True))
        if "bin" in columns
        else ()
    )
    parts = Parts(n, weight, squared, total, squares, cross, clusters, bins)
    found = Groups({name: _values(columns[name]) for name in keys}, parts)
    found = Groups(found.keys, parts) if (n > 0).all() else found.take(np.flatnonzero(n > 0).tolist())
    return merged([found]) if "bin" in columns else found


def merged(pieces: Sequence[Groups]) -> Groups:
    """Return the groups of all pieces, those with equal keys added up.

    Examples
    --------
    >>> columns = {"k0": np.array(["a", "b"]), "n": np.array([1, 2]), "h0": np.array([1, 0])}
    >>> one = from_columns(columns, ["k0"], [1])
    >>> both = merged([one, one])
    >>> both.keys, both.parts.n.tolist(), both.parts.total.tolist()
    ({'k0': ['a', 'b']}, [2.0, 4.0], [2.0, 0.0])
    """
    names = list(pieces[0].keys)
    columns = [[value for piece in pieces for value in piece.keys[name]] for name in names]
    index: dict[tuple[Any, ...], int] = {}
    size = sum(len(piece) for piece in pieces)
    tuples = zip(*columns, strict=True) if names else ((),) * size
    place = np.fromiter((index.setdefault(key, len(index)) for key in tuples), dtype=np.intp, count=size)

    def added(amounts: Sequence[Any]) -> Any:
        return np.bincount(place, weights=np.concatenate(amounts), minlength=len(index)).astype(float)

    sums = [added([_array(piece, name) for piece in pieces]) for name in _SUMS]
    clusters: Any = None
    if any(piece.parts.clusters for piece in pieces):
        clusters = tuple(
            added([(piece.parts.clusters or (np.zeros(len(piece)),) * 4)[i] for piece in pieces])
            for i in range(4)
        )
    keys = (
        dict(zip(names, (list(column) for column in zip(*index, strict=True)), strict=False)) if index else {}
    )
    keys = keys or {name: [] for name in names}
    named: dict[str, Any] = dict(zip(_SUMS, sums, strict=True))
    bins = _bins(pieces, place, len(index))
    return Groups(keys, Parts(**named, clusters=clusters, bins=bins))


def _array(piece: Groups, name: str) -> Any:
    amounts = getattr(piece.parts, name)
    return amounts if np.ndim(amounts) else np.zeros(len(piece))


def _bins(pieces: Sequence[Groups], place: Any, size: int) -> Any:
    if not any(piece.parts.bins for piece in pieces):
        return ()
    found: list[list[Any]] = [[] for _ in range(size)]
    # A period without rows has no histogram.
    histograms = (histogram for piece in pieces for histogram in piece.parts.bins or ((),) * len(piece))
    for at, histogram in zip(place.tolist(), histograms, strict=True):
        found[at].append(histogram)
    return tuple(merged_bins(histograms) for histograms in found)


def _numbers(column: Any) -> Any:
    return np.ma.filled(np.ma.asarray(column).astype(float), 0.0)


def _values(column: Any) -> list[Any]:
    """Keys as Python values, None where unknown; days as dates."""
    if column.dtype.kind == "M":
        column = column.astype("datetime64[D]")
    values: list[Any] = column.tolist()
    return values
