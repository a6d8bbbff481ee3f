"""The simulated day: who gives cases out best. It asserts who wins, never how long it took."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from voiceloop.bench import route
from voiceloop.bench.route_day import SHIFT, day

SIZE = {"agents": 40, "cases": 2_000}
SEEDS = (0, 1)
pytestmark = pytest.mark.requirement(121, 124)


@cache
def found(name: str) -> dict[str, float]:
    days: list[dict[str, Any]] = [route.simulate(route.RULES[name](), seed, **SIZE) for seed in SEEDS]
    figures = ("breached_percent", "mean_wait_minutes")
    mean = {figure: float(np.mean([one[figure] for one in days])) for figure in figures}
    green = [one["by_tier"]["black"]["breached_percent"] for one in days]
    return mean | {"green": float(np.mean(green))}


@pytest.mark.parametrize("rival", route.RIVALS)
@pytest.mark.parametrize("figure", ["breached_percent", "mean_wait_minutes"])
def test_ours_is_lower_than_every_other_rule(rival: str, figure: str) -> None:
    assert found("ours")[figure] < found(rival)[figure]


def test_the_green_channel_keeps_its_promise_best() -> None:
    assert found("ours")["green"] <= min(found(rival)["green"] for rival in route.RIVALS)


def test_every_customer_is_spoken_with_under_every_rule() -> None:
    for name, make in route.RULES.items():
        one = route.simulate(make(), 3, agents=10, cases=300)
        assert one["mean_wait_minutes"] >= 0, name
        assert one["median_wait_minutes"] < 24 * 60, name


def test_the_same_seed_is_the_same_day() -> None:
    first, again = (day(5, **SIZE) for _ in range(2))
    assert [(c.at, c.tier, c.minutes) for c in first.cases] == [
        (c.at, c.tier, c.minutes) for c in again.cases
    ]
    assert {person.end - person.start for person in first.people} == {SHIFT}
