"""Intervals and tests against established software and published figures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.difference import adjusted_difference, welch_difference
from voiceloop.analytics.stats.intervals import (
    SCORE_PSEUDO,
    adjusted_interval,
    share_interval,
    student_interval,
)
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.student import normal_quantile, t_cdf, t_quantile

SAMPLE_A = np.random.default_rng(7).gamma(2, 5, size=23).tolist()
SAMPLE_B = np.random.default_rng(8).gamma(2, 8, size=31).tolist()


def successes(k, n):
    return Parts(n, n, n, k, k)


class TestQuantiles:
    @pytest.mark.parametrize("df", [1, 1.7, 2, 3, 4.5, 9, 30, 200, 5000.5])
    @pytest.mark.parametrize("p", [0.6, 0.9, 0.975, 0.9995])
    def test_student_is_that_of_scipy(self, p, df):
        assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-9)

    @pytest.mark.parametrize("t", [-4.0, -0.3, 0.0, 0.7, 12.0])
    def test_its_distribution_is_that_of_scipy(self, t):
        assert t_cdf(t, 6.5) == pytest.approx(stats.t.cdf(t, 6.5), abs=1e-12)

    def test_normal_is_that_of_scipy(self):
        assert normal_quantile(0.975) == pytest.approx(stats.norm.ppf(0.975), rel=1e-12)


class TestShare:
    @pytest.mark.parametrize(("k", "n"), [(0, 5), (3, 7), (81, 263), (15, 148), (999, 1000), (20, 20)])
    def test_it_is_wilsons_of_statsmodels(self, k, n):
        assert share_interval(successes(k, n)) == pytest.approx(
            proportion_confint(k, n, method="wilson"), abs=1e-12
        )

    # Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
    @pytest.mark.parametrize(
        ("k", "n", "low", "high"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_it_is_the_published_one(self, k, n, low, high):
        assert share_interval(successes(k, n)) == pytest.approx((low, high), abs=5e-5)

    @pytest.mark.parametrize(("a", "b"), [((9, 10), (3, 10)), ((56, 70), (48, 80)), ((1, 5), (0, 9))])
    def test_a_difference_is_agresti_and_caffos_of_statsmodels(self, a, b):
        found = adjusted_difference(successes(*a), successes(*b), ((2.0, 1.0), (2.0, 0.0)))
        expected = confint_proportions_2indep(*a, *b, method="agresti-caffo", compare="diff")
        assert (found.low, found.high) == pytest.approx(expected, abs=1e-6)


class TestMean:
    def test_it_is_students_of_scipy(self):
        expected = stats.ttest_1samp(SAMPLE_A, 0).confidence_interval(0.95)
        assert student_interval(Parts.of(SAMPLE_A)) == pytest.approx(tuple(expected), rel=1e-9)

    def test_a_difference_is_welchs_of_scipy(self):
        expected = stats.ttest_ind(SAMPLE_A, SAMPLE_B, equal_var=False)
        found = welch_difference(Parts.of(SAMPLE_A), Parts.of(SAMPLE_B))
        assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6)
        assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval(0.95)), rel=1e-8)


class TestScore:
    def test_it_is_the_adjusted_wald_interval_worked_by_hand(self):
        # 92 promoters, 6 passives, 2 detractors; with ¾, 1½ and ¾ added: 92.75, 7.5, 2.75 of 103.
        p, d, n = 92.75 / 103, 2.75 / 103, 103
        half = stats.norm.ppf(0.975) * np.sqrt((p + d - (p - d) ** 2) / n)
        found = adjusted_interval(Parts.of([1.0] * 92 + [0.0] * 6 + [-1.0] * 2), SCORE_PSEUDO, (-1, 1))
        assert found == pytest.approx((p - d - half, p - d + half), abs=1e-12)


class TestBudget:
    def test_it_is_benjamini_and_hochbergs_of_statsmodels(self):
        p = np.random.default_rng(3).uniform(size=60) ** 3
        assert within_budget(p.tolist(), 0.1) == multipletests(p, 0.1, method="fdr_bh")[0].tolist()
