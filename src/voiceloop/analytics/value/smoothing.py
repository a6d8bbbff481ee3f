"""A small family of forecasts: the last value, the last season, and exponential smoothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from voiceloop.analytics.value.cells import Floats

Method = Callable[[Floats, int], Floats]
# Our choices: coarse, since the error is flat around its minimum and a back-test runs each many times.
_LEVELS, _TRENDS, _SEASONS, _DAMPING = (0.05, 0.15, 0.3, 0.5, 0.8), (0.02, 0.1, 0.3), (0.05, 0.2), 0.9


def naive(values: Floats, ahead: int) -> Floats:
    """Return the last value for every period ahead.

    Examples
    --------
    >>> naive(np.array([1.0, 3.0]), 2).tolist()
    [3.0, 3.0]
    """
    return np.full(ahead, values[-1])


def seasonal_naive(season: int) -> Method:
    """Return the rule that each period is as it was one season before.

    Examples
    --------
    >>> seasonal_naive(2)(np.array([1.0, 2.0, 3.0]), 3).tolist()
    [2.0, 3.0, 2.0]
    """

    def found(values: Floats, ahead: int) -> Floats:
        return np.resize(values[-season:], ahead)

    return found


def average(values: Floats, ahead: int) -> Floats:
    """Return the mean of everything so far.

    Examples
    --------
    >>> average(np.array([1.0, 3.0]), 1).tolist()
    [2.0]
    """
    return np.full(ahead, values.mean())


def level(values: Floats, ahead: int) -> Floats:
    """Return simple exponential smoothing (Brown 1959).

    Examples
    --------
    >>> level(np.full(9, 5.0), 2).tolist()
    [5.0, 5.0]
    """
    return _smoothed(values, ahead, trends=(0.0,), season=0)


def trend(values: Floats, ahead: int) -> Floats:
    """Return smoothing with a damped trend (Gardner and McKenzie 1985).

    Examples
    --------
    >>> bool(trend(np.arange(30.0), 1)[0] > 29)
    True
    """
    return _smoothed(values, ahead, trends=_TRENDS, season=0)


def seasonal(season: int) -> Method:
    """Return smoothing with a damped trend and an additive season (Holt and Winters 1960).

    Examples
    --------
    >>> seasonal(2)(np.tile([1.0, 5.0], 10), 2).round().tolist()
    [1.0, 5.0]
    """

    def found(values: Floats, ahead: int) -> Floats:
        return _smoothed(values, ahead, trends=(0.0, *_TRENDS), season=season)

    return found


def methods(n: int, season: int) -> dict[str, Method]:
    """Return the methods that a series of ``n`` periods can bear; a season wants three full ones.

    Of two nobody could say whether a dip comes back every year or came once.

    Examples
    --------
    >>> list(methods(10, 12))
    ['naive', 'mean', 'level', 'trend']
    """
    found: dict[str, Method] = {"naive": naive, "mean": average, "level": level, "trend": trend}
    if season > 1 and n >= 3 * season:
        found |= {"seasonal naive": seasonal_naive(season), "seasonal": seasonal(season)}
    return found


def _smoothed(values: Floats, ahead: int, *, trends: tuple[float, ...], season: int) -> Floats:
    """Every setting of the grid at once; the one with the smallest one-step error speaks."""
    grid = np.array(list(product(_LEVELS, trends, _SEASONS if season else (0.0,))))
    alpha, beta, gamma = grid.T
    at, slope, seasons = _start(values, season, len(grid))
    error = np.zeros(len(grid))
    for i, value in enumerate(values):
        k = i % max(season, 1)
        before = at + _DAMPING * slope
        missed = value - before - seasons[:, k]
        error += missed**2 * (i >= max(season, 2))
        # The error-correction form of Hyndman et al. 2008, ETS(A,Ad,A).
        at, slope = before + alpha * missed, _DAMPING * slope + alpha * beta * missed
        seasons[:, k] += gamma * (1 - alpha) * missed
    best = int(np.argmin(error))
    steps = np.arange(1, ahead + 1)
    damped = np.cumsum(_DAMPING**steps)
    pattern = seasons[best, (len(values) + steps - 1) % max(season, 1)]
    found: Floats = at[best] + slope[best] * damped * (trends != (0.0,)) + pattern
    return found


def _start(values: Floats, season: int, n: int) -> tuple[Floats, Floats, Floats]:
    if not season:
        head = values[: max(3, len(values) // 8)]
        return np.full(n, head.mean()), np.zeros(n), np.zeros((n, 1))
    years = values[: len(values) // season * season].reshape(-1, season)
    pattern = (years - years.mean(axis=1, keepdims=True)).mean(axis=0)
    return np.full(n, years[0].mean()), np.zeros(n), np.tile(pattern, (n, 1))
