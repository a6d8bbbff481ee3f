"""Said against done: planted links are found, confounding is taken out, nothing is not seen."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.deeds import CLASSES, Deed, deed
from voiceloop.analytics.errors import AnalyticsError

pytestmark = pytest.mark.requirement(86)
RATES = {"promoter": 0.62, "passive": 0.50, "detractor": 0.38}


def world(seed: int, *, linked: bool, n: int = 1_200) -> Deed:
    """Gold members are happier and buy more, whatever they said."""
    rng = np.random.default_rng(seed)
    gold = rng.random(n) < 0.4
    shares = np.where(gold[:, None], [0.7, 0.2, 0.1], [0.35, 0.3, 0.35])
    said = np.array(CLASSES)[(rng.random(n)[:, None] > shares.cumsum(axis=1)).sum(axis=1)]
    chance = np.array([RATES[one] if linked else 0.45 for one in said]) + np.where(gold, 0.15, -0.1)
    did = (rng.random(n) < chance).astype(float)
    return deed("bought again", said, did, np.where(gold, "gold", "regular"))


class TestDeed:
    def test_its_interval_covers_the_planted_difference(self) -> None:
        truth = RATES["promoter"] - RATES["detractor"]
        found = [world(seed, linked=True) for seed in range(100)]
        held = sum(one.difference.low <= truth <= one.difference.high for one in found)
        assert 89 <= held <= 100

    def test_without_a_link_it_sees_one_rarely(self) -> None:
        seen = sum(world(seed, linked=False).is_signal for seed in range(100))
        assert seen <= 12

    def test_raw_rates_would_have_seen_one(self) -> None:
        found = world(1, linked=False, n=6_000)
        assert found.raw["promoter"] - found.raw["detractor"] > 0.06
        assert abs(found.difference.value) < 0.05

    def test_who_is_too_recent_does_not_count(self) -> None:
        said = np.array(["promoter", "detractor"] * 60)
        did = np.where(np.arange(120) < 80, 1.0, np.nan)
        assert deed("x", said, did).n["promoter"] == 40

    def test_one_customer_counts_once(self) -> None:
        rng = np.random.default_rng(2)
        said, did = np.array(["promoter", "detractor"] * 50), (rng.random(100) < 0.5).astype(float)
        once = deed("x", said, did)
        again = deed("x", np.tile(said, 4), np.tile(did, 4), cluster=np.tile(np.arange(100), 4))
        assert again.difference.low == pytest.approx(once.difference.low, abs=0.01)

    def test_few_are_refused(self) -> None:
        with pytest.raises(AnalyticsError, match="20 promoters"):
            deed("x", np.array(["promoter", "detractor"] * 5), np.ones(10))
