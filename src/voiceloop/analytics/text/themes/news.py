"""What people began to talk about in the last seven days: words that rose by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Floats, Ints
from voiceloop.analytics.text.themes.vectors import Matrix

WEEK = 7
# Fewer are an anecdote; below this G² a rise is small even where it is sure (both measured, FACTS "Text").
LEAST, G2 = 5, 20.0
# Of a hundred alarms at most this many are chance.
FALSE = 0.01
# Two new words are of one theme when this share of the comments with the rarer one have both.
TOGETHER = 0.3


class Rise(NamedTuple):
    """A count of the last week beside all weeks before, and how sure its rise is."""

    now: Ints
    before: Ints
    g2: Floats
    p_value: Floats
    is_sure: Bools


def days_of(at: Sequence[date | datetime]) -> Ints:
    """Days as numbers.

    Examples
    --------
    >>> days_of([date(1970, 1, 2), datetime(1970, 1, 3, 12)]).tolist()
    [1, 2]
    """
    first = date(1970, 1, 1).toordinal()
    return np.fromiter((day.toordinal() - first for day in at), dtype=np.int64, count=len(at))


def weeks_ago(days: Ints) -> Ints:
    """Whole weeks before the last seven days, which are week 0.

    Examples
    --------
    >>> weeks_ago(np.array([0, 6, 7, 13, 14])).tolist()
    [2, 1, 1, 0, 0]
    """
    return np.asarray((days.max(initial=0) - days) // WEEK)


def risen(now: Ints, before: Ints, n_now: int, n_before: int) -> Rise:
    """Which counts rose by more than chance.

    Parameters
    ----------
    now, before : ndarray of int, shape (things,)
        Comments with each thing in the last week, and before.
    n_now, n_before : int
        All comments of both.

    Returns
    -------
    Rise
        G² of Dunning (1993); the probability of so many or more of all comments with the thing falling into
        the last week (hypergeometric, exact for few); ``is_sure`` by Benjamini and Hochberg at `FALSE`, with
        G² of at least `G2` and at least `LEAST` comments.

    Examples
    --------
    >>> found = risen(np.array([30, 5]), np.array([0, 50]), 1000, 10_000)
    >>> found.is_sure.tolist(), found.g2.round().tolist()
    ([True, False], [145.0, 0.0])
    """
    from scipy.stats import hypergeom

    now, before = np.asarray(now), np.asarray(before)
    p_value = hypergeom.sf(now - 1, n_now + n_before, now + before, n_now)
    g2 = _g2(now.astype(np.float64), before.astype(np.float64), n_now, n_before)
    is_sure = (g2 >= G2) & (now >= LEAST) & _within(p_value, FALSE)
    return Rise(now, before, g2, p_value, is_sure)


def _g2(now: Floats, before: Floats, n_now: int, n_before: int) -> Floats:
    share = (now + before) / max(n_now + n_before, 1)
    observed = np.stack([now, before, n_now - now, n_before - before])
    expected = np.stack([share * n_now, share * n_before, (1 - share) * n_now, (1 - share) * n_before])
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(observed > 0, observed * np.log(observed / expected), 0)
    # G² has no direction: only a rise is news.
    return np.where(now * n_before > before * n_now, 2 * terms.sum(axis=0), 0.0)


def _within(p_value: Floats, level: float) -> Bools:
    """Benjamini and Hochberg (1995)."""
    order = np.argsort(p_value, kind="stable")
    good = np.flatnonzero(p_value[order] <= level * (np.arange(len(order)) + 1) / max(len(order), 1))
    found = np.zeros(len(order), dtype=np.bool_)
    if len(good):
        found[order[: good[-1] + 1]] = True
    return found


def together(has: Matrix, words: Ints, rows: Ints) -> list[Ints]:
    """Group new words by the comments that use them.

    Parameters
    ----------
    has : sparse matrix of ones, shape (texts, words)
        Presence.
    words : ndarray of int
        Columns that rose.
    rows : ndarray of int
        Texts of the last week.

    Returns
    -------
    list of ndarray of int
        Columns of each group, the largest first.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> has = csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=float))
    >>> [group.tolist() for group in together(has, np.array([0, 1, 2]), np.arange(3))]
    [[0, 1], [2]]
    """
    from scipy.sparse.csgraph import connected_components

    if not len(words):
        return []
    own = has[rows][:, words]
    both = np.asarray((own.T @ own).todense())
    alone = np.diag(both)
    linked = both >= TOGETHER * np.maximum(np.minimum.outer(alone, alone), 1)
    n, group = connected_components(linked & (both > 0), directed=False)
    found = [words[group == number] for number in range(n)]
    return sorted(found, key=lambda columns: (-len(columns), int(columns[0])))
