"""What a head sees of a comment: the n-grams it holds, and which reasons its words name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Bools, Floats, Ints
from voiceloop.analytics.text.features import grams

BITS = 20
# What the words of a reason weigh beside n-grams of a row of length 1; chosen by cross-validation.
WORDS = 0.3


class Occurrences(NamedTuple):
    """Known n-grams as they occur: where each begins, its length, and its number among the known."""

    at: Ints
    length: Ints
    number: Ints


def slots(buckets: Ints) -> Ints:
    """Return the number of each known bucket, -1 for an unknown one.

    Examples
    --------
    >>> slots(np.array([3, 5]))[[3, 4, 5]].tolist()
    [0, -1, 1]
    """
    table = np.full(1 << BITS, -1)
    table[buckets] = np.arange(len(buckets))
    return table


def known_buckets(batch: Batch, least: int = 2) -> Ints:
    """Return the buckets of n-grams that stand in ``least`` texts or more, in order.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> len(known_buckets(lay_out(["好吃", "好看"])))
    1
    """
    found = [(batch.row[gram.at] << BITS) + gram.bucket for gram in grams(batch, bits=BITS)]
    distinct = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
    buckets, count = np.unique(distinct & ((1 << BITS) - 1), return_counts=True)
    return np.asarray(buckets[count >= least])


def occurrences(batch: Batch, table: Ints) -> Occurrences:
    """Return the known n-grams of ``batch``, in no particular order.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> batch = lay_out(["好吃", "好看"])
    >>> occurrences(batch, slots(known_buckets(batch))).at.tolist()
    [0, 3]
    """
    found = []
    for gram in grams(batch, bits=BITS):
        number = table[gram.bucket]
        known = number >= 0
        at = gram.at[known]
        found.append((at, np.full(len(at), gram.length), number[known]))
    at, length, number = (np.concatenate(column) for column in zip(*found, strict=True))
    return Occurrences(at, length, number)


def matrix(row: Ints, number: Ints, size: int, known: int) -> Any:
    """Return the texts as a sparse matrix (size, known): each distinct n-gram once, rows of length 1.

    Examples
    --------
    >>> matrix(np.array([0, 0, 0]), np.array([1, 1, 0]), 1, 2).toarray().round(2).tolist()
    [[0.71, 0.71]]
    """
    from scipy.sparse import csr_matrix

    key = np.unique(row * known + number) if known else np.zeros(0, np.int64)
    row, number = key // max(known, 1), key % max(known, 1)
    count = np.bincount(row, minlength=size)
    value = 1 / np.sqrt(np.maximum(count, 1))[row]
    ends = np.concatenate([[0], np.cumsum(count)])
    return csr_matrix((value, number, ends), shape=(size, known))


def named(row: Ints, reason: Ints, size: int, n_reasons: int) -> Bools:
    """Return which reasons the words of each text name, (size, n_reasons).

    Examples
    --------
    >>> named(np.array([0]), np.array([1]), 1, 2).tolist()
    [[False, True]]
    """
    table = np.zeros((size, n_reasons), np.bool_)
    table[row, reason] = True
    return table


def sums(texts: Any, words: Bools, weights: Floats, gains: Floats, bias: Floats) -> Floats:
    """Return the sum behind each head for each text, (texts, heads).

    Examples
    --------
    >>> sums(matrix(np.array([0]), np.array([0]), 1, 1), np.array([[True]]), np.array([[2.0]]),
    ...     np.array([[1.0]]), np.array([0.5])).tolist()
    [[2.8]]
    """
    return np.asarray(texts @ weights + WORDS * (words @ gains) + bias, dtype=np.float64)
