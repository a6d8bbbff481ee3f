"""Hashed character n-grams of a whole batch at once: no tokenizer, no sparse matrix, no loop per text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Batch, Bools, Ints
from voiceloop.analytics.text.phrases import LETTER

BITS = 17

# 32 bits: half the memory of 64, and the processor multiplies twice as many at once.
_STEP = np.uint32(0x9E3779B1)
_MIX = np.uint32(0x85EBCA6B)

Names = npt.NDArray[np.uint32]


# Lengths of the n-grams that the shipped sentiment model weighs.
LATIN = (2, 3, 4, 5)


class Grams(NamedTuple):
    """N-grams of one length: where each begins in the batch, and its bucket."""

    length: int
    at: Ints
    bucket: Ints


def grams(batch: Batch, covered: Ints | None = None, bits: int = BITS) -> Iterator[Grams]:
    """Yield the n-grams of ``batch``: lengths 1–3 that begin outside Latin words, 2–5 that begin in them.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    covered : ndarray of int, shape (characters,), optional
        Number of the phrase that covers each character, 0 for none: n-grams inside one phrase are left out,
        as the phrase speaks for them.
    bits : int
        There are ``2 ** bits`` buckets.

    Yields
    ------
    Grams
        One per length 1 to 5; no n-gram reaches over the end of its text.

    Notes
    -----
    A polynomial rolling hash over the UTF-32 buffer: the hash of length n is the hash of length n − 1 times a
    constant plus one character, so five lengths cost five passes. A zero in a text ends its n-grams.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> [(gram.length, len(gram.at)) for gram in grams(lay_out(["很满意", "ok"]))]
    [(1, 3), (2, 3), (3, 1), (4, 0), (5, 0)]
    """
    latin = LETTER[batch.codes]
    for length, names, fits in _named(batch, covered):
        if length != 2 and length != 3:
            fits = fits & (latin if length > 3 else ~latin)[: len(fits)]
        at = np.flatnonzero(fits)
        yield Grams(length, at, buckets(names[at], length, bits).astype(np.int64))


def latin_grams(batch: Batch, covered: Ints) -> Iterator[Grams]:
    """Yield the n-grams of lengths 2–5 that begin in Latin words: what `grams` yields of them, and faster.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    covered : ndarray of int, shape (characters,)
        As for `grams`.

    Yields
    ------
    Grams
        One per length. Chinese text costs next to nothing.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> batch = lay_out(["很满意 wifi"])
    >>> [len(gram.at) for gram in latin_grams(batch, np.zeros(9, np.int64))]
    [3, 2, 1, 0]
    """
    codes = batch.codes
    at = np.flatnonzero(LETTER.take(codes))
    names = codes[at].astype(np.uint32)
    for length in LATIN:
        # A text ends with a zero, so that no n-gram reaches beyond the buffer.
        last = codes[at + length - 1]
        at, names, last = at[last != 0], names[last != 0], last[last != 0]
        names = names * _STEP + last
        end = covered[at + length - 1]
        kept = (covered[at] != end) | (end == 0)
        yield Grams(length, at[kept], buckets(names[kept], length, BITS).astype(np.int64))


def buckets(names: Names, length: int, bits: int) -> Names:
    """Return the bucket of each n-gram of one length.

    Examples
    --------
    >>> buckets(np.array([1, 2], np.uint32), 1, 17).tolist()
    [128074, 43622]
    """
    mixed = (names + np.uint32(length)) * _MIX
    mixed ^= mixed >> np.uint32(15)
    mixed *= _STEP
    return mixed >> np.uint32(32 - bits)


def _named(batch: Batch, covered: Ints | None) -> Iterator[tuple[int, Names, Bools]]:
    """Name of the n-gram that begins at each character, and whether it ends in its text and counts."""
    codes = batch.codes
    names = np.zeros(len(codes), np.uint32)
    inside = codes != 0
    fits = np.ones(len(codes), np.bool_)
    for length in range(1, 6):
        end = len(codes) - length + 1
        if end <= 0:
            return
        names = names[:end] * _STEP + codes[length - 1 :]
        fits = fits[:end] & inside[length - 1 :]
        counted = fits
        if covered is not None:
            last = covered[length - 1 :]
            counted = fits & ((covered[:end] != last) | (last == 0))
        yield length, names, counted
