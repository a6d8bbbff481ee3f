"""Test and retest: what one score says of the next one, when nothing happened in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.stats.student import normal_quantile

Floats = npt.NDArray[np.float64]

SCORES = 11
# Correlation of two answers of one customer to the recommend question, and the range the literature gives
# for satisfaction questions; where a company has repeated answers of its own, they are used instead.
CORRELATION, LEAST, MOST = 0.57, 0.47, 0.77

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
# Far enough out that nothing of a normal distribution is left.
_END = 8.0


class Estimate(NamedTuple):
    """A share 0-1, and how far its interval reaches below and above it."""

    value: float
    below: float
    above: float


@dataclass(frozen=True)
class Retest:
    """Two scores as cuts of two correlated normal variables.

    Attributes
    ----------
    cuts : ndarray of float, shape (12,)
        Where each of the scores 0 to 10 begins, and the last one ends.
    correlation, drift : float
        Of the two variables; how much higher the second one lies for everybody.
    spread : ndarray of float, shape (2, 2), or None
        Covariance of (atanh correlation, drift) as estimated; None for a model that is assumed.
    """

    cuts: Floats
    correlation: float
    drift: float = 0.0
    spread: Floats | None = None

    def share(self, first: Floats, least: int, confidence: float = 0.95) -> Estimate:
        """Return the share of customers with these first scores who score ``least`` or more next time.

        Parameters
        ----------
        first : ndarray of float, shape (n,)
            Their first scores, 0 to 10.
        least : int
            Second score from which on they count.
        confidence : float
            Level of the interval: from the errors of the fit, or from the range of the literature.

        Returns
        -------
        Estimate
            Share 0-1.

        Examples
        --------
        >>> scores = np.repeat(np.arange(11.0), (3, 1, 2, 3, 4, 8, 9, 15, 20, 17, 18))
        >>> round(assumed(scores).share(np.array([0.0, 6.0]), 7).value, 2)
        0.37
        """
        value = self._share(first, least, self.correlation, self.drift)
        if self.spread is None:
            ends = [self._share(first, least, at, 0.0) for at in (LEAST, MOST)]
            return Estimate(value, value - min(ends), max(ends) - value)
        at = np.array([np.arctanh(self.correlation), self.drift])
        steps = np.eye(2) * 1e-4
        up, down = (
            [self._share(first, least, np.tanh(a), b) for a, b in at + sign * steps] for sign in (1, -1)
        )
        slope = (np.array(up) - down) / 2e-4
        error = normal_quantile((1 + confidence) / 2) * float(np.sqrt(slope @ self.spread @ slope))
        return Estimate(value, min(error, value), min(error, 1 - value))

    def _share(self, first: Floats, least: int, correlation: float, drift: float) -> float:
        table = table_of(self.cuts, correlation, drift)
        weights = np.bincount(first.astype(np.int64), minlength=SCORES) / len(first)
        return float(weights @ table[:, least:].sum(axis=1))


def assumed(scores: Floats) -> Retest:
    """Return the model with the correlation of the literature.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
        First scores of everybody asked, 0 to 10.

    Returns
    -------
    Retest
        Without drift.

    Examples
    --------
    >>> assumed(np.arange(11.0)).correlation
    0.57
    """
    return Retest(cuts_of(scores), CORRELATION)


def fitted(first: Floats, second: Floats, scores: Floats) -> Retest:
    """Estimate correlation and drift from repeated answers, given the first.

    Parameters
    ----------
    first, second : ndarray of float, shape (n,)
        Two scores of one customer with no case between them. Which first scores are there does not
        matter: the likelihood is that of the second given the first.
    scores : ndarray of float, shape (m,)
        First scores of everybody asked.

    Returns
    -------
    Retest
        With the covariance of its parameters, from the curvature of the likelihood.

    Notes
    -----
    A polychoric correlation in two steps: cuts from the margins, then the correlation. Olsson,
    Psychometrika 44 (1979) 443.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> mood = rng.normal(7, 2, 4000)
    >>> a, b = (np.clip(np.round(mood + rng.normal(0, 1.5, 4000)), 0, 10) for _ in range(2))
    >>> abs(fitted(a, b, a).correlation - 4 / (4 + 1.5**2)) < 0.05
    True
    """
    from scipy.optimize import minimize

    cuts = cuts_of(scores)
    counts = np.zeros((SCORES, SCORES))
    np.add.at(counts, (first.astype(np.int64), second.astype(np.int64)), 1)

    def loss(at: Floats) -> float:
        table = table_of(cuts, float(np.tanh(at[0])), float(at[1]))
        return -float((counts * np.log(np.maximum(table, 1e-12))).sum())

    start = np.array([np.arctanh(CORRELATION), 0.0])
    best = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-7}).x
    spread: Floats = np.asarray(np.linalg.pinv(_curvature(loss, best)), np.float64)
    return Retest(cuts, float(np.tanh(best[0])), float(best[1]), spread)


def cuts_of(scores: Floats) -> Floats:
    """Return where each score begins on a standard normal scale, from how common the scores are.

    Each score is given half a customer, so that one which nobody gave has a place.
    """
    counts = np.bincount(scores.astype(np.int64), minlength=SCORES) + 0.5
    below = np.cumsum(counts)[:-1] / counts.sum()
    return np.array([-_END, *(normal_quantile(float(p)) for p in below), _END])


def table_of(cuts: Floats, correlation: float, drift: float) -> Floats:
    """Return the chance of each second score given each first one.

    Parameters
    ----------
    cuts : ndarray of float, shape (12,)
        As `cuts_of` gives them.
    correlation, drift : float
        See `Retest`.

    Returns
    -------
    ndarray of float, shape (11, 11)
        Rows are first scores and add up to 1.

    Examples
    --------
    >>> table_of(cuts_of(np.arange(11.0)), 0.0, 0.0).round(3)[0, :3].tolist()
    [0.091, 0.091, 0.091]
    """
    from scipy.special import ndtr

    low, high = cuts[:-1, None], cuts[1:, None]
    at = (low + high) / 2 + (high - low) / 2 * _NODES
    density = np.exp(-(at**2) / 2) * _WEIGHTS
    density /= density.sum(axis=1, keepdims=True)
    rest = np.sqrt(max(1 - correlation**2, 1e-9))
    reached = ndtr((cuts[None, None, 1:-1] - correlation * at[..., None] - drift) / rest)
    below = np.concatenate([np.zeros((*at.shape, 1)), reached, np.ones((*at.shape, 1))], axis=2)
    return np.asarray((np.diff(below, axis=2) * density[..., None]).sum(axis=1))


def _curvature(loss: Callable[[Floats], float], at: Floats, step: float = 1e-3) -> Floats:
    """Second derivatives by central differences."""
    moves = np.eye(2) * step
    return np.array(
        [
            [
                sum(sign * other * loss(at + sign * a + other * b) for sign in (1, -1) for other in (1, -1))
                / (4 * step**2)
                for b in moves
            ]
            for a in moves
        ]
    )
