"""A period is held against the level before it."""

from __future__ import annotations

import pytest
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

from voiceloop.analytics.stats.many import careful_p
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.shift import Sums, shift_score


def yes(hits, n):
    return Parts.of([1.0] * hits + [0.0] * (n - hits))


def score(a, b, bounds=(0, 1), spread=1.0):
    return shift_score(Sums.of(a), Sums.of(b), bounds, spread)


class TestShiftScore:
    def test_it_is_the_pooled_test_of_two_shares_when_nothing_leans(self):
        z, _ = proportions_ztest([110, 90], [200, 200])
        assert score(yes(110, 200), yes(90, 200)) == pytest.approx(z, rel=0.005)

    @pytest.mark.parametrize(("few", "hits"), [(10, 5), (10, 4), (20, 10), (5, 1)])
    def test_it_is_near_the_exact_chance_where_it_is_lopsided(self, few, hits):
        rest = yes(190, 200)
        whole, ups = 200 + few, 190 + hits
        exact = stats.hypergeom(whole, ups, few)
        chance = exact.cdf(hits - 1) + exact.pmf(hits) / 2
        assert score(yes(hits, few), rest) == pytest.approx(stats.norm.ppf(chance), abs=0.6)

    def test_it_turns_its_sign_with_the_sides(self):
        assert score(yes(3, 10), yes(60, 100)) == pytest.approx(-score(yes(60, 100), yes(3, 10)))

    def test_it_is_milder_where_periods_differ_anyway(self):
        assert abs(score(yes(3, 10), yes(60, 100), spread=2.0)) < abs(score(yes(3, 10), yes(60, 100)))

    def test_it_says_nothing_without_answers_or_spread(self):
        assert score(Parts(), yes(5, 10)) == 0
        assert score(yes(10, 10), yes(5, 5)) == 0


class TestSums:
    def test_they_add_and_subtract(self):
        a, b = Sums.of(yes(3, 10)), Sums.of(yes(5, 20))
        assert ((a + b) - b).mean == pytest.approx(a.mean)
        assert (a + b).periods == 2

    def test_their_spread_is_one_for_periods_that_differ_by_chance(self):
        calm = sum((Sums.of(yes(50, 100)) for _ in range(10)), Sums())
        restless = sum((Sums.of(yes(k, 100)) for k in (20, 80) * 5), Sums())
        assert calm.spread == 1.0
        assert restless.spread > 5

    def test_they_count_weighted_answers_at_their_worth(self):
        found = Sums.of(Parts.of([1.0, 0.0, 1.0], [2.0, 1.0, 1.0]))
        assert (found.n, found.mean) == (pytest.approx(16 / 6), 0.75)


class TestCarefulP:
    def test_it_is_never_smaller_than_what_was_given(self):
        a, b = yes(9, 10), yes(10, 100)
        assert careful_p(a, b, 0.5, (0, 1)) >= 0.5
        assert careful_p(a, b, 0.9, (0, 1)) == 1.0
        assert careful_p(a, b, 1e-30, (0, 1)) > 1e-30

    def test_it_leaves_none_as_none(self):
        assert careful_p(Parts(), Parts(), None, (0, 1)) is None
