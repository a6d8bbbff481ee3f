"""The watch: which hours and days of which charts are beyond what is usual there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from django.utils.timezone import get_default_timezone, localtime

from voiceloop.analytics import spikes
from voiceloop.analytics.spikes import Floats, Ints, Usual
from voiceloop.server.act.crisis.frame import HISTORY, Frame, Series, frame, midnight, weekdays
from voiceloop.server.act.models import CrisisWatch
from voiceloop.server.act.models.crisis import CrisisAlarm
from voiceloop.server.measure.labels import label

HOUR, DAY = CrisisAlarm.Grain.HOUR, CrisisAlarm.Grain.DAY


@dataclass(frozen=True)
class Found:
    """One hour or day beyond its limit."""

    chart: str
    grain: str
    series: Series
    index: int
    at: datetime
    n: int
    usual: float
    limit: int
    p_value: float

    @property
    def key(self) -> str:
        where = f"{self.series.place}:{self.series.touchpoint}"
        return f"{self.chart}:{self.grain}:{where}:{self.at.isoformat()}"

    @property
    def until(self) -> datetime:
        return self.at + (timedelta(hours=1) if self.grain == HOUR else timedelta(days=1))


@dataclass(frozen=True)
class Share:
    """The chance with which one look at one series may be wrong."""

    hour: float
    day: float


@dataclass(frozen=True)
class Look:
    """One day of one chart, judged by the eight weeks before it."""

    chart: str
    frame: Frame
    day: int
    watch: CrisisWatch
    n_charts: int

    @cached_property
    def kinds(self) -> Ints:
        return weekdays(self.frame.days())

    @cached_property
    def usual(self) -> Usual:
        """Of the days before, from the first on which anything happened: a young company has no zeros."""
        first = max(self._began, self.day - HISTORY)
        return spikes.usual(self.frame.counts[:, first : self.day], self.kinds[first : self.day])

    @property
    def _began(self) -> int:
        return max((self.frame.began - self.frame.first).days, 0)

    def usual_of(self, own: Series) -> tuple[Usual, Share]:
        """What is usual in any part of the company, last after those that are watched, and its chance."""
        first = max(self._began, self.day - HISTORY)
        past = np.concatenate([self.frame.counts, self.frame.of(own)[None]])[:, first : self.day]
        at = 0 if own.is_company else 1
        share = Share(float(self.allowed.hour[at]), float(self.allowed.day[at]))
        return spikes.usual(past, self.kinds[first : self.day]), share

    @property
    def is_young(self) -> bool:
        return self.day - self._began < spikes.FEWEST_DAYS

    @cached_property
    def allowed(self) -> spikes.Budget:
        """Each chart has its part of the year's false alarms."""
        company = np.array([one.is_company for one in self.frame.series])
        return spikes.budget(self.watch.false_a_year / self.n_charts, company)

    @property
    def midnight(self) -> datetime:
        return midnight(self.frame.first + timedelta(days=self.day))

    def found(self) -> Iterator[Found]:
        """The alarms of this day; an hour that is not over yet is judged by the whole hour's limit.

        Counts only grow, so looking every five minutes raises no more alarms than looking once.
        """
        if not self.is_young:
            yield from self._hours()
            yield from self._day()

    def _hours(self) -> Iterator[Found]:
        n, mean = self.frame.counts[:, self.day], self.hourly()
        for i, h in zip(*np.nonzero(self._may(n, mean)), strict=True):
            scatter, p = self.usual.scatter_hour[i], self.allowed.hour[i]
            at = self.midnight + timedelta(hours=int(h))
            yield from self._judged(HOUR, int(i), at, int(n[i, h]), float(mean[i, h]), scatter, p)

    def _day(self) -> Iterator[Found]:
        n, mean = self.frame.counts[:, self.day].sum(axis=1), self.daily()
        for i in np.flatnonzero(self._may(n, mean)):
            scatter, p = self.usual.scatter_day[i], self.allowed.day[i]
            yield from self._judged(DAY, int(i), self.midnight, int(n[i]), float(mean[i]), scatter, p)

    def hourly(self) -> Floats:
        return self.usual.hours(self.kinds[self.day : self.day + 1])[:, 0]

    def daily(self) -> Floats:
        return self.usual.days(self.kinds[self.day : self.day + 1])[:, 0]

    def _may(self, n: Ints, mean: Floats) -> Any:
        return (n >= self.watch.at_least) & (n >= self.watch.times * mean)

    def _judged(
        self, grain: str, i: int, at: datetime, n: int, mean: float, scatter: float, p: float
    ) -> Iterator[Found]:
        limit = self.limit(mean, scatter, p)
        if n >= limit:
            rare = float(spikes.chance(n, mean, scatter))
            yield Found(self.chart, grain, self.frame.series[i], i, at, n, round(mean, 2), limit, rare)

    def limit(self, mean: float, scatter: float, p: float) -> int:
        found = spikes.limits(
            np.array([mean]), scatter, p, at_least=self.watch.at_least, times=self.watch.times
        )
        return int(found[0])

    def without(self, one: Found, other: Series) -> bool:
        """Whether `one` would still be an alarm if `other` had been as usual."""
        return one.n - max(self._excess(one, other), 0.0) >= one.limit

    def narrowest(self, one: Found) -> tuple[Series, Series | None]:
        """The smallest unit, and the touchpoint, that hold four fifths of what is too much."""
        enough = 0.8 * (one.n - one.usual)
        holds = [other for other in self.frame.series if self._excess(one, other) >= enough]
        inside = one.series.unit.path or ""
        units = [s for s in holds if not s.touchpoint and (s.unit.path or "").startswith(inside)]
        deepest = max(units, key=lambda other: other.unit.depth, default=one.series)
        return deepest, next((other for other in holds if other.touchpoint), None)

    def _excess(self, one: Found, other: Series) -> float:
        """How many more than usual of the alarm's events are also the other's."""
        whole, both = self.frame.of(one.series), self.frame.of(one.series, other)
        past = slice(max(self._began, self.day - HISTORY), self.day)
        share = float(both[past].sum() / max(int(whole[past].sum()), 1))
        hour = localtime(one.at, get_default_timezone()).hour
        n = int(both[self.day, hour] if one.grain == HOUR else both[self.day].sum())
        return n - share * one.usual


def looks(day: date, watch: CrisisWatch, *, n_days: int = 1) -> Iterator[Look]:
    """Each chart's last days, the oldest first; `n_days` days in one reading of the database."""
    for chart in watch.charts:
        whole = frame(chart, until=day, n_days=HISTORY + n_days, watch=watch)
        for i in range(HISTORY, HISTORY + n_days):
            yield Look(chart, whole, i, watch, len(watch.charts))


def place_name(found: Found) -> str:
    """Where it was, in the reader's language."""
    point = found.series.touchpoint
    return f"{found.series.unit} · {label('touchpoint', point)}" if point else str(found.series.unit)
