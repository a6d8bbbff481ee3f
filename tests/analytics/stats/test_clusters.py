"""Answers of one store count for what they tell together."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from voiceloop.analytics.stats.clusters import cluster_effective_n
from voiceloop.analytics.stats.intervals import SCORE_PSEUDO, adjusted_interval
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.student import normal_quantile, t_quantile

SCORES = np.array([1.0, 0.0, -1.0])


def worth(values, stores):
    values, stores = np.asarray(values, float), np.asarray(stores)
    found = [(float((stores == c).sum()), float(values[stores == c].sum())) for c in np.unique(stores)]
    w, x = (np.array(column) for column in zip(*found, strict=True))
    n = float(len(values))
    sums = (n, values.sum(), (values**2).sum(), (w * w).sum(), (w * x).sum(), (x * x).sum())
    return cluster_effective_n(len(found), *(float(one) for one in sums))


def covered(mix, n_stores, n_each, icc, runs=400, seed=1):
    rng = np.random.default_rng(seed)
    truth, hits = float(np.dot(mix, SCORES)), 0
    for _ in range(runs):
        of_store = rng.dirichlet(np.array(mix) * (1 / icc - 1), size=n_stores)
        counts = np.array([rng.multinomial(n_each, p / p.sum()) for p in of_store])
        w, x = counts.sum(1).astype(float), counts @ SCORES
        n, total, squares = float(w.sum()), float(x.sum()), float((counts @ SCORES**2).sum())
        rows = cluster_effective_n(n_stores, n, total, squares, *map(float, (w @ w, w @ x, x @ x)))
        low, high = adjusted_interval(Parts(int(n), n, n * n / rows, total, squares), SCORE_PSEUDO, (-1, 1))
        hits += low <= truth <= high
    return hits / runs


class TestClusterEffectiveN:
    def test_it_gives_the_cluster_robust_error_of_a_regression_on_a_constant(self):
        rng = np.random.default_rng(3)
        stores = np.repeat(np.arange(40), 12)
        values = np.clip(np.round(rng.normal(0, 1, 480) + rng.normal(0, 1, 40)[stores]), -1, 1)
        fit = OLS(values, np.ones(480)).fit(
            cov_type="cluster", cov_kwds={"groups": stores, "use_correction": False}
        )
        error = float(fit.bse[0]) * (40 / 39) ** 0.5
        penalty = t_quantile(0.975, 39) / normal_quantile(0.975)
        assert (values.var() / worth(values, stores)) ** 0.5 == pytest.approx(error * penalty, rel=1e-9)

    def test_it_is_about_the_rows_when_each_is_its_own_cluster(self):
        assert worth([1, 0, -1, 1] * 150, range(600)) == pytest.approx(600, rel=0.01)

    def test_it_is_one_for_a_single_cluster(self):
        assert worth([1, 0, -1], [7, 7, 7]) == 1.0

    def test_it_never_exceeds_the_rows(self):
        assert worth([1, -1] * 50, np.repeat(np.arange(50), 2)) <= 100

    def test_it_counts_one_giant_store_as_few(self):
        values = [1.0, 0.0, -1.0, 1.0] * 30
        assert worth(values, [0] * 100 + list(range(1, 21))) < 5

    @pytest.mark.parametrize("mix", [(0.92, 0.06, 0.02), (0.6, 0.25, 0.15), (0.3, 0.3, 0.4)])
    @pytest.mark.parametrize(("n_stores", "n_each", "icc"), [(20, 15, 0.05), (50, 20, 0.2), (100, 2, 0.2)])
    def test_its_interval_holds_the_truth_in_95_of_100_samples(self, mix, n_stores, n_each, icc):
        assert 0.91 <= covered(mix, n_stores, n_each, icc) <= 0.99
