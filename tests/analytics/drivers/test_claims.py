"""Claims held against one's own customers: planted effects are found, planted nulls are not confirmed."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.claims import CLAIMS, Verdict, shorter, verdict
from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.errors import AnalyticsError

CLAIMED = 5.0
MEAN = 4.0


def world(seed: int, *, planted: float, n: int = 4_000) -> Estimate:
    """Who calls the busy line waits longer and is content less, whatever the wait of that call."""
    rng = np.random.default_rng(seed)
    line = rng.integers(0, 4, n)
    wait = np.exp(rng.normal(4 + 0.5 * line, 0.8, n))
    customer = rng.integers(1, n // 2, n)
    slope = planted * MEAN / 100 / np.log(0.9)
    temper = rng.normal(0, 0.5, n // 2)[customer - 1]
    score = MEAN - 0.3 * (line - 1.5) + slope * (np.log(wait) - 4.75) + temper + rng.normal(0, 0.8, n)
    return shorter(score, wait, line, customer)[0]


class TestShorter:
    def test_its_interval_covers_the_planted_effect(self) -> None:
        found = [world(seed, planted=1.1) for seed in range(200)]
        held = sum(one.low <= 1.1 <= one.high for one in found) / len(found)
        assert 0.91 <= held <= 0.99

    def test_a_planted_effect_is_called_smaller_than_claimed(self) -> None:
        said = [verdict(world(seed, planted=1.1), CLAIMED, is_effect=True) for seed in range(40)]
        assert said.count("smaller") == 40

    def test_what_is_as_claimed_is_called_that(self) -> None:
        said = [verdict(world(seed, planted=CLAIMED), CLAIMED, is_effect=True) for seed in range(100)]
        assert said.count("fits") >= 90

    def test_a_planted_null_is_never_confirmed(self) -> None:
        said = [verdict(world(seed, planted=0.0), CLAIMED, is_effect=True) for seed in range(100)]
        assert "fits" not in said
        assert said.count("nothing") >= 90

    def test_answers_without_a_known_wait_do_not_count(self) -> None:
        waits = np.where(np.arange(200) < 80, 60.0 + np.arange(200), np.nan)
        waits[0] = 0.0
        groups = np.zeros(200, int)
        assert shorter(np.tile([3.0, 4.0], 100), waits, groups, np.arange(1, 201))[1] == 79

    @pytest.mark.parametrize(("n", "words"), [(10, "50 answers"), (100, "alike")])
    def test_what_cannot_be_told_is_said(self, n: int, words: str) -> None:
        with pytest.raises(AnalyticsError, match=words):
            shorter(np.ones(n), np.full(n, 60.0), np.zeros(n, int), np.arange(1, n + 1))


class TestVerdict:
    @pytest.mark.parametrize(
        ("found", "claimed", "is_effect", "said"),
        [
            ((4.0, 3.0, 5.5), 5.0, True, "fits"),
            ((4.0, -1.0, 9.0), 5.0, True, "open"),
            ((1.0, 0.5, 1.5), 5.0, True, "smaller"),
            ((9.0, 8.0, 10.0), 5.0, True, "larger"),
            ((-3.0, -4.0, -2.0), 5.0, True, "opposite"),
            ((0.5, -0.5, 1.5), 5.0, True, "nothing"),
            ((2.5, 2.3, 2.7), 9.0, False, "smaller"),
            ((8.8, 8.0, 9.6), 9.0, False, "fits"),
            ((8.8, 1.0, 16.0), 9.0, False, "open"),
        ],
    )
    def test_it_says_how_the_figure_stands_to_the_claim(
        self, found: tuple[float, float, float], claimed: float, is_effect: bool, said: Verdict
    ) -> None:
        assert verdict(Estimate(*found), claimed, is_effect=is_effect) == said


class TestClaims:
    def test_each_has_a_name_of_its_own_and_both_languages(self) -> None:
        assert len({one.code for one in CLAIMS}) == len(CLAIMS)
        assert all(one.zh and one.en and bool(one.needs_zh) == bool(one.needs_en) for one in CLAIMS)
