"""Texts as rows of numbers: which known terms each one holds, and what the lexicon hears in it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Batch, Bools, Floats, Ints
from voiceloop.analytics.text.learning.terms import BITS, terms
from voiceloop.analytics.text.polarity import Contributions
from voiceloop.analytics.text.sentiment import Scores, base_model, score

# Number of each known bucket, -1 for an unknown one.
Slots = npt.NDArray[np.int32]

BLOCKS = 2
HINTS, LETTERS = 5, 2
# Brings each hint to a spread near 1, so that a fit prices them alike.
SIZES = np.array([0.5, 0.4, 5.0, 0.5, 0.5])


class Cells(NamedTuple):
    """The terms of a batch, each once for a text: text, block and bucket, sorted by text."""

    row: Ints
    block: Ints
    bucket: Ints


class Hints(NamedTuple):
    """What the shipped model adds to each text.

    ``values`` (texts, 5) is the sum of ``parts`` (phrases, 5) of the phrases ``found`` and, in one column,
    of ``letters`` (characters,).
    """

    values: Floats
    found: Contributions
    parts: Floats
    letters: Floats


def cells(batch: Batch, slots: Slots | None = None, words: bool = True) -> Cells:
    """Return the distinct terms of every text.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    slots : ndarray of int, shape (2 ** BITS,), optional
        Number of each known bucket, -1 for an unknown one: unknown terms are left out and ``bucket`` holds
        numbers.
    words : bool
        As for `terms`.

    Returns
    -------
    Cells
        Sorted by text, then block, then bucket.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> cells(lay_out(["好好"])).block.tolist()
    [0, 0, 1]
    """
    keys = [_keys(kind.block, kind.row, kind.bucket, slots) for kind in terms(batch, words)]
    key = np.sort(np.concatenate(keys)) if keys else np.zeros(0, np.int64)
    return _cells(key[np.diff(key, prepend=-1) != 0])


def shares(found: Cells, size: int, prices: Floats | None = None) -> Floats:
    """Return the value of each cell: within a block, the squares of a text's values add up to 1.

    With ``prices`` (terms,) a text's values are in proportion to those of its terms; else they are equal.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> found = cells(lay_out(["好吃"]))
    >>> shares(found, 1).round(2).tolist()
    [0.58, 0.58, 0.58, 1.0]
    """
    place = found.row * BLOCKS + found.block
    if prices is not None:
        price = prices[found.bucket]
        length = np.sqrt(np.bincount(place, price * price, size * BLOCKS))
        return np.asarray(price / np.maximum(length, 1e-12)[place])
    return np.asarray((1 / np.sqrt(np.maximum(np.bincount(place, minlength=size * BLOCKS), 1)))[place])


def spread(
    batch: Batch, slots: Slots, weights: Floats, prices: Floats | None = None, words: bool = True
) -> Floats:
    """Return what each character adds: a term's weight in equal shares to all characters where it stands.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    slots : ndarray of int, shape (2 ** BITS,)
        As for `cells`.
    weights : ndarray of float, shape (terms,)
        What each known term adds.
    prices : ndarray of float, shape (terms,), optional
        As for `shares`.
    words : bool
        As for `terms`.

    Returns
    -------
    ndarray of float, shape (characters,)
        Adds up, over a text, to the sum of weight × share over its terms.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> batch = lay_out(["好吃"])
    >>> slots = np.full(1 << BITS, -1, np.int32)
    >>> [gram, *_] = terms(batch)
    >>> slots[gram.bucket[0]] = 0
    >>> spread(batch, slots, np.array([2.0])).tolist()
    [2.0, 0.0, 0.0]
    """
    kinds = [(kind, np.flatnonzero(slots[kind.bucket] >= 0)) for kind in terms(batch, words)]
    keys = [_keys(kind.block, kind.row, kind.bucket, slots) for kind, _ in kinds]
    distinct, place, times = np.unique(np.concatenate(keys), return_inverse=True, return_counts=True)
    once = _cells(distinct)
    weight = (weights[once.bucket] * shares(once, batch.size, prices) / times)[place]
    start = np.concatenate([kind.start[known] for kind, known in kinds])
    end = np.concatenate([kind.end[known] for kind, known in kinds])
    weight = weight / (end - start)
    change = np.bincount(start, weight, len(batch.codes) + 1) - np.bincount(end, weight, len(batch.codes) + 1)
    return np.cumsum(change)[:-1]


def hints(batch: Batch, parts: bool = False, scores: Scores | None = None) -> Hints:
    """Return what the shipped sentiment model says, as five sums that a fit may weigh anew.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    parts : bool
        Whether ``letters`` is wanted.
    scores : Scores, optional
        What the shipped model says of ``batch``, where it has been asked.

    Returns
    -------
    Hints
        Complaints, praise, n-grams, phrases of the last clause and of the first: each with a spread near 1.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> float(hints(lay_out(["很满意"])).values[0, 0])
    0.0
    """
    scores = scores or score(batch, base_model(), parts=parts)
    found, clause = scores.phrases, scores.clause
    row = batch.row[found.start]
    last = clause[np.maximum(batch.ends - 1, batch.starts)]
    here = clause[found.start]
    columns = [
        np.minimum(scores.phrase_parts, 0),
        np.maximum(scores.phrase_parts, 0),
        np.zeros(len(row)),
        _mean(found.value, here == last[row], row, batch),
        _mean(found.value, here == clause[batch.starts][row], row, batch),
    ]
    sums = [np.bincount(row, column, batch.size) for column in columns]
    values = np.stack(sums, axis=1).astype(np.float64)
    values[:, LETTERS] = scores.score - values[:, 0] - values[:, 1]
    letters = scores.letter_parts * SIZES[LETTERS]
    return Hints(values * SIZES, found, np.stack(columns, axis=1) * SIZES, letters)


def _mean(value: Floats, here: Bools, row: Ints, batch: Batch) -> Floats:
    """Values of one clause over the root of their number, so that a long clause is not heard ten times."""
    root = np.sqrt(np.maximum(np.bincount(row, here, batch.size), 1))
    return np.asarray(value * here / root[row])


def _cells(key: Ints) -> Cells:
    return Cells(key >> (BITS + 1), key >> BITS & 1, key & ((1 << BITS) - 1))


def _keys(block: int, row: Ints, bucket: Ints, slots: Slots | None) -> Ints:
    if slots is not None:
        bucket = slots[bucket].astype(np.int64)
        known = bucket >= 0
        row, bucket = row[known], bucket[known]
    return np.asarray((row * BLOCKS + block << BITS) + bucket)
