"""A control chart finds a fall, and is silent about what only looks like one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from voiceloop.analytics.control import control_chart, control_charts
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.parts import Parts

SCORES = np.array([1.0, 0.0, -1.0])
EXCELLENT, USUAL, POOR = (0.92, 0.06, 0.02), (0.6, 0.25, 0.15), (0.3, 0.3, 0.4)


def week(i):
    return date(2026, 1, 5) + timedelta(weeks=i)


def drawn(rng, mix, n):
    counts = rng.multinomial(n, mix)
    return Parts(n, float(n), float(n), float(counts @ SCORES), float(counts @ SCORES**2))


def weeks(rng, *stretches):
    """A series of (mix, answers a week, weeks) stretches."""
    mixes = [(mix, n) for mix, n, times in stretches for _ in range(times)]
    return [(week(i), drawn(rng, mix, n)) for i, (mix, n) in enumerate(mixes)]


def fallen(mix, points=30):
    moved = points / 200
    return (mix[0] - moved, mix[1], mix[2] + moved)


def share(found):
    found = list(found)
    return sum(found) / len(found)


@pytest.mark.requirement(6)
class TestControlChart:
    @pytest.mark.parametrize("mix", [EXCELLENT, USUAL, POOR])
    @pytest.mark.parametrize("n", [5, 20, 100, 1000])
    def test_it_is_silent_about_26_stable_weeks_in_95_of_100(self, mix, n):
        rng = np.random.default_rng(n)
        runs = (control_chart(weeks(rng, (mix, n, 26)), "nps") for _ in range(120))
        # The promise is 5 %; 120 runs of it stay below 10 % in 99 of 100.
        assert share(bool(chart.alarms) for chart in runs) <= 0.1

    @pytest.mark.parametrize("mix", [EXCELLENT, USUAL, POOR])
    def test_it_finds_a_fall_of_30_points_at_100_answers_within_two_weeks(self, mix):
        rng = np.random.default_rng(1)
        runs = (control_chart(weeks(rng, (mix, 100, 12), (fallen(mix), 100, 2)), "nps") for _ in range(120))
        assert share(chart.points[-1].is_alarm for chart in runs) >= 0.8

    def test_it_says_since_when(self):
        chart = control_chart(weeks(np.random.default_rng(2), (USUAL, 400, 10), (POOR, 400, 3)), "nps")
        assert [point.since for point in chart.alarms] == [week(10)] * 3

    def test_it_forgives_when_the_level_is_back(self):
        series = weeks(np.random.default_rng(2), (USUAL, 400, 10), (POOR, 400, 3), (USUAL, 400, 5))
        assert not control_chart(series, "nps").points[-1].is_alarm

    def test_it_takes_a_level_that_lasts_for_the_usual_one(self):
        chart = control_chart(weeks(np.random.default_rng(2), (USUAL, 400, 10), (POOR, 400, 20)), "nps")
        assert not chart.points[-1].is_alarm
        assert chart.points[-1].centre == pytest.approx(-10, abs=5)

    def test_it_does_not_judge_before_there_is_a_level(self):
        chart = control_chart(weeks(np.random.default_rng(2), (USUAL, 100, 2), (POOR, 100, 2)), "nps")
        assert [(point.centre, point.is_alarm) for point in chart.points] == [(None, False)] * 4

    def test_it_passes_over_weeks_without_answers(self):
        series = weeks(np.random.default_rng(2), (USUAL, 50, 8), (USUAL, 0, 2), (USUAL, 50, 2))
        chart = control_chart(series, "nps")
        assert [point.value for point in chart.points[8:10]] == [None, None]
        assert not chart.alarms

    def test_it_says_nothing_of_answers_that_are_all_alike(self):
        chart = control_chart([(week(i), Parts.of([1.0] * 30)) for i in range(10)], "nps")
        assert not chart.alarms
        assert (chart.points[-1].lower, chart.points[-1].upper) == (100.0, 100.0)

    def test_its_limits_are_wider_for_fewer_answers_and_within_the_scale(self):
        series = weeks(np.random.default_rng(2), (EXCELLENT, 200, 8), (EXCELLENT, 10, 1))
        last, before = control_chart(series, "nps").points[-1:-3:-1]
        assert last.lower < before.lower < last.centre < before.upper <= last.upper <= 100

    def test_its_limits_are_wider_when_weeks_differ_by_more_than_chance(self):
        rng = np.random.default_rng(4)
        calm = control_chart(weeks(rng, (USUAL, 200, 20)), "nps").points[-1]
        stretches = [(mix, 200, 1) for _ in range(10) for mix in ((0.66, 0.22, 0.12), (0.54, 0.28, 0.18))]
        restless = control_chart(weeks(rng, *stretches), "nps").points[-1]
        assert restless.upper - restless.lower > 1.1 * (calm.upper - calm.lower)

    def test_it_charts_an_average_without_bounds(self):
        rng = np.random.default_rng(5)
        values = [rng.gamma(2, 20, 80).tolist() for _ in range(12)] + [rng.gamma(2, 40, 80).tolist()]
        chart = control_chart([(week(i), Parts.of(v)) for i, v in enumerate(values)], "order_value")
        assert [point.period for point in chart.alarms] == [week(12)]

    def test_it_becomes_plain_json(self):
        chart = control_chart(
            weeks(np.random.default_rng(2), (USUAL, 400, 10), (POOR, 400, 1)), "nps", "nps_0_10"
        )
        said = chart.to_dict()
        assert (said["metric"], said["unit"], said["scale"]) == ("nps", "points", "nps_0_10")
        assert said["points"][-1]["since"] == "2026-03-16"

    def test_it_refuses_an_unknown_metric(self):
        with pytest.raises(AnalyticsError, match="no_such"):
            control_chart([], "no_such")


@pytest.mark.requirement(6)
class TestControlCharts:
    def test_it_finds_the_one_that_fell_among_many(self):
        rng = np.random.default_rng(6)
        series = {name: weeks(rng, (USUAL, 100, 14)) for name in range(30)}
        series["hotline"] = weeks(rng, (USUAL, 100, 12), ((0.25, 0.3, 0.45), 100, 2))
        charts = control_charts(series, "nps")
        assert [name for name, chart in charts.items() if chart.points[-1].is_alarm] == ["hotline"]

    def test_it_holds_back_an_alarm_that_many_series_make_likely(self):
        rng = np.random.default_rng(7)
        one = next(
            series
            for series in (weeks(rng, (USUAL, 100, 12), ((0.47, 0.28, 0.25), 100, 1)) for _ in range(500))
            if 0.0005 < (control_chart(series, "nps").points[-1].p_value or 1) < 0.002
        )
        assert control_charts({0: one}, "nps")[0].alarms
        calm = [(day, Parts.of([1, 1, 0, -1] * 25)) for day, _ in one]
        assert not control_charts({0: one, **dict.fromkeys(range(1, 400), calm)}, "nps")[0].alarms
