"""What promoters praise, by segment."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.delights import delights

pytestmark = pytest.mark.requirement(84)


class TestDelights:
    def test_what_is_special_to_a_segment_is_said(self) -> None:
        rng = np.random.default_rng(1)
        who = rng.choice(["family", "office"], 800)
        praised = {
            "environment": (rng.random(800) < np.where(who == "family", 0.5, 0.1)).astype(float),
            "taste": (rng.random(800) < 0.3).astype(float),
        }
        found = {(one.segment, one.reason): one for one in delights(praised, who)}
        assert found["family", "environment"].is_special
        assert not found["office", "environment"].is_special
        assert not found["family", "taste"].is_special

    def test_those_who_wrote_nothing_do_not_count(self) -> None:
        praised = {"taste": np.where(np.arange(100) < 50, np.nan, 1.0)}
        assert delights(praised, np.array(["family"] * 100, dtype=object))[0].n == 50

    def test_a_segment_of_few_is_left_out(self) -> None:
        assert delights({"taste": np.ones(9)}, np.array(["family"] * 9, dtype=object)) == ()
