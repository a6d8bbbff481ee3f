"""All occurrences of some thousand phrases in a whole batch at once: every position walks one trie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.clean import ALPHABET, Codes, fold

Hashes = npt.NDArray[np.uint64]

# An odd multiplier: 64 bits of a prefix are its name, and 2 phrases out of 2^64 will not meet.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(44)
_BITS = 1 << 20
# 10,000 phrases in 2^18 places: some 200 meet in the first table, none of these in the second.
_NARROW = np.uint64(46)
_FIRST, _SECOND = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xC2B2AE3D27D4EB4F)


def _class(characters: str) -> Bools:
    table = np.zeros(ALPHABET, dtype=np.bool_)
    table[[ord(character) for character in characters]] = True
    return table


LETTER = _class("abcdefghijklmnopqrstuvwxyz")
WORD = _class("abcdefghijklmnopqrstuvwxyz0'")


class Hits(NamedTuple):
    """Phrases found: character positions in the batch (end exclusive) and phrase numbers, by start."""

    start: Ints
    end: Ints
    phrase: Ints

    def keep(self, mask: Bools) -> Hits:
        """Those hits for which ``mask`` is true."""
        return Hits(self.start[mask], self.end[mask], self.phrase[mask])


class _Level(NamedTuple):
    """What a prefix of one length can be: a phrase, the beginning of a longer one, or neither."""

    is_word: Bools
    goes_on: Bools


class _Index(NamedTuple):
    """Where each name's number stands: in a first table, or in a second for names that met in the first."""

    names: Hashes
    first: npt.NDArray[np.int32]
    second: npt.NDArray[np.int32]

    def places(self, names: Hashes) -> npt.NDArray[np.int32]:
        """The number of each name, or of another where it has none."""
        found = self.first[names * _FIRST >> _NARROW]
        missed = np.flatnonzero(self.names[found] != names)
        found[missed] = self.second[names[missed] * _SECOND >> _NARROW]
        return np.asarray(found)


class Phrases:
    """A fixed set of phrases, numbered in the order given.

    Parameters
    ----------
    phrases : iterable of str
        Distinct once folded. A phrase that begins or ends with a Latin letter matches whole words only.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> found = Phrases(["不错", "good"]).find(lay_out(["真不错", "goodness, GOOD"]).codes)
    >>> found.start.tolist(), found.phrase.tolist()
    ([1, 14], [0, 1])
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(phrases)
        codes = [_codes(phrase) for phrase in self.phrases]
        self._first = np.zeros(ALPHABET, dtype=np.bool_)
        self._first[[int(code[0]) for code in codes]] = True
        self._levels, names = _levels(codes)
        self._index = _index(names)
        self._whole = np.array([bool(LETTER[code[-1]]) for code in codes], dtype=np.bool_)

    def find(self, codes: Codes) -> Hits:
        """Return every occurrence of every phrase in folded ``codes``, overlapping ones included.

        Parameters
        ----------
        codes : ndarray of uint32, shape (n,)
            A batch as `lay_out` makes it: folded, a zero after each text.

        Returns
        -------
        Hits
            Sorted by start, then by length.

        Examples
        --------
        >>> from voiceloop.analytics.text.batch import lay_out
        >>> Phrases(["满意", "不满意"]).find(lay_out(["不满意"]).codes).end.tolist()
        [3, 3]
        """
        padded = np.append(codes, np.zeros(1, np.uint32))
        at = self._openings(codes)
        name = np.zeros(len(at), np.uint64)
        found = []
        for length, level in enumerate(self._levels, start=1):
            name = name * _STEP + padded[at + (length - 1)]
            slot = (name >> _SHIFT).astype(np.int64)
            found.append(self._words(level, at, name, slot, length, padded))
            on = level.goes_on[slot] & (at + length < len(codes))
            at, name = at[on], name[on]
            if not len(at):
                break
        start, end, phrase = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.lexsort((end, start))
        return Hits(start[order], end[order], phrase[order])

    def _openings(self, codes: Codes) -> Ints:
        inside = np.zeros(len(codes), np.bool_)
        inside[1:] = LETTER[codes[1:]] & WORD[codes[:-1]]
        return np.flatnonzero(self._first[codes] & ~inside)

    def _words(
        self, level: _Level, at: Ints, name: Hashes, slot: Ints, length: int, padded: Codes
    ) -> tuple[Ints, Ints, Ints]:
        likely = np.flatnonzero(level.is_word[slot])
        likely_names = name[likely]
        place = self._index.places(likely_names)
        same = self._index.names[place] == likely_names
        start = at[likely[same]]
        phrase = place[same].astype(np.int64)
        whole = ~(self._whole[phrase] & WORD[padded[start + length]])
        return start[whole], start[whole] + length, phrase[whole]


def longest(hits: Hits, n_codes: int) -> Hits:
    """Return the hits left when a longer phrase hides those it overlaps, the earlier of two equal ones first.

    Parameters
    ----------
    hits : Hits
        As `Phrases.find` returns them.
    n_codes : int
        Length of the batch in characters.

    Returns
    -------
    Hits
        No two overlap; sorted by start.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> codes = lay_out(["不满意"]).codes
    >>> longest(Phrases(["满意", "不满意"]).find(codes), len(codes)).start.tolist()
    [0]
    """
    taken = np.zeros(n_codes + 1, np.bool_)
    lengths = hits.end - hits.start
    kept = np.zeros(len(lengths), np.bool_)
    for length in sorted(set(lengths.tolist()), reverse=True):
        which = np.flatnonzero(lengths == length)
        start = hits.start[which]
        left = ~np.any([taken[start + step] for step in range(length)], axis=0)
        while left.any():
            which, start = which[left], start[left]
            # The first of each run of overlapping hits; what it leaves free gets another turn.
            first = np.ones(len(start), np.bool_)
            first[1:] = start[1:] - start[:-1] >= length
            kept[which[first]] = True
            for step in range(length):
                taken[start[first] + step] = True
            left = ~np.any([taken[start + step] for step in range(length)], axis=0)
    return hits.keep(kept)


def folded(phrase: str) -> str:
    """Return ``phrase`` as the matcher sees it.

    Examples
    --------
    >>> folded("5 Stars")
    '0 stars'
    """
    return "".join(map(chr, _codes(phrase)))


def _codes(phrase: str) -> Codes:
    return fold(np.frombuffer(phrase.encode("utf-32-le", "surrogatepass"), dtype=np.uint32))


def _levels(codes: list[Codes]) -> tuple[list[_Level], Hashes]:
    """The levels of the trie, and the name of each phrase."""
    deepest = max(map(len, codes), default=0)
    words: list[set[int]] = [set() for _ in range(deepest)]
    prefixes: list[set[int]] = [set() for _ in range(deepest)]
    names = []
    for code in codes:
        name = 0
        for depth, character in enumerate(code.tolist()):
            name = (name * int(_STEP) + character) % 2**64
            (prefixes if depth + 1 < len(code) else words)[depth].add(name)
        names.append(name)
    levels = [_Level(_bitmap(word), _bitmap(prefix)) for word, prefix in zip(words, prefixes, strict=True)]
    return levels, np.array(names, dtype=np.uint64)


def _index(names: Hashes) -> _Index:
    numbers = np.arange(len(names), dtype=np.int32)
    first, second = np.zeros(1 << 18, np.int32), np.zeros(1 << 18, np.int32)
    place = names * _FIRST >> _NARROW
    first[place] = numbers
    met = numbers[first[place] != numbers]
    second[names[met] * _SECOND >> _NARROW] = met
    index = _Index(names, first, second)
    if len(names) and not np.array_equal(index.names[index.places(names)], names):
        raise AssertionError("two phrases meet in both tables: choose other multipliers")
    return index


def _bitmap(names: set[int]) -> Bools:
    bitmap = np.zeros(_BITS, np.bool_)
    bitmap[(np.array(sorted(names), dtype=np.uint64) >> _SHIFT).astype(np.int64)] = True
    return bitmap
