"""Gaps to somebody else's figures."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint

from voiceloop.analytics.benchmarks import ends, gap, interval
from voiceloop.analytics.registry import metric
from voiceloop.analytics.result import Row
from voiceloop.analytics.stats.parts import Parts


def row(name: str, value: float | None, half: float = 4.0, scale: str | None = None) -> Row:
    low, high = (None, None) if value is None else (value - half, value + half)
    return Row({}, 100, value, low, high, Parts(), metric(name), scale)


class TestInterval:
    def test_that_of_a_share_is_the_usual_one(self) -> None:
        low, high = interval(30.0, 200, (0.0, 100.0)) or (0, 0)
        expected = proportion_confint(60, 200, method="normal")
        assert (low / 100, high / 100) == pytest.approx(expected, abs=1e-9)

    def test_it_stays_on_the_scale(self) -> None:
        assert interval(99.0, 3, (0.0, 100.0)) == (pytest.approx(87.74, abs=0.01), 100.0)

    def test_without_n_there_is_none(self) -> None:
        assert interval(30.0, None, (0.0, 100.0)) is None


class TestGap:
    def test_a_benchmarks_own_uncertainty_widens_it(self) -> None:
        own = row("nps", 45.0, 6.0, "nps_0_10")
        alone, both = gap(own, 35.0, None, "nps_0_10"), gap(own, 35.0, 100, "nps_0_10")
        assert (alone.verdict, alone.both) == ("ahead", False)
        assert (both.verdict, both.both) == ("open", True)
        assert (both.low or 0) < (alone.low or 0) < 10

    def test_less_may_be_better(self) -> None:
        assert gap(row("late_rate", 20.0), 10.0, 5000, None).verdict == "behind"

    def test_scales_are_never_compared(self) -> None:
        found = gap(row("csat", 4.2, 0.1, "csat_1_5"), 8.1, 400, "csat_1_10")
        assert (found.verdict, found.difference) == ("other_scale", None)

    def test_without_an_own_figure_there_is_no_gap(self) -> None:
        assert gap(row("nps", None, scale="nps_0_10"), 35.0, 400, "nps_0_10").verdict == "no_own"

    def test_a_quantity_without_ends_has_only_our_uncertainty(self) -> None:
        assert ends(metric("order_value")) is None
        assert gap(row("order_value", 60.0, 2.0), 50.0, 400, None).both is False
