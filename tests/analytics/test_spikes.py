"""Spikes: calm stays calm, what was planted is found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from voiceloop.analytics import spikes
from voiceloop.analytics.errors import AnalyticsError

WEEK = np.arange(56) % 7


def past(mean: float, n_series: int = 1, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, size=(n_series, 56, 24))


class TestChance:
    @pytest.mark.parametrize(("n", "mean", "scatter"), [(1, 0.2, 0.1), (7, 2.5, 0.02), (40, 20.0, 0.3)])
    def test_it_is_the_tail_of_the_negative_binomial(self, n: int, mean: float, scatter: float) -> None:
        expected = nbinom.sf(n - 1, 1 / scatter, 1 / (1 + scatter * mean))
        assert spikes.chance(n, mean, scatter) == pytest.approx(expected, rel=1e-9)

    def test_it_is_that_of_poisson_where_nothing_scatters(self) -> None:
        assert spikes.chance(9, 3.0, 1e-9) == pytest.approx(poisson.sf(8, 3.0), rel=1e-5)


class TestLimits:
    def test_it_is_the_smallest_count_that_is_rare_enough(self) -> None:
        mean, scatter, p = np.array([0.5, 4.0, 60.0]), 0.05, 1e-5
        found = spikes.limits(mean, scatter, p)
        assert (spikes.chance(found, mean, scatter) < p).all()
        assert (spikes.chance(found - 1, mean, scatter) >= p).all()


class TestUsual:
    def test_it_learns_weekdays_and_hours(self) -> None:
        rate = np.ones((56, 24))
        rate[WEEK == 5] *= 3
        rate[:, 12] *= 4
        found = spikes.usual(np.random.default_rng(1).poisson(4 * rate)[None], WEEK)
        hours = found.hours(np.array([1, 5]))[0]
        assert hours[0, 12] / hours[0, 3] == pytest.approx(4, rel=0.2)
        assert hours[1].sum() / hours[0].sum() == pytest.approx(3, rel=0.2)

    def test_it_forgets_a_spike_of_the_past(self) -> None:
        calm = past(2.0)
        struck = calm.copy()
        struck[0, 40, 10:14] += 60
        level = spikes.usual(struck, WEEK).level[0]
        assert level == pytest.approx(spikes.usual(calm, WEEK).level[0], rel=0.06)

    def test_it_needs_two_weeks(self) -> None:
        with pytest.raises(AnalyticsError):
            spikes.usual(past(1.0)[:, :13], WEEK[:13])

    def test_it_takes_the_impossible_for_rare(self) -> None:
        found = spikes.usual(np.zeros((1, 56, 24), dtype=np.int64), WEEK)
        assert 0 < found.level[0] < 0.05


class TestBudget:
    @pytest.mark.parametrize("n_others", [0, 1, 40])
    def test_it_is_spent_whatever_there_is_to_watch(self, n_others: int) -> None:
        spread = spikes.budget(3.0, np.array([True] + [False] * n_others))
        spent = spread.hour.sum() * spikes.HOURS_A_YEAR + spread.day.sum() * spikes.DAYS_A_YEAR
        assert spent == pytest.approx(3.0)


class TestWatching:
    """The two promises of the watch, on a few weeks; `bin/bench spikes` makes a thousand."""

    def test_it_finds_a_planted_hour_and_nothing_else(self) -> None:
        counts = past(1.0, n_series=10, seed=7)
        counts[3, 55, 12] += 15
        learned = spikes.usual(counts[:, :55], WEEK[:55])
        mean = learned.hours(WEEK[55:])[:, 0]
        allowed = spikes.budget(2.0, np.arange(10) == 0).hour[:, None]
        limit = spikes.limits(mean, learned.scatter_hour[:, None], allowed, at_least=5, times=2.0)
        assert np.argwhere(counts[:, 55] >= limit).tolist() == [[3, 12]]
