"""What comes next, and the honesty about it."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.forecast import forecast
from voiceloop.analytics.value.loyalty import layers

MONDAY = 20_003


def rows(counts):
    """Days with as many rows as the weeks should hold."""
    return np.concatenate(
        [np.linspace(MONDAY + 7 * i, MONDAY + 7 * i + 6, int(n)) for i, n in enumerate(counts)]
    )


@pytest.mark.requirement(81)
class TestForecast:
    def test_a_trend_is_followed_and_beats_the_naive_rule(self):
        found = forecast(rows(100 + 10 * np.arange(40)), ahead=3)
        assert (found.method, found.naive_is_better) == ("trend", False)
        assert found.error < found.naive_error
        assert found.points[0].value > found.history[-1].value

    def test_a_random_walk_is_left_to_the_naive_rule(self):
        used = []
        for seed in range(12):
            steps = np.random.default_rng(seed).normal(0, 40, 60)
            used.append(forecast(rows(1000 + np.cumsum(steps))).naive_is_better)
        assert np.mean(used) > 0.5

    def test_its_intervals_hold_about_what_they_promise(self):
        rng = np.random.default_rng(1)
        held = []
        for _ in range(12):
            weeks = rng.normal(300, 30, 60)
            found = forecast(rows(weeks[:52]), ahead=8)
            held += [p.low <= v <= p.high for p, v in zip(found.points, weeks[52:], strict=True)]
        assert 0.8 < np.mean(held) <= 1

    def test_a_period_that_is_not_over_is_left_out(self):
        whole = rows([100] * 20)
        part = np.append(whole, [MONDAY + 140, MONDAY + 141])
        assert forecast(part).history == forecast(whole).history

    def test_a_mean_is_that_of_its_rows(self):
        days = rows([10] * 12)
        found = forecast(days, np.full(len(days), 7.0))
        assert found.points[0].value == pytest.approx(7.0)

    def test_too_short_a_past_is_said(self):
        with pytest.raises(AnalyticsError, match="too few"):
            forecast(rows([10, 10]))


@pytest.mark.requirement(15)
class TestLayers:
    TABLE = {
        "customer_key": [1, 2, 3, 4],
        "purchases": [9, 9, 1, 9],
        "pace": [0.5, 1.0, 0.5, 9.0],
        "mean_score": [9.5, 3.0, 10.0, float("nan")],
        "last_score": [10.0, 2.0, 10.0, float("nan")],
        "negative": [0, 2, 0, 0],
    }

    def test_the_layers_are_kept_apart(self):
        found = layers(self.TABLE)
        assert found.deeds.tolist() == [True, True, False, False]
        assert found.feelings.tolist() == [True, False, True, False]
        assert found.words.tolist() == [True, False, True, False]

    def test_it_names_who_behaves_loyal_and_feels_disloyal(self):
        assert layers(self.TABLE).behaves_loyal_feels_disloyal == [2]
