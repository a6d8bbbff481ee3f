"""Spikes: is more said this hour, or today, than hour, weekday and chance explain?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from voiceloop.analytics.errors import AnalyticsError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOURS = 24
HOURS_A_YEAR, DAYS_A_YEAR = 24 * 365.25, 365.25
# Fewer days say too little about weekdays: two of each. Our choice.
ROUNDS = 4
# Our choice: beyond this the past is taken to hold a spike, not to scatter.
WILDEST = 0.3
FEWEST_DAYS = 14
# The level of four weeks ago counts half as much as yesterday's. Our choice.
HALF_LIFE = 28.0
# A series' own weekdays and hours are trusted like so many of its events against those of all series.
WEEKDAY_TRUST, HOUR_TRUST = 20.0, 100.0
# Counts scatter more than the history shows: chosen by simulation, see `voiceloop.bench.spikes`.
SCATTER_AT_LEAST, SCATTER_TIMES = 0.02, 1.6
# A past hour this rare is taken for a spike of its own and cut to its limit. Our choice.
RARE = 1e-4


@dataclass(frozen=True)
class Usual:
    """What is usual in each series: its level, its weekdays, its hours, and how far counts scatter.

    Attributes
    ----------
    level : array of (series,)
        Events a day.
    weekday : array of (series, 7)
        Factor of each kind of day, Monday first; a public holiday is a Sunday.
    hour : array of (series, 2, 24)
        Share of each hour of a day, on Mondays to Fridays and on the other days.
    scatter_hour, scatter_day : array of (series,)
        Squared coefficient of variation of an hour's and a day's mean.
    """

    level: Floats
    weekday: Floats
    hour: Floats
    scatter_hour: Floats
    scatter_day: Floats

    def days(self, weekdays: Ints) -> Floats:
        """Expected events of (series, days)."""
        return np.asarray(self.level[:, None] * self.weekday[:, weekdays])

    def hours(self, weekdays: Ints) -> Floats:
        """Expected events of (series, days, 24)."""
        share = self.hour[:, (weekdays >= 5).astype(np.int64)]
        return np.asarray(self.days(weekdays)[:, :, None] * share)


@dataclass(frozen=True)
class Budget:
    """The chance with which a look may be wrong, for one company chart and for one of the others.

    A budget is spent evenly: half on the company's charts, half on all others; of each half one half on hours
    and one on days. Expected false alarms add up whatever the charts have to do with each other, so that
    all charts together raise at most ``false_a_year`` a year.
    """

    hour: Floats
    day: Floats


def budget(false_a_year: float, is_company: NDArray[np.bool_]) -> Budget:
    """Spread the false alarms of a year over charts that are looked at hourly and daily.

    Parameters
    ----------
    false_a_year : float
        Alarms of all charts together that chance may raise in a year.
    is_company : array of bool
        Which charts are those of the whole company.

    Examples
    --------
    >>> spread = budget(2.0, np.array([True, False, False]))
    >>> round(float((spread.hour * HOURS_A_YEAR + spread.day * DAYS_A_YEAR).sum()), 3)
    2.0
    """
    n_company, n_others = int(is_company.sum()), int((~is_company).sum())
    parts = (n_company > 0) + (n_others > 0)
    of_company = 1 / n_company / parts if n_company else 0.0
    of_other = 1 / n_others / parts if n_others else 0.0
    share = np.where(is_company, of_company, of_other) * false_a_year / 2
    return Budget(share / HOURS_A_YEAR, share / DAYS_A_YEAR)


def usual(counts: Ints, weekdays: Ints) -> Usual:
    """Learn from the past what is usual, leaving out spikes that were in it.

    The mean of an hour is level × factor of the weekday × share of the hour, the last two drawn towards
    those of all series where a series is small (an empirical-Bayes pull of a fixed number of events). Past
    hours too rare for that mean are cut to their limit and the mean is learned again: the reweighting of
    Noufaily et al., Statistics in Medicine 32 (2013) 1206, for outbreaks of disease.

    Parameters
    ----------
    counts : array of int, (series, days, 24)
        Events of each hour, the oldest day first.
    weekdays : array of int, (days,)
        0 for a Monday to 6 for a Sunday or a public holiday.

    Returns
    -------
    Usual

    Raises
    ------
    AnalyticsError
        With fewer than 14 days.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> past = rng.poisson(2.0, size=(1, 56, 24))
    >>> found = usual(past, np.arange(56) % 7)
    >>> 46 < float(found.level[0]) < 50
    True
    """
    if counts.shape[1] < FEWEST_DAYS:
        raise AnalyticsError("What is usual needs two weeks.", "要知道平常水平，至少需要两周的数据。")
    found = _learned(counts.astype(float), weekdays)
    # A large spike widens the scatter that it is judged by: it is judged anew by what is left without it.
    for _ in range(ROUNDS):
        means = found.hours(weekdays)
        scatter = np.broadcast_to(np.minimum(found.scatter_hour, WILDEST)[:, None, None], means.shape)
        calm = _without_spikes(counts, means, scatter)
        if calm is counts:
            break
        found = _learned(calm.astype(float), weekdays)
    return found


def chance(n: Any, mean: Any, scatter: Any) -> Floats:
    """Return the chance of ``n`` events or more, where ``mean`` are usual and means scatter.

    Counts are Poisson around a mean that itself is gamma: the negative binomial, whose tail is an incomplete
    beta function.

    Parameters
    ----------
    n, mean, scatter : array
        Events, expected events, and the squared coefficient of variation of the mean.

    Examples
    --------
    >>> round(float(chance(10, 3.0, 0.02)), 5)
    0.00165
    >>> float(chance(0, 3.0, 0.02))
    1.0
    """
    n, mean, scatter = np.broadcast_arrays(np.asarray(n, dtype=float), mean, scatter)
    wide = scatter * mean
    tail = betainc(np.maximum(n, 1), 1 / scatter, wide / (1 + wide))
    return np.asarray(np.where(n < 1, 1.0, tail), dtype=np.float64)


def limits(mean: Any, scatter: Any, p: Any, *, at_least: int = 1, times: float = 1.0) -> Ints:
    """Return the smallest counts that are an alarm.

    Rarer than ``p``, no fewer than ``at_least``, and ``times`` the usual number: what is surely more
    need not be much more.

    Examples
    --------
    >>> limits(np.array([0.01, 3.0, 500.0]), 0.02, 1e-5, at_least=5, times=2.0).tolist()
    [5, 14, 1000]
    """
    mean = np.asarray(mean, dtype=float)
    rare = _limit(mean, np.asarray(scatter), np.broadcast_to(p, mean.shape)) + 1
    wanted: Ints = np.maximum(np.maximum(rare, at_least), np.ceil(times * mean).astype(np.int64))
    return wanted


def _without_spikes(counts: Ints, means: Floats, scatter: Floats) -> Ints:
    """Hours too rare for their mean, cut to their limit; only those well above it need a closer look."""
    high = (counts >= 3) & (counts > 1.5 * means)
    rare = np.zeros(counts.shape, dtype=bool)
    rare[high] = chance(counts[high], means[high], scatter[high]) < RARE
    if not rare.any():
        return counts
    calm = counts.copy()
    calm[rare] = _limit(means[rare], scatter[rare], np.full(int(rare.sum()), RARE))
    return calm


def _learned(counts: Floats, weekdays: Ints) -> Usual:
    totals = counts.sum(axis=2)
    n_days = totals.shape[1]
    factor = _weekdays(totals, weekdays)
    weight = 0.5 ** (np.arange(n_days - 1, -1, -1) / HALF_LIFE)
    exposure = (weight * factor[:, weekdays]).sum(axis=1)
    # Half an event more: what never happened is rare, not impossible.
    level = ((weight * totals).sum(axis=1) + 0.5) / np.maximum(exposure, 1e-9)
    learned = Usual(level, factor, _hours(counts, totals, weekdays), *(np.zeros(len(level)),) * 2)
    # How unsure the level itself is: it was learned from so many events.
    unsure = 1 / np.maximum((weight * totals).sum(axis=1), 1.0)
    hourly = _scatter(counts.reshape(len(level), -1), learned.hours(weekdays).reshape(len(level), -1))
    daily = _scatter(totals, learned.days(weekdays))
    return Usual(level, factor, learned.hour, hourly + unsure, daily + unsure)


def _weekdays(totals: Floats, weekdays: Ints) -> Floats:
    is_day = (weekdays[:, None] == np.arange(7)).astype(float)
    n_of = is_day.sum(axis=0)
    mean = totals.mean(axis=1)
    of_all = (totals.sum(axis=0) @ is_day) / np.maximum(n_of * mean.sum(), 1e-9)
    of_all = np.where((n_of > 0) & (mean.sum() > 0), of_all, 1.0)
    found = totals @ is_day + WEEKDAY_TRUST * of_all
    return np.asarray(found / (n_of * mean[:, None] + WEEKDAY_TRUST))


def _hours(counts: Floats, totals: Floats, weekdays: Ints) -> Floats:
    shares = []
    everybodys = counts.sum(axis=(0, 1)) + 1.0
    for is_free in (False, True):
        mine = (weekdays >= 5) == is_free
        of_all = counts[:, mine].sum(axis=(0, 1)) + HOURS * everybodys / everybodys.sum()
        of_all = of_all / of_all.sum()
        own, n = counts[:, mine].sum(axis=1), totals[:, mine].sum(axis=1)
        shares.append((own + HOUR_TRUST * of_all) / (n + HOUR_TRUST)[:, None])
    return np.stack(shares, axis=1)


def _scatter(counts: Floats, means: Floats) -> Floats:
    """By moments; a small series has at least that of all of them."""
    over, square = (counts - means) ** 2 - means, means**2
    of_all = over.sum() / max(float(square.sum()), 1e-9)
    own = over.sum(axis=1) / np.maximum(square.sum(axis=1), 1e-9)
    own = np.where(means.sum(axis=1) >= HOUR_TRUST, own, of_all)
    return np.asarray(SCATTER_AT_LEAST + SCATTER_TIMES * np.maximum(np.maximum(own, of_all), 0.0))


def _limit(mean: Floats, scatter: Floats, p: Floats) -> Ints:
    """The largest counts that are not rarer than p, by bisection."""
    scatter = np.broadcast_to(scatter, mean.shape)
    low = np.zeros(mean.shape, dtype=np.int64)
    high = (16 + 8 * mean * (1 + 10 * scatter) + 40 * np.sqrt(mean + scatter * mean**2)).astype(np.int64)
    while bool((high - low > 1).any()):
        middle = (low + high) // 2
        is_rare = chance(middle, mean, scatter) < p
        low, high = np.where(is_rare, low, middle), np.where(is_rare, middle, high)
    return low
