"""Control charts: has a score left its usual level, and since when?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from voiceloop.analytics import registry
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.shift import Watch
from voiceloop.analytics.unfold import bounds_of

Key = TypeVar("Key", bound=Hashable)
Series = Sequence[tuple[date, Parts]]


@dataclass(frozen=True)
class ControlPoint:
    """One period of a control chart.

    Attributes
    ----------
    period : date
        Its first day.
    n : int
        Answers in it.
    value, centre, lower, upper : float or None
        The figure, the usual level before it and the limits within which this many answers
        usually lie, in the metric's unit; None while there is too little to compare with.
    p_value : float or None
        Chance that a stable series looks this unusual in one period.
    is_alarm : bool
        Whether the series has left its usual level.
    since : date or None
        First period of the new level, while there is an alarm.
    """

    period: date
    n: int
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    is_alarm: bool
    since: date | None

    def to_dict(self) -> dict[str, Any]:
        """Return the point as plain JSON types."""
        days = {"period": self.period.isoformat(), "since": self.since.isoformat() if self.since else None}
        return {**vars(self), **days}


@dataclass(frozen=True)
class ControlChart:
    """A series of figures with the limits within which chance alone would keep them."""

    metric: Metric = field(repr=False)
    scale: str | None
    points: tuple[ControlPoint, ...]

    @property
    def alarms(self) -> tuple[ControlPoint, ...]:
        """The points at which the series was off its usual level."""
        return tuple(point for point in self.points if point.is_alarm)

    def to_dict(self) -> dict[str, Any]:
        """Return the chart as plain JSON types."""
        points = [point.to_dict() for point in self.points]
        return {"metric": self.metric.name, "unit": self.metric.unit, "scale": self.scale, "points": points}


def control_chart(series: Series, metric: str | Metric, scale: str | None = None) -> ControlChart:
    """Say for each period whether the series has left its usual level.

    The last one, two, three, four, six and eight periods are compared with all periods before
    them since the level last changed (at most 26, at least 4 with 20 answers): the changepoint
    chart of Hawkins, Qiu and Kang, Journal of Quality Technology 35 (2003) 355, with
    score tests straightened for lopsided answers. Periods that differ among each other more than
    chance does widen the limits, as in Laney, Quality Engineering 14 (2002) 531. A level that has
    held for eight periods becomes the usual one.

    The threshold is our choice, by simulation: of stable series of 26 weeks at most 5 in 100
    raise an alarm at all, from 5 to 1,000 answers a week and for 92/6/2 as for 30/30/40.

    Parameters
    ----------
    series : sequence of (first day, Parts)
        One entry per period, oldest first; the sums of a mean-type metric.
    metric : str or Metric
        A score, a share or an average.
    scale : str, optional
        Scale of the answers, when the metric has several.

    Returns
    -------
    ControlChart
        One `ControlPoint` per entry.

    Raises
    ------
    AnalyticsError
        For an unknown metric, or one that is not a mean.

    Examples
    --------
    >>> from datetime import timedelta
    >>> good, bad = [1] * 60 + [0] * 25 + [-1] * 15, [1] * 40 + [0] * 35 + [-1] * 25
    >>> weeks = [good] * 9 + [bad] * 2
    >>> series = [(date(2026, 1, 5) + timedelta(weeks=i), Parts.of(week)) for i, week in enumerate(weeks)]
    >>> chart = control_chart(series, "nps", "nps_0_10")
    >>> [point.period.isoformat() for point in chart.alarms], chart.points[-1].since.isoformat()
    (['2026-03-09', '2026-03-16'], '2026-03-09')
    """
    return control_charts({"": series}, metric, scale)[""]


def control_charts(
    series: Mapping[Key, Series], metric: str | Metric, scale: str | None = None, *, rate: float = 0.05
) -> dict[Key, ControlChart]:
    """Watch many series at once, for instance one for each touchpoint.

    A series raises an alarm only when it would alone and when, among all series of that period,
    at most a share ``rate`` of the new alarms is expected to be chance (`within_budget`).

    Parameters
    ----------
    series : mapping of key to sequence of (first day, Parts)
        Periods with the same first day are judged together.
    metric, scale
        As for `control_chart`.
    rate : float
        Share of false alarms among the new alarms of a period.

    Examples
    --------
    >>> from datetime import timedelta
    >>> calm = [(date(2026, 1, 5) + timedelta(weeks=i), Parts.of([1, 1, 0, -1] * 20)) for i in range(9)]
    >>> charts = control_charts({"shop": calm, "app": calm[:5]}, "nps")
    >>> len(charts["shop"].points), charts["app"].alarms
    (9, ())
    """
    found = registry.metric(metric) if isinstance(metric, str) else metric
    bounds = bounds_of(found, scale)
    watches = {key: Watch(bounds) for key in series}
    at = {key: dict(entries) for key, entries in series.items()}
    points: dict[Key, list[ControlPoint]] = {key: [] for key in series}
    for day in sorted({day for entries in at.values() for day in entries}):
        present = [key for key in series if day in at[key]]
        p_values = [watches[key].look(day, at[key][day]) for key in present]
        for key, p, holds in zip(present, p_values, within_budget(p_values, rate), strict=True):
            watches[key].settle(holds)
            points[key].append(_point(found, day, at[key][day], watches[key], p))
    return {key: ControlChart(found, scale, tuple(of_key)) for key, of_key in points.items()}


def _point(metric: Metric, day: date, parts: Parts, watch: Watch, p: float | None) -> ControlPoint:
    centre, lower, upper = (None if x is None else x * metric.factor for x in watch.limits)
    value = None if parts.mean is None else parts.mean * metric.factor
    since = watch.since
    return ControlPoint(day, parts.n, value, centre, lower, upper, p, since is not None, since)
