"""R² shared out: against R's relaimpo, against brute force, and its identities."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics.drivers.moments import moments
from voiceloop.analytics.drivers.shapley import johnson, regression, shares

# R's data set `swiss` (Mosteller and Tukey 1977; Swiss census of 1888): Fertility, Agriculture, Examination,
# Education, Catholic, Infant.Mortality of 47 districts.
SWISS = np.loadtxt(Path(__file__).with_name("swiss.csv"), delimiter=",", skiprows=1)
# calc.relimp(lm(Fertility ~ ., swiss), type = "lmg") of relaimpo 2.2 (Grömping, Journal of Statistical
# Software 17 (2006) 1, whose example this is).
LMG = [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265]
R2 = 0.706735001593


@pytest.fixture(scope="module")
def swiss() -> np.ndarray:
    return moments(SWISS).r


def some_correlations(p: int, seed: int = 3) -> np.ndarray:
    x = np.random.default_rng(seed).normal(size=(60, p)) + np.random.default_rng(seed + 1).normal(
        size=(60, 1)
    )
    return moments(x).r


class TestShares:
    def test_it_agrees_with_relaimpo(self, swiss: np.ndarray) -> None:
        found = shares(swiss, [[1], [2], [3], [4], [5]])
        assert found.parts == pytest.approx(LMG, abs=1e-12)
        assert found.r2 == pytest.approx(R2, abs=1e-12)

    def test_it_is_the_mean_over_all_orders(self) -> None:
        r = some_correlations(5)
        gains = np.zeros((24, 4))
        for row, order in enumerate(permutations(range(1, 5))):
            before = 0.0
            for place, column in enumerate(order):
                at = list(order[: place + 1])
                now = float(r[0, at] @ np.linalg.solve(r[np.ix_(at, at)], r[at, 0]))
                gains[row, column - 1], before = now - before, now
        assert shares(r, [[1], [2], [3], [4]]).parts == pytest.approx(gains.mean(axis=0))

    def test_it_adds_up_to_what_groups_explain_beyond_what_is_always_there(self) -> None:
        found = shares(some_correlations(7), [[1, 2], [3], [4, 5]], always=[6])
        assert found.parts.sum() == pytest.approx(found.r2 - found.r2_before)

    def test_it_gives_twins_the_same(self) -> None:
        r = np.array([[1, 0.5, 0.5, 0.2], [0.5, 1, 1, 0.1], [0.5, 1, 1, 0.1], [0.2, 0.1, 0.1, 1]])
        found = shares(r, [[1], [2], [3]])
        assert found.parts[0] == pytest.approx(found.parts[1])

    def test_drawn_orders_come_near_all_orders(self, swiss: np.ndarray) -> None:
        found = shares(swiss, [[1], [2], [3], [4], [5]], exact=False)
        assert np.abs(found.parts - LMG).max() < 4 * found.sampling_error.max() < 0.01
        assert found.parts.sum() == pytest.approx(R2)

    def test_the_adjusted_parts_add_up_to_adjusted_r2(self, swiss: np.ndarray) -> None:
        found = shares(swiss, [[1], [2], [3], [4], [5]], n=47)
        assert found.adjusted_r2 == pytest.approx(1 - (1 - R2) * 46 / 41)
        assert found.adjusted.sum() == pytest.approx(found.adjusted_r2)

    def test_its_gradients_are_those_of_small_steps(self, swiss: np.ndarray) -> None:
        groups, step = [[1], [2], [3], [4], [5]], 1e-6
        found = shares(swiss, groups)
        moved = swiss.copy()
        moved[0, 2] = moved[2, 0] = moved[0, 2] + step
        change = (shares(moved, groups).parts - found.parts) / step
        assert change == pytest.approx(found.gradients[:, 0, 2] + found.gradients[:, 2, 0], abs=1e-4)


class TestJohnson:
    def test_it_adds_up_to_r2(self, swiss: np.ndarray) -> None:
        assert johnson(swiss, [[1], [2], [3], [4], [5]]).sum() == pytest.approx(R2)

    def test_it_is_near_to_all_orders(self, swiss: np.ndarray) -> None:
        assert johnson(swiss, [[1], [2], [3], [4], [5]]) == pytest.approx(LMG, abs=0.02)


class TestRegression:
    def test_it_is_least_squares(self, swiss: np.ndarray) -> None:
        z = (SWISS - SWISS.mean(0)) / SWISS.std(0)
        expected = np.linalg.lstsq(z[:, 1:], z[:, 0], rcond=None)[0]
        assert regression(swiss, [1, 2, 3, 4, 5])[1:] == pytest.approx(expected)
