"""Recovery net of regression to the mean."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.net_recovery import Pair, net_recovery
from voiceloop.bench import recovery

LUCK = np.repeat(np.arange(11.0), (3, 1, 2, 3, 4, 8, 9, 15, 20, 17, 18)).tolist()


class TestNetRecovery:
    def test_the_silent_never_count_as_recovered(self) -> None:
        found = net_recovery([(3, 8), (4, 2), (5, None), (6, None)], scores=LUCK)
        assert (found.n, found.n_answered, found.observed) == (4, 2, 50.0)

    def test_they_could_change_it_this_much_and_no_more(self) -> None:
        found = net_recovery([(3, 8), (4, 2), (5, None), (6, None)], scores=LUCK)
        assert found.worst is not None
        assert found.best is not None
        assert found.best - found.worst == pytest.approx(50.0)

    def test_untreated_customers_of_other_scores_are_weighted_to_those_treated(self) -> None:
        untreated: list[Pair] = [(0, 1), (0, 2)] * 30 + [(6, 9)] * 30
        found = net_recovery([(6, 9)] * 10 + [(0, 1)] * 10, untreated=untreated)
        assert (found.expected, found.net) == (50.0, 0.0)

    def test_repeated_answers_of_others_serve_where_everybody_was_treated(self) -> None:
        rng = np.random.default_rng(3)
        treated, _, repeated, scores, _ = recovery.company(rng, 0.0)
        found = net_recovery(treated, repeated=repeated, scores=scores)
        assert (found.method, found.n_compared > 500) == ("retest", True)

    def test_without_either_the_literature_is_assumed_and_the_interval_says_its_range(self) -> None:
        treated: list[Pair] = [(5, 8), (6, 5)] * 500
        assumed = net_recovery(treated, scores=LUCK)
        known = net_recovery(treated, scores=LUCK, untreated=[(5, 8), (6, 5)] * 500)
        assert assumed.method == "assumed"
        assert _width(assumed.low, assumed.high) > _width(known.low, known.high)

    def test_nobody_answered_is_no_value(self) -> None:
        found = net_recovery([(3, None)], scores=LUCK)
        assert (found.net, found.low, found.worst) == (None, None, None)

    def test_nobody_was_asked(self) -> None:
        assert net_recovery([]).n == 0

    def test_a_drift_of_everybody_is_no_recovery(self) -> None:
        rng = np.random.default_rng(5)
        mood = rng.normal(7.4, 1.8, 20_000)
        first, second = (np.clip(np.round(mood + rng.normal(up, 1.6, 20_000)), 0, 10) for up in (0.0, 1.0))
        pairs = list(zip(first.tolist(), second.tolist(), strict=True))
        detractors = [pair for pair in pairs if pair[0] <= 6]
        others = [pair for pair in pairs if pair[0] > 6]
        found = net_recovery(detractors, repeated=others, scores=first.tolist())
        assert found.low is not None
        assert found.high is not None
        assert found.low <= 0 <= found.high

    @pytest.mark.parametrize("method", ["untreated", "retest"])
    def test_with_no_effect_its_interval_holds_zero_nineteen_times_of_twenty(self, method: str) -> None:
        # 150 runs of a 95 % interval lie between 89 % and 99 % in all but one of a thousand.
        found = recovery.measure(0.15)[f"{method}, no effect"]
        assert 89 <= found["covered_percent"] <= 99.4

    def test_four_in_ten_return_without_any_action(self) -> None:
        assert recovery.measure(0.05)["without any action"]["percent"] == pytest.approx(40.3, abs=1)


def _width(low: float | None, high: float | None) -> float:
    assert low is not None
    assert high is not None
    return high - low
