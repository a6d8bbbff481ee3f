"""What a text is to a classifier: hashed character n-grams, words and pairs of words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Batch, Bools, Ints
from voiceloop.analytics.text.clean import ALPHABET
from voiceloop.analytics.text.features import grams

Names = npt.NDArray[np.uint64]

# 4 million buckets: 150,000 n-grams of 10,000 reviews meet by chance in 3 of 100 cases.
BITS = 22

_STEP = np.uint64(0x9E3779B97F4A7C15)
# The inverse of _STEP modulo 2^64, so that a word's name does not depend on where the word stands.
_BACK = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0x100000001B3)


class Terms(NamedTuple):
    """Terms of one kind as they occur: block (0 letters, 1 words), text, first character, end, bucket."""

    block: int
    row: Ints
    start: Ints
    end: Ints
    bucket: Ints


def terms(batch: Batch, words: bool = True) -> Iterator[Terms]:
    """Yield every occurrence of every term of ``batch``, one kind after the other.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    words : bool
        Whether words are wanted beside n-grams: cutting Chinese into words takes most of the time.

    Yields
    ------
    Terms
        Block 0: character n-grams of lengths 1–3 that begin outside Latin words and 2–5 that begin in them.
        Block 1: words, which are runs of Latin letters, digits and signs such as @ and #, or what the
        segmenter makes of Chinese, marks included; and pairs of neighbouring words.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> [len(kind.row) for kind in terms(lay_out(["很好", "my card"]))]
    [3, 7, 5, 3, 2, 4, 2]
    """
    for gram in grams(batch, bits=BITS):
        yield Terms(0, batch.row[gram.at], gram.at, gram.at + gram.length, gram.bucket)
    if words:
        yield from _words(batch)


def _class(characters: str) -> Bools:
    table = np.zeros(ALPHABET, dtype=np.bool_)
    table[[ord(character) for character in characters]] = True
    return table


_WORD = _class("abcdefghijklmnopqrstuvwxyz0'@#_$")
_HAN = 0x3400
_BLANK = _class(" \n\0")


def _words(batch: Batch) -> Iterator[Terms]:
    han = np.bincount(batch.row, batch.codes >= _HAN, batch.size) > 0
    start, end = _runs(batch, ~han)
    if han.any():
        start, end = (np.concatenate(pair) for pair in zip((start, end), _segments(batch, han), strict=True))
        order = np.argsort(start, kind="stable")
        start, end = start[order], end[order]
    if not len(start):
        return
    name = _names(batch, start, end)
    row = batch.row[start]
    yield Terms(1, row, start, end, _bucket(name, 1))
    near = row[1:] == row[:-1]
    pair = name[:-1] * _PAIR + name[1:]
    yield Terms(1, row[1:][near], start[:-1][near], end[1:][near], _bucket(pair[near], 2))


def _runs(batch: Batch, wanted: Bools) -> tuple[Ints, Ints]:
    """Start and end of the words of texts without Chinese."""
    inside = _WORD[batch.codes] & wanted[batch.row]
    edge = np.diff(inside.astype(np.int8), prepend=0)
    return np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)


def _segments(batch: Batch, wanted: Bools) -> tuple[Ints, Ints]:
    """Start and end of the segments of texts with Chinese, blanks left out."""
    import rjieba

    at = np.flatnonzero(wanted[batch.row])
    codes = batch.codes[at]
    # Half a pair is no character to the segmenter.
    codes[(codes >= 0xD800) & (codes < 0xE000)] = ord(" ")
    text = codes.astype("<u4").tobytes().decode("utf-32-le")
    lengths = np.fromiter(map(len, rjieba.cut(text, True)), dtype=np.int64)
    last = np.cumsum(lengths) - 1
    first = last - lengths + 1
    words = np.flatnonzero(~_BLANK[codes[first]])
    return at[first[words]], at[last[words]] + 1


def _names(batch: Batch, start: Ints, end: Ints) -> Names:
    """One polynomial hash for each word, from two running sums over the whole batch."""
    n = len(batch.codes)
    powers = np.ones(n + 1, np.uint64)
    np.cumprod(np.full(n, _BACK), out=powers[1:])
    sums = np.zeros(n + 1, np.uint64)
    np.cumsum(batch.codes * powers[:-1], out=sums[1:])
    forward = np.ones(n + 1, np.uint64)
    np.cumprod(np.full(n, _STEP), out=forward[1:])
    return np.asarray((sums[end] - sums[start]) * forward[start])


def _bucket(names: Names, kind: int) -> Ints:
    """Buckets of words and pairs lie apart from those of n-grams only by chance, as all of them do."""
    return (
        ((names + np.uint64(kind)) * _MIX ^ (names >> np.uint64(29))) * _MIX >> np.uint64(64 - BITS)
    ).astype(np.int64)
