"""All occurrences of some thousand phrases in a whole batch at once: every position walks one trie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
        found = self.first.take(_place(names * _FIRST, _NARROW))
        missed = np.flatnonzero(self.names.take(found) != names)
        found[missed] = self.second.take(_place(names[missed] * _SECOND, _NARROW))
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
        found = list(self._found(codes))
        start = np.concatenate([at for at, _ in found])
        phrase = np.concatenate([phrase for _, phrase in found])
        end = start + np.repeat(np.arange(1, len(found) + 1), [len(at) for at, _ in found])
        order = np.argsort(start * (self._longest + 1) + end, kind="stable")
        return Hits(start[order], end[order], phrase[order])

    def longest(self, codes: Codes) -> Hits:
        """Return what `longest` leaves of what `find` finds, and faster.

        Parameters
        ----------
        codes : ndarray of uint32, shape (n,)
            As for `find`.

        Returns
        -------
        Hits
            No two overlap; sorted by start.

        Examples
        --------
        >>> from voiceloop.analytics.text.batch import lay_out
        >>> Phrases(["满意", "不满意"]).longest(lay_out(["不满意"]).codes).phrase.tolist()
        [1]
        """
        taken = np.zeros(len(codes) + 1, np.bool_)
        starts, ends, numbers = [], [], []
        for length, (at, phrase) in reversed(list(enumerate(self._found(codes), start=1))):
            kept = _take(at, length, taken)
            starts.append(at[kept])
            ends.append(at[kept] + length)
            numbers.append(phrase[kept])
        start, end, phrase = (np.concatenate(column) for column in (starts, ends, numbers))
        order = np.argsort(start, kind="stable")
        return Hits(start[order], end[order], phrase[order])

    def _found(self, codes: Codes) -> Iterator[tuple[Ints, Ints]]:
        """Where phrases of length 1, 2, … begin, in order, and their numbers."""
        # The zeros begin no phrase and go on in none, so that nothing reaches beyond the end.
        padded = np.concatenate([codes, np.zeros(self._longest + 1, np.uint32)])
        at, can = self._openings(codes)
        name = np.zeros(len(at), np.uint64)
        for length in range(1, self._longest + 1):
            name = name * _STEP + padded.take(at + (length - 1))
            if length > 1:
                can = self._can.take(_place(name * _STIR, _SHIFT))
            # Of booleans numpy finds the true ones ten times as fast as of bytes.
            yield self._words(at, name, np.flatnonzero((can & _WORD) != 0), length, padded)
            on = np.flatnonzero((can & _MORE) != 0)
            if not len(on):
                return
            at, name = at.take(on), name.take(on)

    def _openings(self, codes: Codes) -> tuple[Ints, Flags]:
        """Where a phrase may begin, and what its first character can be."""
        can = self._first.take(codes)
        at = np.flatnonzero(can != 0)
        inside = LETTER.take(codes.take(at))
        if inside.any():
            inside[inside] = WORD[codes[at[inside] - 1]] & (at[inside] > 0)
            at = at[~inside]
        return at, can.take(at)

    def _words(self, at: Ints, name: Hashes, likely: Ints, length: int, padded: Codes) -> tuple[Ints, Ints]:
        names = name.take(likely)
        place = self._index.places(names)
        same = np.flatnonzero(self._index.names.take(place) == names)
        start, phrase = at.take(likely.take(same)), place.take(same).astype(np.int64)
        latin = self._whole.take(phrase)
        if latin.any():
            whole = ~(latin & WORD[padded.take(start + length)])
            start, phrase = start[whole], phrase[whole]
        return start, phrase


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
    kept = np.zeros(len(lengths), np.bool_)
    taken = np.zeros(n_codes + 1, np.bool_)
    for length in sorted(set(lengths.tolist()), reverse=True):
        which = np.flatnonzero(lengths == length)
        kept[which[_take(hits.start[which], length, taken)]] = True
    return hits.keep(kept)


def _take(start: Ints, length: int, taken: Bools) -> Ints:
    """Places in ``start`` of hits of one length that are free, the earlier first; these are taken."""
    which = np.flatnonzero(_is_free(start, length, taken))
    found = [which[:0]]
    while len(which):
        # The first of each run of overlapping hits; what it leaves free gets another turn.
        here = start[which]
        first = np.ones(len(which), np.bool_)
        first[1:] = here[1:] - here[:-1] >= length
        found.append(which[first])
        for step in range(length):
            taken[here[first] + step] = True
        which = which[~first]
        which = which[_is_free(start[which], length, taken)]
    return np.sort(np.concatenate(found)) if len(found) > 2 else found[-1]


def _is_free(start: Ints, length: int, taken: Bools) -> Bools:
    # What stands here is no longer than what was taken before: it reaches the first or the last character.
    free = ~taken.take(start)
    return free if length == 1 else np.asarray(free & ~taken.take(start + (length - 1)))


def _place(names: Hashes, shift: np.uint64) -> Ints:
    """The upper bits as numbers; no copy is made of them."""
    return (names >> shift).view(np.int64)


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
