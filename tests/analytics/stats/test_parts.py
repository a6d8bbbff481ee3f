"""Sums merge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.stats.parts import Parts

VALUES = st.lists(st.integers(-10, 10).map(float), max_size=30)


class TestParts:
    @given(VALUES, VALUES)
    def test_they_merge_in_any_order(self, a, b):
        assert Parts.of(a) + Parts.of(b) == Parts.of(b + a) == Parts.of(b) + Parts.of(a)

    @given(VALUES)
    def test_nothing_added_changes_nothing(self, a):
        assert Parts.of(a) + Parts() == Parts.of(a)

    def test_nothing_has_no_mean(self):
        assert Parts().mean is None
        assert Parts().effective_n == 0

    def test_the_effective_number_is_that_of_kish(self):
        assert Parts.of([0, 0, 0], [1, 1, 4]).effective_n == pytest.approx(36 / 18)

    @given(st.lists(st.floats(0.1, 10), min_size=1, max_size=20))
    def test_the_effective_number_is_never_larger_than_n(self, weights):
        assert 1 - 1e-9 <= Parts.of([1.0] * len(weights), weights).effective_n <= len(weights) + 1e-9
