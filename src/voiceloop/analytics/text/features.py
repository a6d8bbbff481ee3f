"""Hashed character n-grams of a whole batch at once: no tokenizer, no sparse matrix, no loop per text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Ints
from voiceloop.analytics.text.phrases import LETTER

BITS = 17

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)


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
    constant plus one character, so five lengths cost five passes.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> [(gram.length, len(gram.at)) for gram in grams(lay_out(["很满意", "ok"]))]
    [(1, 3), (2, 3), (3, 1), (4, 0), (5, 0)]
    """
    codes = batch.codes
    latin = LETTER[codes]
    left = batch.ends[batch.row] - np.arange(len(codes))
    name = np.zeros(len(codes), np.uint64)
    for length in range(1, 6):
        name = name[: len(codes) - length + 1] * _STEP + codes[length - 1 :]
        wanted = latin if length > 3 else ~latin if length == 1 else slice(None)
        mask = left[: len(name)] >= length
        if not isinstance(wanted, slice):
            mask &= wanted[: len(name)]
        if covered is not None:
            last = covered[length - 1 : length - 1 + len(name)]
            mask &= (covered[: len(name)] != last) | (last == 0)
        at = np.flatnonzero(mask)
        yield Grams(length, at, _bucket(name[at] + np.uint64(length), bits))


def _bucket(names: np.ndarray[tuple[int], np.dtype[np.uint64]], bits: int) -> Ints:
    return ((names * _MIX) >> np.uint64(64 - bits)).astype(np.int64)
