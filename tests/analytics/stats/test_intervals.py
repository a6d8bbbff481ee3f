"""Intervals keep their promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.stats.coverage import coverage
from voiceloop.analytics.stats.intervals import (
    SCORE_PSEUDO,
    adjusted_interval,
    average_pseudo,
    share_interval,
    student_interval,
)
from voiceloop.analytics.stats.parts import Parts

SIZES = (5, 10, 30, 100, 1000)
SCORE_MIXES = {"excellent": (0.92, 0.06, 0.02), "usual": (0.55, 0.28, 0.17), "poor": (0.1, 0.3, 0.6)}
AVERAGE_MIXES = {"excellent": (0.005, 0.005, 0.02, 0.07, 0.9), "usual": (0.02, 0.03, 0.08, 0.27, 0.6)}


def score(parts):
    return adjusted_interval(parts, SCORE_PSEUDO, (-1, 1))


def average(parts):
    return adjusted_interval(parts, average_pseudo((1, 5)), (1, 5))


def textbook(parts):
    n, mean, variance = parts.with_pseudo(())
    half = 1.959964 * (variance / n) ** 0.5
    return mean - half, mean + half


@pytest.mark.requirement(1)
class TestScoreInterval:
    @pytest.mark.parametrize("n", SIZES)
    @pytest.mark.parametrize("mix", SCORE_MIXES.values(), ids=SCORE_MIXES)
    def test_it_holds_the_truth_in_95_of_100_samples(self, mix, n):
        assert 0.92 <= coverage(score, (1, 0, -1), mix, n, runs=4000) <= 0.98

    def test_it_does_so_where_the_textbook_does_not(self):
        mix = SCORE_MIXES["excellent"]
        assert coverage(textbook, (1, 0, -1), mix, 10, runs=4000) < 0.65

    @given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=1, max_size=200))
    def test_it_holds_the_value_and_has_a_width(self, values):
        low, high = score(Parts.of(values))
        assert -1 <= low <= Parts.of(values).mean <= high <= 1
        assert high > low

    def test_it_widens_with_uneven_weights(self):
        values = [1.0, 0.0, -1.0, 1.0] * 25
        even, uneven = (
            score(Parts.of(values)),
            score(Parts.of(values, [3.0, 3.0, 3.0, 3.0] * 12 + [0.5] * 52)),
        )
        assert uneven[1] - uneven[0] > even[1] - even[0]

    def test_it_does_not_depend_on_the_unit_of_the_weights(self):
        values = [1.0, 0.0, -1.0, 1.0, 1.0]
        small, large = (score(Parts.of(values, [unit, unit, unit, unit, 2 * unit])) for unit in (0.01, 100.0))
        assert small == pytest.approx(large)


class TestAverageInterval:
    @pytest.mark.parametrize("n", SIZES)
    @pytest.mark.parametrize("mix", AVERAGE_MIXES.values(), ids=AVERAGE_MIXES)
    def test_it_holds_the_truth_in_at_least_94_of_100_samples(self, mix, n):
        assert coverage(average, (1, 2, 3, 4, 5), mix, n, runs=4000) >= 0.935

    def test_it_does_so_where_student_does_not(self):
        assert coverage(student_interval, (1, 2, 3, 4, 5), AVERAGE_MIXES["excellent"], 5, runs=4000) < 0.5


class TestShareInterval:
    @pytest.mark.parametrize("n", [10, 30, 100, 1000])
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.85])
    def test_it_holds_the_truth_in_95_of_100_samples(self, share, n):
        assert 0.92 <= coverage(share_interval, (1, 0), (share, 1 - share), n, runs=4000) <= 0.985

    @given(st.integers(1, 500), st.floats(0, 1))
    def test_it_stays_between_0_and_1_around_the_share(self, n, part):
        hits = round(n * part)
        low, high = share_interval(Parts(n, n, n, hits, hits))
        assert 0 <= low <= hits / n <= high <= 1


class TestStudentInterval:
    def test_it_needs_two_rows(self):
        assert student_interval(Parts.of([3.0])) is None

    def test_it_holds_the_truth_in_95_of_100_samples(self):
        assert (
            0.93 <= coverage(student_interval, (1, 2, 3, 4), (0.25, 0.25, 0.25, 0.25), 12, runs=4000) <= 0.97
        )
