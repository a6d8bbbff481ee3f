"""Planted drivers are found, in order, with intervals that cover; bad input is refused in a sentence."""

from __future__ import annotations

import json

import numpy as np
import pytest

from voiceloop.analytics.drivers.importance import key_drivers
from voiceloop.analytics.drivers.result import Drivers
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.synth.rated_drivers import BASIC, DELIGHT, NULL, PLANTED, importance, survey

pytestmark = pytest.mark.requirement(74)
NAMES = [*PLANTED, NULL]
SEEDS = 50


def found(seed: int, n: int = 2_000, **more: object) -> Drivers:
    drawn = {name: more.pop(name) for name in ("gaps", "stores") if name in more}
    return key_drivers(survey(seed, n, **drawn).columns, "nps", drivers=NAMES, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def many() -> Drivers:
    return found(1, 6_000)


class TestKeyDrivers:
    @pytest.mark.parametrize(
        ("drawn", "asked"),
        [({}, {}), ({"gaps": 0.15}, {}), ({"stores": 60}, {"cluster": "store"}), ({}, {"weight": "weight"})],
        ids=["plain", "gaps", "clusters", "weights"],
    )
    def test_its_intervals_cover_what_was_planted(
        self, drawn: dict[str, float], asked: dict[str, str]
    ) -> None:
        truth = importance()
        held = [
            one.importance.low <= truth[one.name] <= one.importance.high
            for seed in range(SEEDS)
            for one in found(seed, **drawn, **asked).drivers
        ]
        # 400 of about a third as many independent looks: three standard errors are some 5 points.
        assert 0.90 <= np.mean(held) <= 0.99

    def test_it_finds_their_order(self, many: Drivers) -> None:
        truth = importance()
        assert [one.name for one in many.drivers][:3] == sorted(truth, key=lambda name: -truth[name])[:3]

    def test_it_finds_their_direction(self, many: Drivers) -> None:
        assert {one.name: one.direction for one in many.drivers}["waiting"] == -1
        assert many.named("solution").direction == 1

    def test_what_is_nothing_is_noise(self, many: Drivers) -> None:
        assert not many.named(NULL).is_signal
        assert many.named(NULL).importance.low == 0

    def test_it_tells_basic_from_delight(self, many: Drivers) -> None:
        kinds = {one.name: one.kind for one in many.drivers}
        assert (kinds[BASIC], kinds[DELIGHT], kinds["solution"]) == ("basic", "delight", "performance")
        assert kinds[NULL] == "indifferent"

    def test_the_shares_add_up(self, many: Drivers) -> None:
        assert sum(one.share.value for one in many.drivers) == pytest.approx(1)
        assert sum(one.importance.value for one in many.drivers) == pytest.approx(many.r2)

    def test_r2_on_other_rows_is_not_flattered(self, many: Drivers) -> None:
        assert many.r2_cross_validated < many.r2_adjusted < many.r2

    def test_each_method_ranks_alike(self) -> None:
        orders = [
            [one.name for one in found(2, 6_000, method=m).drivers][:3] for m in ("lmg", "sampled", "johnson")
        ]
        assert orders[0] == orders[1] == orders[2]

    def test_it_is_one_json_object(self, many: Drivers) -> None:
        assert json.loads(json.dumps(many.to_dict(), allow_nan=False))["n"] == 6_000

    def test_equal_ratings_are_warned_about(self) -> None:
        columns = dict(survey(1, 500).columns)
        mood = columns["solution"]
        rng = np.random.default_rng(1)
        alike = {f"r{i}": np.clip(mood + (rng.random(500) < 0.1), 1, 5) for i in range(4)}
        warned = key_drivers({**alike, "nps": columns["nps"]}, "nps").warnings
        assert any("common mood" in one[0] for one in warned)

    def test_a_level_of_one_outcome_is_warned_about(self) -> None:
        columns = dict(survey(1, 900).columns)
        ok = np.where(columns["nps"] > 7, "yes", "no").astype(object)
        vip = ((columns["nps"] > 9) & (columns["coin"] > 1)).astype(float)
        warned = key_drivers({"price": columns["price"], "vip": vip, "ok": ok}, "ok").warnings
        assert any("same outcome" in one[0] for one in warned)

    def test_it_says_how_many_answers_are_needed(self) -> None:
        with pytest.raises(AnalyticsError, match="50 answers are needed"):
            found(1, 30)

    def test_an_unknown_column_is_named(self) -> None:
        with pytest.raises(AnalyticsError, match="no column taste"):
            key_drivers(survey(1, 99).columns, "taste")


class TestLevers:
    def test_repair_leads_for_a_basic_factor_and_delight_for_the_other(self, many: Drivers) -> None:
        gains = {(one.driver, one.kind): one.gain.value for one in many.levers}
        assert gains[BASIC, "fewer_detractors"] > gains[BASIC, "more_promoters"]
        assert gains[DELIGHT, "more_promoters"] > gains[DELIGHT, "fewer_detractors"]

    def test_twice_the_effort_is_half_the_gain_per_effort(self) -> None:
        one = found(4)
        two = found(4, efforts={("solution", "more_promoters"): 2.0})

        def gain(of: Drivers) -> float:
            return next(
                lever.per_effort.value
                for lever in of.levers
                if (lever.driver, lever.kind) == ("solution", "more_promoters")
            )

        assert gain(two) == pytest.approx(gain(one) / 2)
