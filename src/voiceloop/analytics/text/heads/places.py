"""Where a comment says what a head heard although no word of the reason stands in it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Floats, Ints
from voiceloop.analytics.text.heads.rows import Occurrences
from voiceloop.analytics.text.phrases import WORD


class Places(NamedTuple):
    """Spans in the batch (end exclusive) and the reason that each speaks for."""

    start: Ints
    end: Ints
    reason: Ints


def places(
    batch: Batch, table: Occurrences, weights: Floats, pairs: Ints, number_of: dict[int, int]
) -> Places:
    """Return for each (text, reason) of ``pairs`` the n-gram that spoke most for it, to whole Latin words.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    table : Occurrences
        Their known n-grams.
    weights : ndarray of float, shape (known, heads)
        Of the heads.
    pairs : ndarray of int, shape (n, 2)
        Text and reason.
    number_of : dict
        Head of each reason.

    Returns
    -------
    Places
        One for each pair; a text without a known n-gram is named by its first character.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> batch = lay_out(["很甜"])
    >>> table = Occurrences(np.array([0, 1]), np.array([1, 1]), np.array([0, 1]))
    >>> found = places(batch, table, np.array([[0.1], [2.0]]), np.array([[0, 5]]), {5: 0})
    >>> found.start.tolist(), found.end.tolist(), found.reason.tolist()
    ([1], [2], [5])
    """
    if not len(pairs):
        return Places(*(np.zeros(0, np.int64) for _ in range(3)))
    order = np.argsort(batch.row[table.at], kind="stable")
    row = batch.row[table.at[order]]
    low, high = np.searchsorted(row, pairs[:, 0]), np.searchsorted(row, pairs[:, 0], side="right")
    length = high - low
    pair = np.repeat(np.arange(len(pairs)), length)
    which = order[np.repeat(low - np.cumsum(length) + length, length) + np.arange(len(pair))]
    head = np.array([number_of[reason] for reason in pairs[:, 1].tolist()])[pair]
    weight = weights[table.number[which], head]
    last = np.flatnonzero(np.diff(pair[np.lexsort((weight, pair))], append=-1))
    best = which[np.lexsort((weight, pair))[last]]
    start = batch.starts[pairs[:, 0]].copy()
    end = start + 1
    told = np.flatnonzero(length)
    start[told], end[told] = table.at[best], table.at[best] + table.length[best]
    return Places(*_whole(batch, start, end), pairs[:, 1])


def _whole(batch: Batch, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Spans widened to the Latin words that they cut."""
    inside = WORD[batch.codes]
    edges = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0, append=0))
    opens, closes = edges[::2], edges[1::2]
    left, right = inside[start], inside[end - 1]
    start, end = start.copy(), end.copy()
    start[left] = opens[np.searchsorted(opens, start[left], side="right") - 1]
    end[right] = closes[np.searchsorted(closes, end[right] - 1, side="right")]
    return start, end
