"""All occurrences of some thousand phrases in a whole batch at once: every position walks one trie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.clean import ALPHABET, Codes, fold

Hashes = npt.NDArray[np.uint64]
# What a prefix can be: a phrase, the beginning of a longer one, both or neither.
Flags = npt.NDArray[np.uint8]

# An odd multiplier: 64 bits of a prefix are its name, and 2 phrases out of 2^64 will not meet.
_STEP = np.uint64(0x9E3779B97F4A7C15)
# What a prefix can be is looked up in 2^19 places by bits that its last character has stirred too: of 20,000
# prefixes, one in thirty stands where another does, and a check of the whole name follows.
_STIR, _SHIFT = np.uint64(0xBF58476D1CE4E5B9), np.uint64(45)
_PLACES = 1 << 19
_WORD, _MORE = np.uint8(1), np.uint8(2)
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
        self._longest = max(map(len, codes), default=0)
        self._first, self._can, names = _prefixes(codes)
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
        # The zeros begin no phrase and go on in none, so that nothing reaches beyond the end.
        padded = np.concatenate([codes, np.zeros(self._longest + 1, np.uint32)])
        at, can = self._openings(codes)
        name = np.zeros(len(at), np.uint64)
        found = []
        for length in range(1, self._longest + 1):
            name = name * _STEP + padded[at + (length - 1)]
            if length > 1:
                can = self._can[name * _STIR >> _SHIFT]
            found.append(self._words(at, name, np.flatnonzero(can & _WORD), length, padded))
            on = np.flatnonzero(can & _MORE)
            if not len(on):
                break
            at, name = at[on], name[on]
        start, end, phrase = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(start * (self._longest + 1) + end, kind="stable")
        return Hits(start[order], end[order], phrase[order])

    def _openings(self, codes: Codes) -> tuple[Ints, Flags]:
        """Where a phrase may begin, and what its first character can be."""
        can = self._first[codes]
        at = np.flatnonzero(can)
        inside = LETTER[codes[at]]
        if inside.any():
            inside[inside] = WORD[codes[at[inside] - 1]] & (at[inside] > 0)
            at = at[~inside]
        return at, can[at]

    def _words(
        self, at: Ints, name: Hashes, likely: Ints, length: int, padded: Codes
    ) -> tuple[Ints, Ints, Ints]:
        names = name[likely]
        place = self._index.places(names)
        same = self._index.names[place] == names
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
    lengths = hits.end - hits.start
    kept = np.ones(len(lengths), np.bool_)
    contested = np.flatnonzero(_contested(hits))
    kept[contested] = False
    taken = np.zeros(n_codes + 1, np.bool_)
    order = contested[np.argsort(-lengths[contested], kind="stable")]
    cuts = np.flatnonzero(np.diff(lengths[order])) + 1
    for which in np.split(order, cuts) if len(order) else ():
        _take(which, hits.start[which], int(lengths[which[0]]), taken, kept)
    return hits.keep(kept)


def _contested(hits: Hits) -> Bools:
    """Hits that share a character with another; ``hits`` are sorted by start."""
    apart = np.maximum.accumulate(hits.end)[:-1] <= hits.start[1:]
    free = np.ones(len(hits.start), np.bool_)
    free[1:] &= apart
    free[:-1] &= apart
    return ~free


def _take(which: Ints, start: Ints, length: int, taken: Bools, kept: Bools) -> None:
    """Keep of the hits of one length what is free, the earlier first."""
    left = _is_free(start, length, taken)
    while left.any():
        which, start = which[left], start[left]
        # The first of each run of overlapping hits; what it leaves free gets another turn.
        first = np.ones(len(start), np.bool_)
        first[1:] = start[1:] - start[:-1] >= length
        kept[which[first]] = True
        for step in range(length):
            taken[start[first] + step] = True
        left = _is_free(start, length, taken)


def _is_free(start: Ints, length: int, taken: Bools) -> Bools:
    # What stands here is no longer than what was taken before: it reaches the first or the last character.
    return np.asarray(~(taken[start] | taken[start + (length - 1)]))


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


def _prefixes(codes: list[Codes]) -> tuple[Flags, Flags, Hashes]:
    """What each first character and each longer prefix can be, by its place, and the name of each phrase."""
    first, can = np.zeros(ALPHABET, np.uint8), np.zeros(_PLACES, np.uint8)
    names = []
    for code in codes:
        name = 0
        for depth, character in enumerate(code.tolist(), start=1):
            name = (name * int(_STEP) + character) % 2**64
            flag = _WORD if depth == len(code) else _MORE
            if depth == 1:
                first[character] |= flag
            else:
                can[name * int(_STIR) % 2**64 >> int(_SHIFT)] |= flag
        names.append(name)
    return first, can, np.array(names, dtype=np.uint64)


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
