"""How far predictions agree with labels: the figures that every fit and every evaluation reports."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.learning.calibration import calibration_error


class Report(NamedTuple):
    """Figures over ``n`` labelled texts that the model had not seen."""

    n: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    rows_per_second: float


def report(chances: Floats, truth: Ints, seconds: float) -> Report:
    """Compare the likeliest label of each text with the right one.

    Parameters
    ----------
    chances : ndarray of float, shape (n, labels)
        Chance of each label.
    truth : ndarray of int, shape (n,)
        The right label's number; -1 for a label that the model does not know, which counts as wrong.
    seconds : float
        What the prediction took.

    Returns
    -------
    Report
        Macro-F1 is the plain mean of F1 over the labels that occur in ``truth``.

    Examples
    --------
    >>> report(np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([0, 1]), 1.0).accuracy
    1.0
    """
    guess = np.argmax(chances, axis=1)
    right = guess == truth
    return Report(
        n=len(truth),
        accuracy=float(right.mean()),
        macro_f1=macro_f1(guess, truth),
        calibration_error=calibration_error(chances.max(axis=1), right),
        rows_per_second=len(truth) / max(seconds, 1e-9),
    )


def macro_f1(guess: Ints, truth: Ints) -> float:
    """Return the mean F1 over the labels that occur in ``truth``; labels unknown to the model count as 0.

    Examples
    --------
    >>> macro_f1(np.array([0, 1, 1]), np.array([0, 1, 1]))
    1.0
    """
    labels = np.unique(truth)
    return float(np.mean([_f1(guess, truth, int(label)) for label in labels]))


def _f1(guess: Ints, truth: Ints, label: int) -> float:
    both = np.sum((guess == label) & (truth == label))
    return float(2 * both / max(np.sum(guess == label) + np.sum(truth == label), 1))
