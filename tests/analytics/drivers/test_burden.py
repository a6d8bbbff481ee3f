"""The cost of detractors: a planted burden is found, what customers were before is taken out."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.burden import Burden, alike, burden, burdens
from voiceloop.analytics.errors import AnalyticsError

pytestmark = pytest.mark.requirement(40)
PLANTED = 0.6


def world(seed: int, *, planted: float = PLANTED, n: int = 1_500) -> tuple[Burden, float, float]:
    """Who called often before calls often again, and is a detractor more often, whatever they answered."""
    rng = np.random.default_rng(seed)
    before = rng.poisson(rng.gamma(1.0, 1.0, n)).astype(float)
    segment = rng.choice(["family", "office", "student"], n)
    is_detractor = rng.random(n) < 0.1 + 0.12 * np.minimum(before, 4)
    calls = rng.poisson(0.3 + 0.5 * np.minimum(before, 4) + planted * is_detractor).astype(float)
    found = burden("contacts", is_detractor, calls, alike(segment, np.minimum(before, 4).astype(str)))
    return found, float(calls[is_detractor].mean()), float(calls[~is_detractor].mean())


class TestBurden:
    def test_its_interval_covers_the_planted_burden(self) -> None:
        found = [world(seed)[0].attached for seed in range(300)]
        held = sum(one.low <= PLANTED <= one.high for one in found) / len(found)
        assert 0.92 <= held <= 0.98

    def test_without_a_burden_it_sees_one_rarely(self) -> None:
        assert sum(world(seed, planted=0.0)[0].is_signal for seed in range(200)) <= 20

    def test_raw_means_would_have_seen_twice_as_much(self) -> None:
        found, own, others = world(3, n=20_000)
        assert own - others > 1.3 * PLANTED
        assert found.attached.value == pytest.approx(PLANTED, abs=0.1)

    def test_the_total_is_of_those_who_can_be_compared(self) -> None:
        is_detractor = np.array([True] * 60 + [False] * 60)
        group = np.array([0] * 40 + [1] * 20 + [0] * 60)
        found = burden("contacts", is_detractor, is_detractor * 2.0, group, weight=3.0)
        assert (found.n, found.compared) == (40, pytest.approx(2 / 3))
        assert found.total.value == pytest.approx(40 * 3 * 2.0)

    def test_few_are_refused(self) -> None:
        with pytest.raises(AnalyticsError, match="20 detractors and 20 others"):
            burden("contacts", np.array([True] * 10 + [False] * 90), np.ones(100), np.zeros(100, int))


class TestBurdens:
    def test_money_is_added_up_and_contacts_are_not(self) -> None:
        is_detractor = np.arange(80) % 2 == 0
        money = {"refunds": 3.0 * is_detractor, "lost": 4.0 * is_detractor}
        group = np.zeros(80, int)
        found = {one.name: one for one in burdens({"contacts": np.ones(80)}, money, is_detractor, group)}
        assert found["money"].attached.value == 7.0
        assert found["contacts"].attached.value == 0.0


class TestAlike:
    def test_numbers_stand_in_bands(self) -> None:
        assert len(set(alike(np.array([0.0, 1, 2, 3, 0, 30])).tolist())) == 4
