"""Intervals of averages keep their promise on crowded scales and long tails."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from voiceloop.analytics.stats.means import bounded_interval, positive_interval
from voiceloop.analytics.stats.parts import Parts

FIVE = np.arange(1.0, 6.0)
MIXES = {
    "excellent": (0.005, 0.005, 0.02, 0.07, 0.9),
    "good": (0.01, 0.01, 0.03, 0.15, 0.8),
    "usual": (0.02, 0.03, 0.08, 0.27, 0.6),
    "middling": (0.1, 0.2, 0.3, 0.25, 0.15),
    "divided": (0.3, 0.1, 0.05, 0.15, 0.4),
}
TAILS = {
    "gamma": (lambda rng, shape: rng.gamma(2, 30, shape), 60.0),
    "exponential": (lambda rng, shape: rng.exponential(40, shape), 40.0),
    "lognormal": (lambda rng, shape: rng.lognormal(3, 0.6, shape), float(np.exp(3.18))),
    "normal": (lambda rng, shape: rng.normal(50, 8, shape), 50.0),
}


def many(counts, values):
    n = counts.sum(axis=-1)
    return Parts(n, n.astype(float), n.astype(float), counts @ values, counts @ values**2)


def possible(n, mix):
    """Every sample of ``n`` five-point answers and its chance."""
    picks = np.array(list(combinations_with_replacement(range(5), n)))
    counts = np.stack([(picks == i).sum(1) for i in range(5)], axis=1)
    return counts, stats.multinomial.pmf(counts, n, mix)


class TestBoundedInterval:
    @pytest.mark.parametrize("mix", MIXES.values(), ids=MIXES)
    @pytest.mark.parametrize("n", [5, 10, 20])
    def test_it_holds_the_truth_in_95_of_100_samples_counted_exactly(self, mix, n):
        counts, chances = possible(n, mix)
        low, high = bounded_interval(many(counts, FIVE), (), (1, 5))
        truth = float(np.dot(mix, FIVE))
        assert 0.925 <= chances[(low <= truth) & (truth <= high)].sum() <= 0.975

    @pytest.mark.parametrize("mix", MIXES.values(), ids=MIXES)
    @pytest.mark.parametrize("n", [50, 100, 300, 1000])
    def test_it_holds_the_truth_in_95_of_100_large_samples(self, mix, n):
        counts = np.random.default_rng(n).multinomial(n, mix, size=20_000)
        low, high = bounded_interval(many(counts, FIVE), (), (1, 5))
        truth = float(np.dot(mix, FIVE))
        assert 0.925 <= ((low <= truth) & (truth <= high)).mean() <= 0.975

    @pytest.mark.parametrize("weights", [(1.0, 1.0), (0.5, 2.0)])
    def test_it_does_so_for_weighted_answers(self, weights):
        rng = np.random.default_rng(3)
        scores = rng.choice(FIVE, p=MIXES["usual"], size=(10_000, 40))
        w = np.tile(np.repeat(weights, 20), (10_000, 1))
        parts = Parts(
            np.full(10_000, 40), w.sum(1), (w**2).sum(1), (w * scores).sum(1), (w * scores**2).sum(1)
        )
        low, high = bounded_interval(parts, (), (1, 5))
        truth = float(np.dot(MIXES["usual"], FIVE))
        assert 0.925 <= ((low <= truth) & (truth <= high)).mean() <= 0.975

    @pytest.mark.parametrize("hits", [0, 3, 9, 10])
    def test_it_is_wilsons_for_yes_or_no(self, hits):
        low, high = bounded_interval(Parts.of([1.0] * hits + [0.0] * (10 - hits)), (), (0, 1))
        wilson = proportion_confint(hits, 10, method="wilson")
        assert (low, high) == pytest.approx(wilson, abs=0.02)

    def test_it_has_width_even_when_all_answers_are_alike(self):
        low, high = bounded_interval(Parts.of([5.0] * 10), (), (1, 5))
        assert (low < 4.9, high) == (True, 5.0)

    def test_it_holds_the_value_within_the_scale(self):
        for values in ([1.0], [5.0], [1.0, 5.0], [3.0, 3.0]):
            low, high = bounded_interval(Parts.of(values), (), (1, 5))
            assert 1 <= low <= sum(values) / len(values) <= high <= 5


class TestPositiveInterval:
    @pytest.mark.parametrize(("draw", "truth"), TAILS.values(), ids=TAILS)
    @pytest.mark.parametrize("n", [5, 10, 20, 50, 100, 300])
    def test_it_holds_the_truth_in_95_of_100_samples(self, draw, truth, n):
        values = draw(np.random.default_rng(n), (6_000, n))
        size = np.full(6_000, n)
        low, high = positive_interval(Parts(size, size * 1.0, size * 1.0, values.sum(1), (values**2).sum(1)))
        assert 0.925 <= ((low <= truth) & (truth <= high)).mean() <= 0.98

    def test_it_is_the_inverse_of_halls_cubic(self):
        values = [12.0, 8.0, 30.0, 5.0, 15.0]
        mean, deviation = np.mean(values), np.std(values, ddof=1)
        low, high = positive_interval(Parts.of(values))
        a = 2 * deviation / mean
        for end, t in ((low, stats.t.ppf(0.975, 4)), (high, -stats.t.ppf(0.975, 4))):
            x = (mean - end) / deviation
            cubic = x + a * x**2 / 3 + a**2 * x**3 / 27 + a / (6 * 5)
            assert cubic * 5**0.5 == pytest.approx(t)

    def test_it_needs_two_rows(self):
        assert positive_interval(Parts.of([3.0])) is None
        assert positive_interval(Parts()) is None

    def test_it_is_sure_about_constants(self):
        assert positive_interval(Parts.of([4.0, 4.0, 4.0])) == (4.0, 4.0)

    def test_it_is_students_without_a_positive_mean(self):
        values = [-3.0, -1.0, 2.0, -6.0]
        low, high = positive_interval(Parts.of(values))
        wanted = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
        assert (low, high) == pytest.approx(wanted, rel=1e-6)
