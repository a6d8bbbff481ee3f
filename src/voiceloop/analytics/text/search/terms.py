"""The terms of many texts at once: characters and pairs of Chinese, words and their parts elsewhere."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.clean import ALPHABET, Codes

Hashes = npt.NDArray[np.uint64]

# Odd multipliers: each kind of term has its own, and a 64-bit product is a term's name.
_ONE, _TWO = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_PART, _STEP = np.uint64(0x165667B19E3779F9), np.uint64(0xD6E8FEB86659FD93)
_INVERSE = np.uint64(pow(int(_STEP), -1, 1 << 64))
_MIX = np.uint64(29)
# What lies between two words; all of them equal, and no letter.
SPACE = 0x20
# Parts of a word are runs of four letters: short ones are in every word.
PART = 4


class Terms(NamedTuple):
    """Terms of a text, with the position and length of each; ``is_part`` marks parts of words.

    Arrays of equal length, in no order that matters.
    """

    hash: Hashes
    start: Ints
    length: Ints
    is_part: Bools


def _han() -> Bools:
    table = np.zeros(ALPHABET, dtype=np.bool_)
    for low, high in ((0x3041, 0x3100), (0x3400, 0xA000), (0xF900, 0xFB00)):
        table[low:high] = True
    return table


def _words() -> Bools:
    table = np.zeros(ALPHABET, dtype=np.bool_)
    for low, high in ((0x30, 0x3A), (0x61, 0x7B), (0xC0, 0x250), (0x370, 0x1FFF), (0xAC00, 0xD7B0)):
        table[low:high] = True
    return table & ~HAN


HAN = _han()
WORD = _words()


def terms(codes: Codes) -> Terms:
    """Find every term of texts laid end to end by `spell`.

    Parameters
    ----------
    codes : ndarray of uint32, shape (characters,)
        Folded texts, a zero after each.

    Returns
    -------
    Terms
        A Chinese text's characters and pairs of neighbours; any other script's whole words, and of words of
        five letters and more every run of four.

    Examples
    --------
    >>> from voiceloop.analytics.text.search.script import spell
    >>> found = terms(spell(["退款 refund"])[0])
    >>> sorted(zip(found.start.tolist(), found.length.tolist()))
    [(0, 1), (0, 2), (1, 1), (3, 4), (3, 6), (4, 4), (5, 4)]
    """
    kinds = (_characters(codes), _pairs(codes), *_of_words(codes))
    return Terms(*(np.concatenate(column) for column in zip(*kinds, strict=True)))


def _characters(codes: Codes) -> Terms:
    at = np.flatnonzero(HAN[codes])
    return _named(codes[at].astype(np.uint64) * _ONE, at, 1)


def _pairs(codes: Codes) -> Terms:
    is_han = HAN[codes]
    at = np.flatnonzero(is_han[:-1] & is_han[1:])
    first, second = codes[at].astype(np.uint64), codes[at + 1].astype(np.uint64)
    return _named(_mixed((first << np.uint64(20) | second) * _TWO), at, 2)


def _of_words(codes: Codes) -> tuple[Terms, Terms]:
    is_word = np.concatenate(([False], WORD[codes], [False]))
    edge = np.flatnonzero(is_word[1:] != is_word[:-1])
    starts, ends = edge[::2], edge[1::2]
    sums, backwards = _sums(codes)
    words = _named(_run(sums, backwards, starts, ends), starts, ends - starts)
    n_parts = np.where(ends - starts > PART, ends - starts - PART + 1, 0)
    first = np.repeat(starts - np.cumsum(n_parts) + n_parts, n_parts)
    at = first + np.arange(int(n_parts.sum()))
    parts = _named(_run(sums, backwards, at, at + PART) * _PART, at, PART, is_part=True)
    return words, parts


def _sums(codes: Codes) -> tuple[Hashes, Hashes]:
    """Running sums of a polynomial over all characters, and the powers that take a position out of it."""
    powers = np.full(len(codes) + 1, _STEP, dtype=np.uint64)
    inverse = np.full(len(codes) + 1, _INVERSE, dtype=np.uint64)
    powers[0] = inverse[0] = 1
    np.cumprod(powers, out=powers)
    np.cumprod(inverse, out=inverse)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes.astype(np.uint64) * powers[:-1], out=sums[1:])
    return sums, inverse


def _run(sums: Hashes, backwards: Hashes, start: Ints, end: Ints) -> Hashes:
    return _mixed((sums[end] - sums[start]) * backwards[start] * _ONE)


def _mixed(hashes: Hashes) -> Hashes:
    return np.asarray((hashes ^ (hashes >> _MIX)) * _TWO)


def _named(hashes: Hashes, start: Ints, length: Ints | int, *, is_part: bool = False) -> Terms:
    lengths = np.full(len(start), length) if isinstance(length, int) else length
    return Terms(hashes, start, lengths, np.full(len(start), is_part))
