"""Structural detractors: a segment unhappy even when nothing went wrong, and no other."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.misfits import Fit, misfits

pytestmark = pytest.mark.requirement(85)
N = 4_000


def world(seed: int, planted: str = "") -> Fit:
    rng = np.random.default_rng(seed)
    who = {
        "segment": rng.choice(["family", "office", "tourist", "student"], N),
        "tier": rng.choice(["regular", "gold"], N, p=[0.7, 0.3]),
    }
    fine = rng.random(N) < 0.75
    happy = np.where(fine, 0.62, 0.2)
    happy = np.where(who["segment"] == planted, 0.12, happy)
    dice = rng.random(N)
    y = np.where(dice < happy, 100.0, np.where(dice < happy + 0.2, 0.0, -100.0))
    return misfits(y, fine, who, np.arange(N, dtype=float))


class TestMisfits:
    def test_it_finds_the_planted_segment_and_only_it(self) -> None:
        found = world(1, "tourist")
        assert [one.where for one in found.misfits] == [{"segment": "tourist"}]
        assert found.without.value > found.whole.value + 10

    def test_it_finds_none_where_none_is(self) -> None:
        assert sum(len(world(seed).misfits) for seed in range(20)) == 0

    def test_bad_service_is_no_misfit(self) -> None:
        rng = np.random.default_rng(4)
        who = np.where(np.arange(N) % 4 == 0, "tourist", "family")
        fine = np.where(who == "tourist", rng.random(N) < 0.2, rng.random(N) < 0.9)
        y = np.where(rng.random(N) < np.where(fine, 0.7, 0.1), 100.0, -100.0)
        assert misfits(y, fine, {"segment": who}).misfits == ()
