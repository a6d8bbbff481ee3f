"""Correlations with gaps, weights and clusters, and how sure they are."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analytics.drivers.test_shapley import SWISS
from voiceloop.analytics.drivers.moments import moments
from voiceloop.analytics.drivers.shapley import shares

GROUPS = [[1], [2], [3], [4], [5]]


def errors(x: np.ndarray, **more: object) -> np.ndarray:
    made = moments(x, **more)  # type: ignore[arg-type]
    return np.sqrt(np.diag(made.spread(made.influence(shares(made.repaired, GROUPS).gradients))))


class TestMoments:
    def test_it_leaves_rows_out_while_they_are_few(self) -> None:
        x = SWISS.copy()
        x[:5, 3] = np.nan
        assert (moments(x).handled, moments(x).n) == ("listwise", 42)

    def test_it_uses_pairs_when_rows_would_be_too_many(self) -> None:
        x = SWISS.copy()
        x[:20, 3] = np.nan
        found = moments(x)
        assert (found.handled, found.n) == ("pairwise", 47)
        assert found.r[1, 2] == pytest.approx(moments(SWISS).r[1, 2])

    def test_a_weight_of_two_is_the_row_twice(self) -> None:
        w = np.ones(47)
        w[:10] = 2
        twice = np.concatenate([SWISS, SWISS[:10]])
        assert moments(SWISS, w).r == pytest.approx(moments(twice).r)

    def test_rows_without_the_outcome_do_not_count(self) -> None:
        x = SWISS.copy()
        x[:7, 0] = np.nan
        assert moments(x).n == 40

    def test_contradicting_pairs_are_repaired(self) -> None:
        x = np.array([[1, 1, np.nan], [2, 2, np.nan], [3, np.nan, 3], [1, np.nan, 1], [2, 2, -2], [3, 1, -1]])
        x = np.tile(x, (3, 1))
        found = moments(x, handled="pairwise")
        assert np.linalg.eigvalsh(found.repaired).min() > 0


class TestInfluence:
    def test_it_is_as_sure_as_the_jackknife(self) -> None:
        left_out = [shares(moments(np.delete(SWISS, i, 0)).r, GROUPS).parts for i in range(47)]
        spread = np.sqrt(46 / 47 * ((left_out - np.mean(left_out, axis=0)) ** 2).sum(axis=0))
        assert errors(SWISS) == pytest.approx(spread, rel=0.2)

    def test_rows_of_a_cluster_count_as_one(self) -> None:
        thrice, cluster = np.tile(SWISS, (3, 1)), np.tile(np.arange(47), 3)
        assert errors(thrice, cluster=cluster) == pytest.approx(errors(SWISS))

    def test_gaps_make_it_less_sure(self) -> None:
        x = np.tile(SWISS, (20, 1))
        whole = errors(x)
        x[np.random.default_rng(1).random(len(x)) < 0.5, 3] = np.nan
        assert errors(x, handled="pairwise")[2] > 1.2 * whole[2]

    def test_a_sample_of_many_rows_tells_the_same(self) -> None:
        rng = np.random.default_rng(2)
        x = rng.normal(size=(60_000, 6))
        x[:, 0] += x[:, 1:].sum(axis=1)
        made = moments(x)
        gradients = shares(made.r, GROUPS).gradients
        whole = 1 / np.sqrt(len(x))
        found = np.sqrt(np.diag(made.spread(made.influence(gradients))))
        assert len(made.thin.w) < 30_000
        assert found == pytest.approx([found.mean()] * 5, rel=0.1)
        assert 0.2 * whole < found.mean() < 2 * whole
