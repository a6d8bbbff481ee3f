"""Weighted answers have the make-up of those who were asked."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.stats.raking import rake

# The worked example of Wikipedia, "Iterative proportional fitting".
SEED = np.array([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
ROWS, COLUMNS = [150, 300, 400, 150], [200, 300, 400, 100]
FITTED = [
    [64.61, 46.28, 35.42, 3.83],
    [49.95, 68.15, 156.49, 25.37],
    [56.70, 144.40, 145.06, 53.76],
    [28.74, 41.18, 63.03, 17.03],
]


def raked(seed=SEED, rows=ROWS, columns=COLUMNS, **more):
    cells = {(i, j): float(n) for (i, j), n in np.ndenumerate(seed)}
    return rake(cells, [dict(enumerate(rows)), dict(enumerate(columns))], **more)


def table(found, seed=SEED, total=1000.0):
    fitted = np.array([[seed[i, j] * found.factors.get((i, j), 0.0) for j in range(4)] for i in range(4)])
    return fitted * total / fitted.sum()


class TestRake:
    def test_it_gives_the_published_table(self):
        assert table(raked(limit=100)) == pytest.approx(np.array(FITTED), abs=0.06)

    def test_it_is_a_poisson_regression_with_the_seed_as_offset(self):
        i, j = np.indices(SEED.shape)
        design = np.column_stack(
            [np.ones(16), *[(i.ravel() == k) for k in (1, 2, 3)], *[(j.ravel() == k) for k in (1, 2, 3)]]
        ).astype(float)
        wanted = np.outer(ROWS, COLUMNS).ravel() / 1000
        model = sm.GLM(wanted, design, family=sm.families.Poisson(), offset=np.log(SEED.ravel()))
        fitted = model.fit(tol=1e-14).fittedvalues.reshape(4, 4)
        assert table(raked(limit=100)) == pytest.approx(fitted, rel=1e-6)

    def test_it_has_kishs_design_effect(self):
        found = rake({("a",): 3, ("b",): 1}, [{"a": 1, "b": 1}])
        weights = np.array([2 / 3] * 3 + [2.0])
        assert found.design_effect == pytest.approx(4 * (weights**2).sum() / weights.sum() ** 2)

    def test_it_holds_factors_at_the_limit_and_says_what_that_leaves(self):
        found = rake({("a",): 99, ("b",): 1}, [{"a": 1, "b": 1}], limit=5)
        assert found.factors == {("a",): pytest.approx(95 / 99), ("b",): 5.0}
        assert not found.has_converged
        assert found.error == pytest.approx(0.45, abs=0.01)
        assert found.trimmed == pytest.approx(0.01)

    def test_it_leaves_out_those_for_whom_nobody_answered(self):
        found = rake({("a",): 5, ("b",): 5}, [{"a": 2, "b": 1, "c": 1}])
        assert found.missing == ((0, "c", 0.25),)
        assert found.factors["a",] == pytest.approx(4 / 3)

    def test_it_lets_those_count_as_they_are_of_whom_the_population_knows_nothing(self):
        found = rake({("a",): 5, ("b",): 5, (None,): 10}, [{"a": 3, "b": 1}])
        assert [found.factors[cell] for cell in (("a",), ("b",), (None,))] == pytest.approx([1.5, 0.5, 1.0])

    def test_it_refuses_to_weight_nothing(self):
        with pytest.raises(ValueError, match="no answers"):
            rake({}, [{"a": 1}])

    @given(
        st.lists(st.integers(1, 40), min_size=16, max_size=16),
        st.lists(st.integers(50, 100), min_size=4, max_size=4),
        st.lists(st.integers(50, 100), min_size=4, max_size=4),
    )
    def test_it_meets_every_margin(self, seed, rows, columns):
        found = raked(np.array(seed).reshape(4, 4), rows, columns, limit=1e6)
        fitted = table(found, np.array(seed).reshape(4, 4), 1.0)
        assert fitted.sum(1) == pytest.approx(np.array(rows) / sum(rows), abs=1e-6)
        assert fitted.sum(0) == pytest.approx(np.array(columns) / sum(columns), abs=1e-6)
