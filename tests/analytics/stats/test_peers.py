"""Who does something more often than the others, and how rarely the honest are called out."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.peers import excesses


def team(rng, rates, n=60, strata=3):
    return {
        i: {s: (float(n), float(rng.binomial(n, rate * (0.5 + 0.5 * s)))) for s in range(strata)}
        for i, rate in enumerate(rates)
    }


def called(counts):
    found = excesses(counts)
    holds = within_budget([one.p_value for one in found.values()])
    return [who for who, is_signal in zip(found, holds, strict=True) if is_signal]


class TestExcesses:
    @pytest.mark.parametrize("rate", [0.01, 0.05, 0.3])
    @pytest.mark.parametrize("n", [8, 60])
    def test_it_calls_hardly_any_honest_person(self, rate, n):
        rng = np.random.default_rng(1)
        wrong = [len(called(team(rng, [rate] * 16, n))) for _ in range(100)]
        assert sum(wrong) / 1600 <= 0.01

    def test_it_allows_that_honest_people_differ(self):
        rng = np.random.default_rng(2)
        wrong = [len(called(team(rng, rng.uniform(0.02, 0.06, 16), 100))) for _ in range(100)]
        assert sum(wrong) / 1600 <= 0.05

    def test_it_finds_the_one_who_differs_by_far(self):
        rng = np.random.default_rng(3)
        assert all(called(team(rng, [0.03] * 15 + [0.4])) == [15] for _ in range(30))

    def test_it_compares_only_like_circumstances(self):
        counts = {who: {"hard": (20.0, 10.0), "easy": (180.0, 2.0)} for who in "abcdefg"}
        counts["x"] = {"hard": (180.0, 90.0), "easy": (20.0, 0.0)}
        assert excesses(counts)["x"].p_value > 0.5

    def test_it_says_how_often_the_others_do_it(self):
        counts = {**{who: {0: (100.0, 5.0)} for who in "abcd"}, "x": {0: (100.0, 50.0)}}
        found = excesses(counts)["x"]
        assert (found.rate, found.usual) == (0.5, pytest.approx(0.05, abs=0.003))

    def test_it_does_not_judge_on_few_rows_or_alone(self):
        few = {**{who: {0: (100.0, 5.0)} for who in "abcd"}, "x": {0: (5.0, 5.0)}}
        assert "x" not in excesses(few)
        assert excesses({"x": {0: (500.0, 400.0)}}) == {}
