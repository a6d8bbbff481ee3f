"""How one head learns: the sum of two linear classifiers, one on n-grams weighed by how they tell."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Floats, Ints

# Chosen by cross-validation on the car and cosmetics sets.
TELLING_COST, PLAIN_COST, SMOOTHING = 0.1, 0.5, 0.5


class Weights(NamedTuple):
    """A linear function: weight of each column, and bias."""

    columns: Floats
    bias: float


class Cut(NamedTuple):
    """A threshold and what it gives: F1 where the threshold was chosen."""

    threshold: float
    f1: float


def learn(rows: Any, truth: Bools) -> Weights:
    """Learn to tell the rows where ``truth`` is true from the others.

    Parameters
    ----------
    rows : scipy sparse matrix, shape (n, columns)
        Texts.
    truth : ndarray of bool, shape (n,)
        Both values occur.

    Returns
    -------
    Weights
        The sum of a linear support-vector machine and one on columns scaled by their log-count ratio (Wang
        and Manning 2012): the second is better for common reasons, the first for rare ones, the sum for both.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> found = learn(csr_matrix(np.array([[1.0, 0], [0, 1], [1, 0], [0, 1]])), np.array([True, False] * 2))
    >>> bool(found.columns[0] > found.columns[1])
    True
    """
    ratio = _ratio(rows, truth)
    scaled = rows.copy()
    scaled.data = rows.data * ratio[rows.indices]
    telling, plain = _machine(scaled, truth, TELLING_COST), _machine(rows, truth, PLAIN_COST)
    return Weights(telling.columns * ratio + plain.columns, telling.bias + plain.bias)


def _ratio(rows: Any, truth: Bools) -> Floats:
    with_it = np.bincount(rows[truth].indices, minlength=rows.shape[1]) + SMOOTHING
    without = np.bincount(rows[~truth].indices, minlength=rows.shape[1]) + SMOOTHING
    return np.asarray(np.log(with_it / with_it.sum()) - np.log(without / without.sum()))


def _machine(rows: Any, truth: Bools, cost: float) -> Weights:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    with warnings.catch_warnings():
        # A head that stops early is judged by cross-validation like any other.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = LinearSVC(C=cost, random_state=0).fit(rows, truth)
    return Weights(np.asarray(fitted.coef_[0], np.float64), float(fitted.intercept_[0]))


def best_cut(scores: Floats, truth: Bools) -> Cut:
    """Return the threshold of the highest F1, halfway between the two scores beside it.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
        Sums of texts that the head had not seen.
    truth : ndarray of bool, shape (n,)
        What is right.

    Returns
    -------
    Cut
        Above the highest score when no text is true.

    Examples
    --------
    >>> best_cut(np.array([3.0, 1.0, -1.0]), np.array([True, True, False]))
    Cut(threshold=0.0, f1=1.0)
    """
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    f1 = 2 * right / (np.arange(1, len(scores) + 1) + max(int(truth.sum()), 1))
    best = int(np.argmax(f1))
    here = float(scores[order[best]])
    below = float(scores[order[best + 1]]) if best + 1 < len(scores) else here - 1
    if not truth.any():
        return Cut(float(scores[order[0]]) + 1, 0.0)
    return Cut((here + below) / 2, float(f1[best]))


def f1_score(guess: Bools, truth: Bools) -> float:
    """Return F1 of a yes/no answer; 0 when nothing is true.

    Examples
    --------
    >>> f1_score(np.array([True, False]), np.array([True, True])).__round__(2)
    0.67
    """
    return float(2 * np.sum(guess & truth) / max(int(np.sum(guess) + np.sum(truth)), 1))


def crossed_cut(scores: Floats, truth: Bools, fold: Ints) -> Bools:
    """Answer for each fold with the threshold that the other folds choose.

    Examples
    --------
    >>> crossed_cut(np.array([2.0, -2, 3, -1]), np.array([True, False] * 2), np.array([0, 0, 1, 1])).tolist()
    [True, False, True, False]
    """
    answer = np.zeros(len(truth), np.bool_)
    for number in np.unique(fold):
        others = fold != number
        answer[~others] = scores[~others] > best_cut(scores[others], truth[others]).threshold
    return answer
