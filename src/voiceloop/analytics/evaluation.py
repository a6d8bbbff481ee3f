"""A composite of several figures on one scale from 0 to 100, with its uncertainty and without guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from voiceloop.analytics.errors import AnalyticsError


@dataclass(frozen=True)
class Reading:
    """A figure as measured: value and interval in its own unit; None when it is missing."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Points:
    """Points from 0 to 100 with their interval.

    Attributes
    ----------
    lowest, highest : float
        The points if everything that is missing were at its floor, and at its goal.
    down, up : float
        How far the interval reaches below ``lowest`` and above ``highest``.
    missing : int
        Indicators that could not be measured.
    """

    lowest: float
    highest: float
    down: float
    up: float
    missing: int = 0

    @property
    def value(self) -> float | None:
        """The points, None as long as something is missing: nothing is re-weighted in silence."""
        return None if self.missing else self.lowest

    @property
    def low(self) -> float:
        """Lower end of the interval; with missing indicators, of everything that is possible."""
        return max(self.lowest - self.down, 0.0)

    @property
    def high(self) -> float:
        """Upper end of the interval; with missing indicators, of everything that is possible."""
        return min(self.highest + self.up, 100.0)


MISSING = Points(0.0, 100.0, 0.0, 0.0, 1)


def scaled(value: float, floor: float, goal: float) -> float:
    """Return where a value stands between its floor (0) and its goal (100).

    Parameters
    ----------
    value, floor, goal : float
        In one unit. A goal below the floor means that less is better.

    Raises
    ------
    AnalyticsError
        When floor and goal are equal.

    Examples
    --------
    >>> scaled(40, 0, 50), scaled(6, 10, 2), scaled(60, 0, 50)
    (80.0, 50.0, 100.0)
    """
    if goal == floor:
        raise AnalyticsError("Floor and goal must differ.", "底线与目标不能相同。")
    return 100.0 * min(max((value - floor) / (goal - floor), 0.0), 1.0)


def points(reading: Reading, floor: float, goal: float) -> Points:
    """Return the points of one figure; both ends of its interval go through the same scaling.

    Examples
    --------
    >>> points(Reading(40, 30, 55), 0, 50)
    Points(lowest=80.0, highest=80.0, down=20.0, up=20.0, missing=0)
    >>> points(Reading(None), 0, 50).missing
    1
    """
    if reading.value is None:
        return MISSING
    value = scaled(reading.value, floor, goal)
    ends = [scaled(end, floor, goal) for end in (reading.low, reading.high) if end is not None] or [value]
    return Points(value, value, max(value - min(ends), 0.0), max(max(ends) - value, 0.0))


def composite(parts: Sequence[tuple[float, Points]]) -> Points:
    """Return the weighted mean of points, for independent parts.

    The interval adds the squared distances of the ends, each side for itself: the delta method for
    a linear function, with the asymmetric intervals of its parts kept (Zou, Huang and Zhang,
    Computational Statistics & Data Analysis 53 (2009) 1080). Figures that rest on the same answers
    are not independent; the interval of their composite is then too narrow.

    A part that is missing keeps its weight. The composite then has no value, only the range between
    all missing parts at 0 and all at 100, widened by the interval of what is known.

    Parameters
    ----------
    parts : sequence of (weight, Points)
        Weights are at least 0, and one is more; only their ratios matter.

    Raises
    ------
    AnalyticsError
        For a negative weight, or none above 0.

    Examples
    --------
    >>> two = composite([(1, Points(80, 80, 6, 6)), (1, Points(40, 40, 8, 8))])
    >>> two.value, two.low, two.high
    (60.0, 55.0, 65.0)
    >>> half = composite([(1, Points(80, 80, 0, 0)), (1, MISSING)])
    >>> half.value, half.low, half.high
    (None, 40.0, 90.0)
    """
    total = sum(weight for weight, _ in parts)
    if not total > 0 or any(weight < 0 for weight, _ in parts):
        raise AnalyticsError("Weights are 0 or more, and one is above 0.", "权重不能为负，且至少一项大于 0。")
    shares = [(weight / total, part) for weight, part in parts if weight]
    return Points(
        sum(share * part.lowest for share, part in shares),
        sum(share * part.highest for share, part in shares),
        sqrt(sum((share * part.down) ** 2 for share, part in shares)),
        sqrt(sum((share * part.up) ** 2 for share, part in shares)),
        sum(part.missing for _, part in shares),
    )
