"""Composites on a scale from 0 to 100: their arithmetic, by properties and against a published interval."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.evaluation import MISSING, Points, Reading, composite, points, scaled

number = st.floats(-1000, 1000)
share = st.floats(0, 100)
known = st.builds(lambda v, d, u: Points(v, v, d, u), share, share, share)
weight = st.floats(0.01, 10)
parts = st.lists(st.tuples(weight, known), min_size=1, max_size=8)


class TestScaled:
    @given(value=number, floor=number, goal=number)
    def test_it_stays_between_nothing_and_all(self, value: float, floor: float, goal: float) -> None:
        if floor != goal:
            assert 0 <= scaled(value, floor, goal) <= 100

    @given(floor=number, goal=number)
    def test_the_floor_is_0_and_the_goal_100(self, floor: float, goal: float) -> None:
        if floor != goal:
            assert (scaled(floor, floor, goal), scaled(goal, floor, goal)) == (0, 100)

    def test_equal_ends_are_refused(self) -> None:
        with pytest.raises(AnalyticsError, match="differ"):
            scaled(1, 5, 5)


class TestPoints:
    def test_less_is_better_when_the_goal_lies_below(self) -> None:
        found = points(Reading(6, 5, 8), 10, 2)
        assert (found.value, found.low, found.high) == (50, 25, 62.5)

    def test_an_interval_beyond_the_goal_ends_there(self) -> None:
        assert points(Reading(45, 40, 80), 0, 50).high == 100


class TestComposite:
    @given(parts)
    def test_it_lies_within_its_parts(self, parts: list[tuple[float, Points]]) -> None:
        value = composite(parts).value
        every = [part.lowest for _, part in parts]
        assert value is not None
        assert min(every) - 1e-9 <= value <= max(every) + 1e-9

    @given(parts, weight)
    def test_only_the_ratios_of_weights_matter(self, parts: list[tuple[float, Points]], by: float) -> None:
        again = composite([(weight * by, part) for weight, part in parts])
        assert again.lowest == pytest.approx(composite(parts).lowest)
        assert again.down == pytest.approx(composite(parts).down)

    @given(parts)
    def test_the_order_does_not_matter(self, parts: list[tuple[float, Points]]) -> None:
        assert composite(parts[::-1]).up == pytest.approx(composite(parts).up)

    @given(parts)
    def test_it_is_never_less_sure_than_its_least_sure_part(self, parts: list[tuple[float, Points]]) -> None:
        assert composite(parts).down <= max(part.down for _, part in parts) + 1e-9

    @given(parts, weight, share)
    def test_whatever_is_missing_lies_in_the_range(
        self, parts: list[tuple[float, Points]], weight: float, truth: float
    ) -> None:
        unknown = composite([*parts, (weight, MISSING)])
        known = composite([*parts, (weight, Points(truth, truth, 0, 0))])
        assert unknown.value is None
        assert unknown.missing == 1
        assert unknown.low - 1e-9 <= known.low
        assert known.high <= unknown.high + 1e-9

    def test_it_is_the_published_interval_of_two_shares(self) -> None:
        """Newcombe's (1998) method 10 is the same sum of squares on two Wilson intervals."""
        (low_a, high_a), (low_b, high_b) = (
            proportion_confint(hits, n, method="wilson") for hits, n in ((56, 70), (48, 80))
        )
        a = Points(80, 80, 80 - 100 * low_a, 100 * high_a - 80)
        # 100 − b turns the difference into a sum.
        b = Points(40, 40, 100 * high_b - 60, 60 - 100 * low_b)
        found = composite([(1, a), (1, b)])
        low, high = confint_proportions_2indep(56, 70, 48, 80, method="newcomb")
        assert 2 * found.low - 100 == pytest.approx(100 * low, abs=1e-6)
        assert 2 * found.high - 100 == pytest.approx(100 * high, abs=1e-6)

    @pytest.mark.parametrize("weights", [[0.0, 0.0], [-1.0, 2.0], [math.nan, 1.0]])
    def test_weights_that_mean_nothing_are_refused(self, weights: list[float]) -> None:
        with pytest.raises(AnalyticsError, match="Weights"):
            composite([(weight, Points(50, 50, 1, 1)) for weight in weights])
