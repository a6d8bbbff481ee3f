"""Comments that are nearly the same: copies, campaigns, floods by machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Bools, Floats, Ints
from voiceloop.analytics.text.search.script import spell
from voiceloop.analytics.text.search.terms import HAN, WORD

# Two comments are one when they share this part of their runs of four characters (Jaccard).
LIKENESS = 0.6
SHINGLE = 4
# 8 bands of 3: of pairs at a likeness of .6 86 % meet, of pairs at .3 20 %, which are then compared exactly.
BANDS, ROWS = 8, 3
# Short praise is the same in many mouths without being copied: our choice of what is a text of its own.
SHORT = 8
# So many copies are a flood.
FLOOD = 10
_SEED = 20_261_122
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_CHUNK = 50_000

Hashes = npt.NDArray[np.uint64]


class Flood(NamedTuple):
    """Many copies of one text: the number of the first, how many, and the days between which they came."""

    text: int
    n: int
    since: date | datetime | None
    until: date | datetime | None


class Duplicates(NamedTuple):
    """``group`` names for each text the first text that is nearly the same, itself where there is none."""

    group: Ints

    @property
    def is_first(self) -> Bools:
        """Whether each text is the first of its group; counted once each, copies weigh nothing."""
        return np.asarray(self.group == np.arange(len(self.group)))

    @property
    def sizes(self) -> Ints:
        """Of each text how many are nearly the same, itself included."""
        return np.asarray(np.bincount(self.group, minlength=len(self.group))[self.group])

    def members(self, text: int) -> Ints:
        """The texts that are nearly the same as ``text``."""
        return np.flatnonzero(self.group == self.group[text])

    def floods(self, at: Sequence[date | datetime] | None = None, least: int = FLOOD) -> list[Flood]:
        """Groups of at least ``least``, the largest first."""
        n = np.bincount(self.group, minlength=len(self.group))
        found = [int(first) for first in np.argsort(-n, kind="stable") if n[first] >= least]
        return [Flood(first, int(n[first]), *self._days(first, at)) for first in found]

    def _days(self, first: int, at: Sequence[Any] | None) -> tuple[Any, Any]:
        if at is None:
            return None, None
        days = [at[member] for member in self.members(first)]
        return min(days), max(days)


def duplicates(texts: Sequence[str], *, likeness: float = LIKENESS) -> Duplicates:
    """Group texts that are nearly the same; what is like a copy of a copy is of the same group.

    Parameters
    ----------
    texts : sequence of str
        Any strings. Case, width, script, spaces and punctuation do not count.
    likeness : float
        Jaccard index of runs of four characters from which two texts are one.

    Returns
    -------
    Duplicates
        MinHash with bands (Broder 1997), candidates compared exactly; a pair that shares no band is not
        looked at. Texts of fewer than eight characters are of one group only when they are equal.

    Examples
    --------
    >>> copies = ["收到货了，质量非常好，下次还来买", "收到货了!质量非常好!下次还来买!"]
    >>> found = duplicates([*copies, "快递太慢了等了一周"])
    >>> found.group.tolist()
    [0, 0, 2]
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    pairs = [_pairs(texts, likeness)] if texts else []
    left, right = pairs[0] if pairs else (np.zeros(0, np.int64),) * 2
    n = len(texts)
    links = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(n, n))
    label = connected_components(links, directed=False)[1] if n else np.zeros(0, np.int64)
    first = np.full(int(label.max(initial=-1)) + 1, n)
    np.minimum.at(first, label, np.arange(n))
    return Duplicates(np.asarray(first[label], dtype=np.int64))


def _pairs(texts: Sequence[str], likeness: float) -> tuple[Ints, Ints]:
    shingles, starts = _shingles(texts)
    signature = _signature(shingles, starts)
    left, right = _candidates(signature)
    near = (signature[left] == signature[right]).mean(axis=1) >= likeness - 0.25
    left, right = left[near], right[near]
    sure = _exact(shingles, starts, left, right) >= likeness
    return left[sure], right[sure]


def _shingles(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The distinct runs of four letters of each text, and where they begin; a short text is one run."""
    codes, begin = spell(texts)
    is_letter = HAN[codes] | WORD[codes]
    text = np.repeat(np.arange(len(texts)), np.diff(begin))
    length = np.bincount(text[is_letter], minlength=len(texts))
    # A text without letters is its symbols.
    is_letter |= (length == 0)[text] & (codes > 0x20)
    letters, text = codes[is_letter].astype(np.uint64), text[is_letter]
    length = np.bincount(text, minlength=len(texts))
    first = np.cumsum(length) - length
    hashes = _rolled(letters)
    whole = _whole(letters, first, length)
    at = np.arange(len(letters))
    fits = (at - first[text] + SHINGLE <= length[text]) & (length[text] >= SHORT)
    rows = np.concatenate([text[fits], np.flatnonzero(length < SHORT)])
    values = np.concatenate([hashes[fits], whole[length < SHORT]])
    order = np.lexsort((values, rows))
    rows, values = rows[order], values[order]
    fresh = np.ones(len(rows), dtype=np.bool_)
    fresh[1:] = (rows[1:] != rows[:-1]) | (values[1:] != values[:-1])
    rows, values = rows[fresh], values[fresh]
    return values, np.searchsorted(rows, np.arange(len(texts) + 1))


def _rolled(codes: Hashes) -> Hashes:
    found = np.zeros(len(codes), dtype=np.uint64)
    for step in range(SHINGLE):
        shifted = np.zeros(len(codes), dtype=np.uint64)
        shifted[: max(len(codes) - step, 0)] = codes[step:]
        found = (found ^ shifted) * _PRIME
        found ^= found >> np.uint64(32)
    return found


def _whole(codes: Hashes, first: Ints, length: Ints) -> Hashes:
    """One hash of each short text; empty ones are never equal."""
    found = np.arange(len(first), dtype=np.uint64) * _PRIME
    for step in range(SHORT):
        has = (length > step) & (length < SHORT)
        old = found[has] if step else np.zeros(int(has.sum()), np.uint64)
        found[has] = (old ^ codes[first[has] + step]) * _PRIME
        found[has] ^= found[has] >> np.uint64(29)
    return found


def _signature(shingles: Hashes, starts: Ints) -> npt.NDArray[np.uint32]:
    """The smallest of each text's runs under `BANDS` × `ROWS` orders."""
    factors = np.random.default_rng(_SEED).integers(1, 1 << 63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    found = np.zeros((len(starts) - 1, len(factors)), dtype=np.uint32)
    for column, factor in enumerate(factors):
        ordered = ((shingles * factor) >> np.uint64(32)).astype(np.uint32)
        found[:, column] = np.minimum.reduceat(ordered, starts[:-1]) if len(ordered) else 0
    return found


def _candidates(signature: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Neighbours, and first and each, of those that share a band."""
    found: list[Ints] = []
    for band in range(BANDS):
        part = signature[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        key = ((part[:, 0] * _PRIME) ^ part[:, 1]) * _PRIME ^ part[:, 2]
        order = np.argsort(key, kind="stable")
        same = key[order][1:] == key[order][:-1]
        found.append(np.stack([order[:-1][same], order[1:][same]]))
        begin = np.maximum.accumulate(np.where(np.concatenate(([True], ~same)), np.arange(len(order)), 0))
        found.append(np.stack([order[begin[1:][same]], order[1:][same]]))
    pairs = np.unique(np.concatenate(found, axis=1), axis=1)
    return pairs[0], pairs[1]


def _exact(shingles: Hashes, starts: Ints, left: Ints, right: Ints) -> Floats:
    """The Jaccard index of pairs of texts."""
    size = np.diff(starts)
    parts = [_shared(shingles, starts, left[one], right[one]) for one in _slices(len(left))]
    both = np.concatenate(parts) if parts else np.zeros(0)
    return np.asarray(both / np.maximum(size[left] + size[right] - both, 1))


def _slices(n: int) -> Iterator[slice]:
    for first in range(0, n, _CHUNK):
        yield slice(first, first + _CHUNK)


def _shared(shingles: Hashes, starts: Ints, left: Ints, right: Ints) -> Floats:
    """How many runs both texts of each pair have: equal neighbours once both are sorted together."""
    pair, value = [], []
    for side in (left, right):
        n = starts[side + 1] - starts[side]
        first = np.repeat(starts[side] - np.cumsum(n) + n, n)
        pair.append(np.repeat(np.arange(len(side)), n))
        value.append(shingles[first + np.arange(int(n.sum()))])
    pairs, values = np.concatenate(pair), np.concatenate(value)
    order = np.lexsort((values, pairs))
    pairs, values = pairs[order], values[order]
    equal = (values[1:] == values[:-1]) & (pairs[1:] == pairs[:-1])
    return np.bincount(pairs[1:][equal], minlength=len(left)).astype(np.float64)
