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

    words: Hashes
    numbers: Ints
    is_word: Bools
    goes_on: Bools


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
        self._levels = _levels(codes)
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
        place = np.searchsorted(level.words, name[likely])
        place[place == len(level.words)] = 0
        same = level.words[place] == name[likely] if len(level.words) else np.zeros(0, np.bool_)
        start = at[likely[same]]
        phrase = level.numbers[place[same]]
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


def _levels(codes: list[Codes]) -> list[_Level]:
    deepest = max(map(len, codes), default=0)
    names: list[dict[int, int]] = [{} for _ in range(deepest)]
    prefixes: list[set[int]] = [set() for _ in range(deepest)]
    for number, code in enumerate(codes):
        name = 0
        for depth, character in enumerate(code.tolist()):
            name = (name * int(_STEP) + character) % 2**64
            prefixes[depth].add(name) if depth + 1 < len(code) else names[depth].update({name: number})
    return [_level(name, prefix) for name, prefix in zip(names, prefixes, strict=True)]


def _level(names: dict[int, int], prefixes: set[int]) -> _Level:
    words = np.array(sorted(names), dtype=np.uint64)
    numbers = np.array([names[word] for word in sorted(names)], dtype=np.int64)
    return _Level(words, numbers, _bitmap(words), _bitmap(np.array(sorted(prefixes), dtype=np.uint64)))


def _bitmap(names: Hashes) -> Bools:
    bitmap = np.zeros(_BITS, np.bool_)
    bitmap[(names >> _SHIFT).astype(np.int64)] = True
    return bitmap
