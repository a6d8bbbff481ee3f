"""Signal or noise, with the promised rate of false alarms."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.difference import adjusted_difference, welch_difference
from voiceloop.analytics.stats.intervals import SCORE_PSEUDO
from voiceloop.analytics.stats.parts import Parts

SCORES = np.array([1.0, 0.0, -1.0])


def drawn(mix, n, runs, seed):
    counts = np.random.default_rng(seed).multinomial(n, mix, size=runs)
    totals, squares = counts @ SCORES, counts @ SCORES**2
    return [
        Parts(n, n, n, total, square) for total, square in zip(totals.tolist(), squares.tolist(), strict=True)
    ]


def alarms(mix_a, mix_b, n_a, n_b, runs=3000):
    pairs = zip(drawn(mix_a, n_a, runs, 1), drawn(mix_b, n_b, runs, 2), strict=True)
    return sum(adjusted_difference(a, b, SCORE_PSEUDO).verdict == "signal" for a, b in pairs) / runs


@pytest.mark.requirement(6)
class TestAdjustedDifference:
    @pytest.mark.parametrize("mix", [(0.92, 0.06, 0.02), (0.55, 0.28, 0.17), (0.2, 0.3, 0.5)])
    @pytest.mark.parametrize(("n_a", "n_b"), [(10, 10), (30, 200), (500, 500)])
    def test_it_raises_no_more_than_the_promised_false_alarms(self, mix, n_a, n_b):
        assert alarms(mix, mix, n_a, n_b) <= 0.065

    def test_it_finds_a_real_difference(self):
        assert alarms((0.6, 0.2, 0.2), (0.45, 0.25, 0.3), 500, 500) > 0.95

    def test_it_turns_its_sign_with_the_order(self):
        a, b = Parts.of([1.0] * 30 + [-1.0] * 5), Parts.of([1.0] * 20 + [-1.0] * 15)
        ab, ba = adjusted_difference(a, b, SCORE_PSEUDO), adjusted_difference(b, a, SCORE_PSEUDO)
        assert (ab.difference, ab.low, ab.high) == pytest.approx((-ba.difference, -ba.high, -ba.low))
        assert ab.p_value == pytest.approx(ba.p_value)

    def test_its_interval_and_its_verdict_agree(self):
        for a, b in zip(drawn((0.5, 0.3, 0.2), 60, 300, 3), drawn((0.3, 0.3, 0.4), 60, 300, 4), strict=True):
            found = adjusted_difference(a, b, SCORE_PSEUDO)
            assert (found.verdict == "noise") == (found.low <= 0 <= found.high)

    def test_it_has_nothing_to_say_about_nothing(self):
        assert adjusted_difference(Parts(), Parts.of([1.0]), SCORE_PSEUDO).verdict == "noise"


class TestWelchDifference:
    def test_it_needs_two_rows_on_each_side(self):
        assert welch_difference(Parts.of([1.0]), Parts.of([1.0, 2.0])).difference is None

    def test_it_is_sure_about_constants(self):
        assert welch_difference(Parts.of([2.0, 2.0]), Parts.of([1.0, 1.0])).verdict == "signal"
        assert welch_difference(Parts.of([2.0, 2.0]), Parts.of([2.0, 2.0])).verdict == "noise"


class TestWithinBudget:
    def test_it_keeps_the_share_of_false_alarms_among_alarms(self):
        rng = np.random.default_rng(5)
        shares = []
        for _ in range(400):
            p = [*rng.uniform(size=90).tolist(), *(rng.uniform(size=10) * 1e-3).tolist()]
            called = within_budget(p, 0.1)
            shares.append(sum(called[:90]) / max(sum(called), 1))
        assert sum(shares) / len(shares) <= 0.1

    def test_it_calls_nothing_among_nothing(self):
        assert within_budget([]) == []
        assert within_budget([None]) == [False]
