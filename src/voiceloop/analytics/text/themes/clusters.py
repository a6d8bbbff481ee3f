"""Themes as sparse directions in the space of words: found by k-means in few dimensions, then sharpened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.themes.vectors import Matrix

COMPONENTS = 64
# Words that a theme is made of; its comments hold at least one of them. A small theme knows few: one for so
# many of its comments.
WIDTH, NARROW, EACH = 40, 8, 3
# A comment nearer to no theme than this (cosine) belongs to none: our choice, where precision met coverage.
NEAR = 0.16
# Two themes nearer than this are one.
SAME = 0.55
ROUNDS = 4


def smallest(n: int) -> int:
    """The fewest comments that make a theme of ``n``: below it is an anecdote (our choice)."""
    return max(6, int(0.002 * n))


def how_many(n: int) -> int:
    """How many themes to begin with for ``n`` comments: grows with its root, as what people talk about does.

    Examples
    --------
    >>> how_many(500), how_many(10_000), how_many(1_000_000)
    (6, 16, 60)
    """
    return int(min(60, max(6, round((n / 40) ** 0.5))))


def directions(rows: Matrix, n_themes: int, seed: int, begin: Floats | None = None) -> Floats:
    """Find themes: dense unit rows, (themes, words), each with at most `WIDTH` words.

    Parameters
    ----------
    rows : sparse matrix, shape (texts, words)
        Unit rows.
    n_themes : int
        How many to look for; there may be fewer.
    seed : int
        Of the compression and of the clusters' beginnings.
    begin : ndarray of float, shape (more, words), optional
        Directions to look at beside those that are found.

    Returns
    -------
    ndarray of float, shape (themes, words)
        No two of them nearly the same.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> rows = csr_matrix(np.repeat(np.eye(8), 30, axis=0))
    >>> directions(rows, 8, 0).shape
    (8, 8)
    """
    filled = rows[np.flatnonzero(np.diff(rows.indptr) > 0)]
    everyone = np.asarray(rows.mean(axis=0)).ravel()
    found = sharpened(filled, _first_grouping(filled, n_themes, seed), everyone)
    if begin is not None:
        found = np.vstack([begin, found])
    found = distinct(found)
    for _ in range(ROUNDS):
        found = distinct(sharpened(rows, nearest(rows, found)[0], everyone, n=len(found)))
    return found


def nearest(rows: Matrix, themes: Floats) -> tuple[Ints, Floats]:
    """The nearest theme of each row and its cosine; −1 where none is near.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> nearest(csr_matrix([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 1.0], [1.0, 0.0]]))[0].tolist()
    [1, -1]
    """
    if not len(themes) or not rows.shape[0]:
        return np.full(rows.shape[0], -1), np.zeros(rows.shape[0])
    likeness = np.asarray(rows @ themes.T.astype(np.float32))
    best = likeness.argmax(axis=1)
    cosine = likeness[np.arange(len(best)), best].astype(np.float64)
    return np.where(cosine >= NEAR, best, -1), cosine


def sharpened(rows: Matrix, group: Ints, everyone: Floats, *, n: int | None = None) -> Floats:
    """The direction in which each group of some size differs from ``everyone``, its strongest words only."""
    n = int(group.max(initial=-1)) + 1 if n is None else n
    found, size = differences(rows, group, everyone, n)
    return unit(found[size >= smallest(rows.shape[0])])


def differences(rows: Matrix, group: Ints, everyone: Floats, n: int) -> tuple[Floats, Ints]:
    """Of each group 0 … n−1 what its mean has more than ``everyone``, `WIDTH` words at most; and its size."""
    from scipy.sparse import csr_matrix

    members = np.flatnonzero(group >= 0)
    size = np.bincount(group[members], minlength=n)
    places = (np.ones(len(members), np.float32), (group[members], members))
    sums = np.asarray((csr_matrix(places, shape=(n, rows.shape[0])) @ rows).todense())
    found = np.maximum(sums / np.maximum(size, 1)[:, None] - everyone, 0)
    for row, n_members in zip(found, size, strict=True):
        width = min(WIDTH, max(NARROW, int(n_members) // EACH))
        if width < len(row):
            row[row < np.partition(row, -width)[-width]] = 0
    return found, size


def unit(rows: Floats) -> Floats:
    """Rows at length 1; empty ones dropped.

    Examples
    --------
    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8]]
    """
    length = np.linalg.norm(rows, axis=1)
    return np.asarray(rows[length > 0] / length[length > 0, None])


def distinct(themes: Floats) -> Floats:
    """Drop each theme that is nearly one of those before it.

    Examples
    --------
    >>> len(distinct(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])))
    2
    """
    kept: list[int] = []
    alike = themes @ themes.T
    for number in range(len(themes)):
        if not kept or alike[number, kept].max() < SAME:
            kept.append(number)
    return themes[kept]


def _first_grouping(rows: Matrix, n_themes: int, seed: int) -> Ints:
    """k-means in few dimensions."""
    if rows.shape[0] < 2 * n_themes or rows.shape[1] < 3:
        return np.zeros(rows.shape[0], dtype=np.int64)
    from sklearn.cluster import MiniBatchKMeans

    how: dict[str, Any] = {"batch_size": 4096, "random_state": seed, "n_init": 5, "max_iter": 60}
    found = MiniBatchKMeans(n_themes, **how).fit_predict(_compressed(rows, seed))
    return np.asarray(found, dtype=np.int64)


def _compressed(rows: Matrix, seed: int) -> Floats:
    from sklearn.decomposition import TruncatedSVD

    few = min(COMPONENTS, rows.shape[1] - 1)
    # Comments that are all alike have no variance to explain.
    with np.errstate(divide="ignore", invalid="ignore"):
        places = TruncatedSVD(few, n_iter=3, random_state=seed).fit_transform(rows)
    return np.asarray(places / (np.linalg.norm(places, axis=1, keepdims=True) + 1e-9))


def spread(groups: Sequence[int] | Ints, n: int) -> Ints:
    """Sizes of groups 0 … n−1; −1 is none.

    Examples
    --------
    >>> spread([0, 0, -1, 2], 3).tolist()
    [2, 0, 1]
    """
    found = np.asarray(groups, dtype=np.int64)
    return np.bincount(found[found >= 0], minlength=n)
