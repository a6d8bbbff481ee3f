"""The gap between an own figure and somebody else's, with the uncertainty of both."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Row
from voiceloop.analytics.scales import scale
from voiceloop.analytics.stats.student import normal_quantile

Bounds = tuple[float, float]
Verdict = Literal["ahead", "behind", "open", "no_own", "other_scale"]


@dataclass(frozen=True)
class Gap:
    """Own value less benchmark.

    Attributes
    ----------
    difference, low, high : float or None
        In the metric's unit; None when there is nothing to compare.
    verdict : {'ahead', 'behind', 'open', 'no_own', 'other_scale'}
        ``open`` when the interval holds zero.
    both : bool
        Whether the benchmark's own uncertainty is in the interval.
    """

    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    both: bool


def ends(metric: Metric, scale_id: str | None = None) -> Bounds | None:
    """Return the lowest and highest value that a metric can have, None when it has no ends.

    Examples
    --------
    >>> from voiceloop.analytics.registry import metric
    >>> ends(metric("nps")), ends(metric("csat"), "csat_1_5"), ends(metric("wait_minutes"))
    ((-100.0, 100.0), (1.0, 5.0), None)
    """
    if metric.unit == "points":
        return -100.0, 100.0
    if metric.unit == "%":
        return 0.0, 100.0
    if metric.unit == "score" and (scale_id or metric.scales):
        on = scale(scale_id or metric.scales[0])
        return float(on.low), float(on.high)
    return None


def interval(value: float, n: int | None, bounds: Bounds | None, confidence: float = 0.95) -> Bounds | None:
    """Return an interval of a published figure of which only value and sample size are known.

    The spread of the answers is not published, so the largest that the value allows is taken:
    the variance of anything between a and b with mean m is at most (b − m)(m − a)
    (Bhatia and Davis, The American Mathematical Monthly 107 (2000) 353). For shares that is exact,
    for scores it is wider than the truth, never narrower.

    Parameters
    ----------
    value : float
    n : int or None
        Answers behind it; without it nothing is known.
    bounds : (low, high) or None
        The values possible.

    Examples
    --------
    >>> low, high = interval(50.0, 100, (0.0, 100.0))
    >>> round(low, 1), round(high, 1)
    (40.2, 59.8)
    >>> interval(50.0, None, (0.0, 100.0)) is None
    True
    """
    if n is None or n < 1 or bounds is None:
        return None
    low, high = bounds
    half = normal_quantile((1 + confidence) / 2) * sqrt(max((high - value) * (value - low), 0.0) / n)
    return max(value - half, low), min(value + half, high)


def gap(own: Row, value: float, n: int | None, scale_id: str | None, confidence: float = 0.95) -> Gap:
    """Return how far an own figure is from a benchmark; never across scales.

    The interval of the difference keeps both sides' asymmetric intervals (Zou, Huang and Zhang,
    Computational Statistics & Data Analysis 53 (2009) 1080). Without ``n`` it holds our own
    uncertainty only, and ``both`` says so.

    Parameters
    ----------
    own : Row
        Our figure.
    value, n, scale_id
        The benchmark, its sample size and its scale; no scale for metrics without one.

    Examples
    --------
    >>> from voiceloop.analytics import measure
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> own = measure(tiny_lake(), "nps").one
    >>> gap(own, 35.0, 400, "nps_0_10").verdict, gap(own, 35.0, 400, "nps_signed").verdict
    ('open', 'other_scale')
    """
    if own.scale and (scale_id or "") != own.scale:
        return Gap(None, None, None, "other_scale", False)
    if own.value is None or own.low is None or own.high is None:
        return Gap(None, None, None, "no_own", False)
    theirs = interval(value, n, ends(own.metric, own.scale), confidence)
    low, high = theirs or (value, value)
    difference = own.value - value
    down = sqrt((own.value - own.low) ** 2 + (high - value) ** 2)
    up = sqrt((own.high - own.value) ** 2 + (value - low) ** 2)
    verdict = _verdict(difference - down, difference + up, own.metric.better)
    return Gap(difference, difference - down, difference + up, verdict, theirs is not None)


def _verdict(low: float, high: float, better: str) -> Verdict:
    if low <= 0 <= high:
        return "open"
    return "ahead" if (low > 0) == (better == "higher") else "behind"
