"""Counts how often each row has occurred in a file of any length, in memory that the disk backs."""

from __future__ import annotations

import tempfile

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]

# A hash of all zeros marks a free place.
_FREE = np.uint64(0)


class Seen:
    """A table of 64-bit hashes in a scratch file; it doubles when it is half full.

    Two different rows of ten million share a hash with a chance of 3 in a million; the second one is then
    taken for a repetition, which only numbers it higher.
    """

    def __init__(self, places: int = 1 << 16) -> None:
        self._open(places)

    def _open(self, places: int) -> None:
        # TRICKY: the maps keep the file's bytes after it is closed, and nobody else can see it.
        with tempfile.TemporaryFile() as file:
            file.truncate(places * 12)
            self._hashes = np.memmap(file, np.uint64, "r+", 0, (places,))
            self._counts = np.memmap(file, np.uint32, "r+", places * 8, (places,))
        self._mask, self._used = np.uint64(places - 1), 0

    def number(self, hashes: Hashes) -> Counts:
        """For each hash, how many times it came before: in earlier calls and earlier in this one."""
        hashes = np.where(hashes == _FREE, np.uint64(1), hashes)
        different, first, repeated = np.unique(hashes, return_inverse=True, return_counts=True)
        while 2 * (self._used + len(different)) > len(self._hashes):
            self._grow()
        places = self._places(different)
        before = self._counts[places].astype(np.int64)
        self._counts[places] += repeated.astype(np.uint32)
        return before[first] + _rank_within(first, len(different))

    def _places(self, hashes: Hashes) -> npt.NDArray[np.intp]:
        """Where each of these different hashes stands, taking free places for new ones."""
        places = np.empty(len(hashes), np.intp)
        waiting = np.arange(len(hashes))
        step = np.uint64(0)
        while len(waiting):
            wanted = ((hashes[waiting] + step) & self._mask).astype(np.intp)
            free = self._hashes[wanted] == _FREE
            self._hashes[wanted[free]] = hashes[waiting[free]]
            # TRICKY: of two that wanted one free place the later write stands; the other one goes on.
            mine = self._hashes[wanted] == hashes[waiting]
            self._used += int((mine & free).sum())
            places[waiting[mine]] = wanted[mine]
            waiting, step = waiting[~mine], step + np.uint64(1)
        return places

    def _grow(self) -> None:
        held = np.flatnonzero(self._hashes)
        hashes, counts = np.array(self._hashes[held]), np.array(self._counts[held])
        self._open(2 * (int(self._mask) + 1))
        self._counts[self._places(hashes)] = counts


def _rank_within(groups: npt.NDArray[np.intp], n_groups: int) -> Counts:
    """For each element, how many of its group came before it."""
    order = np.argsort(groups, kind="stable")
    starts = np.zeros(n_groups, np.int64)
    sizes = np.bincount(groups, minlength=n_groups)
    starts[1:] = np.cumsum(sizes)[:-1]
    ranks = np.empty(len(groups), np.int64)
    ranks[order] = np.arange(len(groups)) - starts[groups[order]]
    return ranks
