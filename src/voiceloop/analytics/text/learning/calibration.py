"""Chances that hold: margins of a classifier turned into probabilities on texts it had not seen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Floats, Ints

# Keeps the intercepts of labels with few texts near zero; our choice.
RIDGE = 1e-3
BINS = 10
# Of so many labels a margin's chance need not be straight; sentiment stays straight, so that its score is its
# log-odds.
BENT = 4


class Scaling(NamedTuple):
    """One slope and one bend for all labels, an intercept for each.

    chance = softmax(slope · margin + bend · margin · |margin| + intercept)
    """

    slope: float
    intercept: Floats
    bend: float = 0.0

    def chances(self, margins: Floats) -> Floats:
        """Return the chance of each label, (n, labels), rows adding up to 1.

        Examples
        --------
        >>> Scaling(1.0, np.zeros(2)).chances(np.zeros((1, 2))).tolist()
        [[0.5, 0.5]]
        """
        logits = self.slope * margins + self.intercept
        if self.bend:
            logits = logits + self.bend * margins * np.abs(margins)
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def scaling(margins: Floats, truth: Ints, weights: Floats) -> Scaling:
    """Return the scaling with the highest likelihood on margins of texts that the model had not seen.

    Parameters
    ----------
    margins : ndarray of float, shape (n, labels)
        Held-out margins.
    truth : ndarray of int, shape (n,)
        The right label's number.
    weights : ndarray of float, shape (n,)
        How much each text counts.

    Returns
    -------
    Scaling
        Guo et al. (2017), "On Calibration of Modern Neural Networks": temperature and bias-corrected, and
        with four labels or more a bend, as margins of one label against the rest grow too slowly for a
        softmax; towards Platt's targets, so that labels told apart without a fault do not make it sure of
        all.

    Examples
    --------
    >>> margins = np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, -1.0]])
    >>> found = scaling(margins, np.array([0, 1, 0, 1]), np.ones(4))
    >>> found.chances(margins)[0].round(1).tolist()
    [0.6, 0.4]
    """
    from scipy.optimize import minimize

    n_labels = margins.shape[1]
    targets = _targets(truth, weights, n_labels)
    share = (weights / max(weights.sum(), 1e-12))[:, None]

    curved = margins * np.abs(margins)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        intercept = parameters[2:]
        chances = Scaling(np.exp(parameters[0]), intercept, parameters[1]).chances(margins)
        likelihood = float((targets * np.log(np.maximum(chances, 1e-12)) * share).sum())
        error = (chances - targets) * share
        slope = np.exp(parameters[0]) * float((error * margins).sum())
        bend = float((error * curved).sum())
        gradient = np.concatenate([[slope, bend], error.sum(axis=0) + 2 * RIDGE * intercept])
        return -likelihood + RIDGE * float(intercept @ intercept), gradient

    bounds = [(-5, 5), (0, 10 if n_labels >= BENT else 0)] + [(-8, 8)] * n_labels
    found = minimize(loss, np.zeros(n_labels + 2), jac=True, method="L-BFGS-B", bounds=bounds)
    return Scaling(float(np.exp(found.x[0])), np.asarray(found.x[2:], dtype=np.float64), float(found.x[1]))


def _targets(truth: Ints, weights: Floats, n_labels: int) -> Floats:
    """Platt (1999): of n texts of a label all n held, and yet the next may not."""
    doubt = 1 / (np.bincount(truth, weights, n_labels) + 2)
    targets = np.repeat((doubt / max(n_labels - 1, 1))[truth][:, None], n_labels, axis=1)
    targets[np.arange(len(truth)), truth] = 1 - doubt[truth]
    return targets


def crossed(margins: Floats, truth: Ints, weights: Floats, fold: Ints) -> Floats:
    """Return chances of held-out texts, each scaled by what the other folds taught: for an honest report.

    Parameters
    ----------
    margins, truth, weights : ndarray
        As for `scaling`.
    fold : ndarray of int, shape (n,)
        Each text's fold.

    Returns
    -------
    ndarray of float, shape (n, labels)
        Chances.

    Examples
    --------
    >>> crossed(np.zeros((4, 2)), np.array([0, 1, 0, 1]), np.ones(4), np.array([0, 0, 1, 1])).shape
    (4, 2)
    """
    chances = np.zeros_like(margins)
    for held in np.unique(fold):
        here, rest = fold == held, fold != held
        chances[here] = scaling(margins[rest], truth[rest], weights[rest]).chances(margins[here])
    return chances


def calibration_error(confidence: Floats, right: Bools) -> float:
    """Return the expected gap between confidence and accuracy over 10 bins (Guo et al. 2017).

    Parameters
    ----------
    confidence : ndarray of float, shape (n,)
        Chance of the predicted label.
    right : ndarray of bool, shape (n,)
        Whether it was right.

    Returns
    -------
    float
        0 when what is said with 80% is right 80 times in 100.

    Examples
    --------
    >>> calibration_error(np.array([0.9, 0.9]), np.array([True, True])).__round__(3)
    0.1
    """
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gap = np.bincount(place, confidence - right, BINS)
    return float(np.abs(gap).sum() / len(confidence))
