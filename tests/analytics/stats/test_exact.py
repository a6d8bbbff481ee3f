"""Fisher's exact test against a published table, scipy, and tables of pure chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact

from voiceloop.analytics.stats.exact import fisher_p


class TestFisherP:
    def test_it_is_that_of_the_lady_tasting_tea(self) -> None:
        assert fisher_p(3, 4, 1, 4) == pytest.approx(34 / 70)

    @pytest.mark.parametrize(
        "table", [(7, 40, 0, 679), (11, 53, 39, 660), (0, 30, 0, 30), (900, 9000, 1100, 9500)]
    )
    def test_it_is_that_of_scipy(self, table: tuple[int, int, int, int]) -> None:
        a, n, b, m = table
        assert fisher_p(*table) == pytest.approx(fisher_exact([[a, n - a], [b, m - b]])[1], rel=1e-6)

    def test_chance_is_called_a_signal_no_more_often_than_agreed(self) -> None:
        random = np.random.default_rng(7)
        found = [
            fisher_p(int(random.binomial(60, 0.05)), 60, int(random.binomial(700, 0.05)), 700)
            for _ in range(2000)
        ]
        assert np.mean(np.array(found) <= 0.05) <= 0.05
