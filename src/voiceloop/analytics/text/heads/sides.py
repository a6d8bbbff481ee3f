"""The side of each reason, learned: from the clauses that name it and from what the sentiment model hears."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.heads.linear import learn
from voiceloop.analytics.text.heads.rows import Occurrences, matrix
from voiceloop.analytics.text.seen import Seen

SIDES = (-1, 0, 1)
# What the sums of the sentiment model weigh beside n-grams of a row of length 1; chosen by cross-validation.
HEARD = 0.5


class Sides(NamedTuple):
    """Weights of n-grams (k, 3), of what is heard (4, 3), bias (3,), and macro-F1 of rule and of these."""

    weights: Floats
    gains: Floats
    bias: Floats
    n: int
    rule_f1: float
    own_f1: float

    @property
    def took_over(self) -> bool:
        """Whether these decide instead of the rule."""
        return self.own_f1 > self.rule_f1


class Pairs(NamedTuple):
    """Mentions gathered by text and reason: its n-grams, and what is heard of it."""

    texts: Any
    heard: Floats


def pairs(seen: Seen, table: Occurrences, pair: Ints, clause: Ints, size: int, known: int) -> Pairs:
    """Gather the n-grams of the clauses of each pair, and the scores of those clauses and of the text.

    Parameters
    ----------
    seen : Seen
        A batch.
    table : Occurrences
        Its known n-grams.
    pair, clause : ndarray of int
        Number of the pair and of a clause that names it; a pair has one or more.
    size, known : int
        Number of pairs and of known n-grams.

    Returns
    -------
    Pairs
        One row for each pair.

    Examples
    --------
    >>> from voiceloop.analytics.text.seen import look
    >>> seen = look(["很好，太慢"])
    >>> none = Occurrences(*(np.zeros(0, np.int64) for _ in range(3)))
    >>> found = pairs(seen, none, np.array([0, 1]), np.array([0, 1]), 2, 0)
    >>> (found.heard[:, 0] > 0).tolist()
    [True, False]
    """
    n_clauses = len(seen.said)
    key = np.unique(pair * max(n_clauses, 1) + clause)
    pair, clause = key // max(n_clauses, 1), key % max(n_clauses, 1)
    order = np.argsort(table.at, kind="stable")
    where = seen.scores.clause[table.at[order]]
    low, high = np.searchsorted(where, clause), np.searchsorted(where, clause, side="right")
    length = high - low
    which = order[np.repeat(low - np.cumsum(length) + length, length) + np.arange(int(length.sum()))]
    texts = matrix(np.repeat(pair, length), table.number[which], size, known)
    own = np.bincount(pair, seen.said[clause], size)
    first = np.searchsorted(pair, np.arange(size))
    row = seen.batch.row[np.searchsorted(seen.scores.clause, clause[first])] if size else first
    whole = seen.scores.score[row]
    heard = [np.tanh(own / 2), np.tanh(whole / 2), np.tanh(np.minimum(own, 0)), np.abs(own) < 0.25]
    return Pairs(texts, np.stack(heard, axis=1) * HEARD)


def learn_sides(found: Pairs, side: Ints, rule: Ints, fold: Ints) -> Sides:
    """Learn the side of pairs.

    Parameters
    ----------
    found : Pairs
        Rows.
    side, rule : ndarray of int, shape (n,)
        The right side of each, and what the rule says: -1, 0 or 1.
    fold : ndarray of int, shape (n,)
        Pairs of one text share a fold.

    Returns
    -------
    Sides
        With the cross-validated macro-F1 of both.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> rows = Pairs(csr_matrix(np.tile([[1.0, 0], [0, 1]], (8, 1))), np.zeros((16, 4)))
    >>> side = np.tile([1, -1], 8)
    >>> learn_sides(rows, side, np.ones(16, np.int64), np.arange(16) // 4).own_f1
    1.0
    """
    from scipy.sparse import csr_matrix, hstack

    rows = hstack([found.texts, csr_matrix(found.heard)]).tocsr()
    answer = np.zeros(len(side), np.int64)
    for held in np.unique(fold):
        others = fold != held
        columns, bias = _fit(rows[others], side[others])
        answer[~others] = np.argmax(rows[~others] @ columns + bias, axis=1) - 1
    columns, bias = _fit(rows, side)
    known = found.texts.shape[1]
    return Sides(
        # As a file keeps them, so that what is saved is what was judged.
        columns[:known].astype(np.float32).astype(np.float64),
        columns[known:],
        bias,
        len(side),
        _macro_f1(rule, side),
        _macro_f1(answer, side),
    )


def sides(model: Sides, found: Pairs) -> Ints:
    """Return the side of each pair.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> rows = Pairs(csr_matrix(np.tile([[1.0, 0], [0, 1]], (8, 1))), np.zeros((16, 4)))
    >>> side = np.tile([1, -1], 8)
    >>> sides(learn_sides(rows, side, side, np.arange(16) // 4), rows)[:2].tolist()
    [1, -1]
    """
    score = found.texts @ model.weights + found.heard @ model.gains + model.bias
    return np.asarray(np.argmax(score, axis=1) - 1, dtype=np.int64)


def _fit(rows: Any, side: Ints) -> tuple[Floats, Floats]:
    columns, bias = np.zeros((rows.shape[1], 3)), np.full(3, -1e6)
    for place, value in enumerate(SIDES):
        truth = side == value
        if truth.all():
            bias[place] = 0.0
        elif truth.any():
            columns[:, place], bias[place] = learn(rows, truth)
    return columns, bias


def _macro_f1(guess: Ints, truth: Ints) -> float:
    return float(np.mean([_f1(guess == value, truth == value) for value in np.unique(truth)]))


def _f1(guess: Any, truth: Any) -> float:
    return float(2 * np.sum(guess & truth) / max(np.sum(guess) + np.sum(truth), 1))
