"""Lopsided answers make lopsided surprises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from voiceloop.analytics.stats.skew import bent, skewness, straightened


class TestSkewness:
    @pytest.mark.parametrize("p", [0.02, 0.3, 0.5, 0.97])
    def test_it_is_exact_for_yes_or_no(self, p):
        assert skewness(p, p * (1 - p), (0, 1)) == pytest.approx(float(stats.bernoulli.stats(p, moments="s")))

    @pytest.mark.parametrize(("a", "b"), [(2.0, 5.0), (0.5, 0.1)])
    def test_it_is_that_of_the_beta_distribution(self, a, b):
        mean, variance, skew = map(float, stats.beta.stats(a, b, loc=1, scale=4, moments="mvs"))
        assert skewness(mean, variance, (1, 5)) == pytest.approx(skew)

    def test_it_is_that_of_the_gamma_distribution_without_bounds(self):
        mean, variance, skew = map(float, stats.gamma.stats(3.0, scale=7, moments="mvs"))
        assert skewness(mean, variance, None) == pytest.approx(skew)

    def test_it_is_none_where_all_answers_are_alike(self):
        assert skewness(1.0, 0.0, (-1, 1)) == 0.0


class TestStraightened:
    @pytest.mark.parametrize("skew", [0.2, 0.5, 0.8])
    @pytest.mark.parametrize("p", [0.001, 0.02, 0.5, 0.98, 0.999])
    def test_it_gives_the_normal_score_of_the_same_chance(self, skew, p):
        t = float(stats.pearson3.ppf(p, skew))
        assert straightened(t, skew) == pytest.approx(float(stats.norm.ppf(p)), abs=0.06)

    @given(st.floats(-4, 4), st.floats(-1, 1))
    def test_it_is_undone_by_bent(self, z, skew):
        assert straightened(bent(z, skew), skew) == pytest.approx(z, abs=1e-6)

    @given(st.floats(-6, 6), st.floats(-3, 3))
    def test_it_turns_its_sign_with_the_scale(self, t, skew):
        assert straightened(-t, -skew) == pytest.approx(-straightened(t, skew))
