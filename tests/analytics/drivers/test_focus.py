"""A part against the rest, split into what each driver adds."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.columns import column, of
from voiceloop.analytics.drivers.focus import focus
from voiceloop.analytics.drivers.outcome import Outcome, outcome
from voiceloop.analytics.errors import AnalyticsError

pytestmark = pytest.mark.requirement(74)
N, EFFECT, APART = 1_500, -2.0, 3.0


def world(seed: int) -> tuple[Outcome, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    here = rng.random(N) < 0.2
    wait = 12 + APART * here + rng.normal(0, 3, N)
    taste = rng.normal(0, 1, N)
    score = 70 + EFFECT * wait + 4 * taste + rng.normal(0, 8, N)
    return outcome("score", score), wait, taste, here


class TestFocus:
    def test_its_intervals_cover_what_was_planted(self) -> None:
        held, found_it = 0, 0
        for seed in range(60):
            y, wait, taste, here = world(seed)
            drivers = [of(column(name, x), name) for name, x in (("wait", wait), ("taste", taste))]
            area = next(one for one in focus(y, drivers, [], here).areas if one.driver == "wait")
            held += area.gap.low <= EFFECT * APART <= area.gap.high
            found_it += area.is_signal
        assert held >= 53
        assert found_it == 60

    def test_what_does_not_differ_is_noise(self) -> None:
        y, wait, taste, here = world(3)
        drivers = [of(column(name, x), name) for name, x in (("wait", wait), ("taste", taste))]
        area = next(one for one in focus(y, drivers, [], here).areas if one.driver == "taste")
        assert not area.is_signal

    def test_it_refuses_a_part_of_few(self) -> None:
        y, wait, _, _ = world(1)
        with pytest.raises(AnalyticsError, match="30 answers"):
            focus(y, [of(column("wait", wait), "wait")], [], np.arange(N) < 10)
