"""The test–retest model against another way to its numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from voiceloop.analytics.stats.retest import Retest, assumed, cuts_of, fitted, table_of

SCORES = np.repeat(np.arange(11.0), (3, 1, 2, 3, 4, 8, 9, 15, 20, 17, 18))


class TestTableOf:
    @pytest.mark.parametrize("correlation", [0.0, 0.57, 0.9])
    def test_it_agrees_with_the_bivariate_normal_of_scipy(self, correlation: float) -> None:
        cuts = cuts_of(SCORES)
        normal = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])

        def below(a: float, b: float) -> float:
            return float(normal.cdf([a, b]))

        a, b, c, d = cuts[5], cuts[6], cuts[7], cuts[8]
        box = below(b, d) - below(a, d) - below(b, c) + below(a, c)
        first = float(below(b, 8.0) - below(a, 8.0))
        assert table_of(cuts, correlation, 0.0)[5, 7] == pytest.approx(box / first, abs=2e-4)

    def test_rows_add_up_to_one(self) -> None:
        assert table_of(cuts_of(SCORES), 0.57, 0.3).sum(axis=1) == pytest.approx(np.ones(11))


class TestFitted:
    def test_it_finds_correlation_and_drift_from_customers_of_high_scores_alone(self) -> None:
        rng = np.random.default_rng(8)
        cuts = cuts_of(SCORES)
        mood = rng.normal(size=60_000)
        other = 0.6 * mood + 0.2 + rng.normal(size=60_000) * 0.8
        first, second = (np.searchsorted(cuts[1:-1], x).astype(float) for x in (mood, other))
        high = first >= 7
        found = fitted(first[high], second[high], first)
        assert found.correlation == pytest.approx(0.6, abs=0.03)
        assert found.drift == pytest.approx(0.2, abs=0.05)

    def test_more_pairs_leave_less_doubt(self) -> None:
        rng = np.random.default_rng(8)
        mood = rng.normal(7, 2, 8000)
        first, second = (np.clip(np.round(mood + rng.normal(0, 1.5, 8000)), 0, 10) for _ in range(2))
        few, many = fitted(first[:400], second[:400], first), fitted(first, second, first)
        six = np.array([6.0])
        assert few.share(six, 7).above > 2 * many.share(six, 7).above


class TestShare:
    def test_an_assumed_correlation_carries_the_range_of_the_literature(self) -> None:
        found = assumed(SCORES).share(np.arange(7.0), 7)
        least, most = (Retest(cuts_of(SCORES), at).share(np.arange(7.0), 7).value for at in (0.77, 0.47))
        assert found.value - found.below == pytest.approx(least)
        assert found.value + found.above == pytest.approx(most)
