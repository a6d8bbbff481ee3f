"""Charts are plain data in the look of the house."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from voiceloop.analytics import measure
from voiceloop.analytics.change import explain_change
from voiceloop.analytics.charts.bars import Bar
from voiceloop.analytics.control import control_chart
from voiceloop.analytics.distribution import distribution
from voiceloop.analytics.registry import charts
from voiceloop.analytics.value.forecast import forecast_periods


@pytest.fixture
def answered(lake, answers):
    for week in range(5):
        scores = [10] * (6 + week) + [8] * 4 + [2] * (5 - week)
        day = date(2026, 3, 2) + timedelta(weeks=week)
        lake.append("answers", answers(scores, first=100 * week, day=day))
    return lake


def figures(lake):
    return {
        "gauge": measure(lake, "nps").one,
        "trend": measure(lake, "nps", every="week"),
        "spark": measure(lake, "nps", every="week"),
        "distribution": distribution(lake),
        "bars": [Bar(str(row.key["period"]), row) for row in measure(lake, "nps", every="week").rows],
        "control": control_chart(
            [(row.key["period"], row.parts) for row in measure(lake, "nps", every="week").rows], "nps"
        ),
        "waterfall": changed(lake),
        "forecast": ahead(),
    }


def ahead():
    """Of twenty months that go up and down."""
    months = [date(2025 + k // 12, k % 12 + 1, 1) for k in range(20)]
    values = [30.0 + 0.5 * k + 2 * (k % 3) for k in range(20)]
    return forecast_periods(months, values, [40 + k for k in range(20)], every="month", ahead=4)


def changed(lake):
    """From the first two weeks to the next two; nothing at all where nobody answered."""
    days = (date(2026, 3, 2), date(2026, 3, 16)), (date(2026, 3, 16), date(2026, 3, 30))
    if not measure(lake, "nps").one.n:
        return None
    return explain_change(lake, "nps", before=days[0], after=days[1], by="channel")


def text(option):
    return json.dumps(option, ensure_ascii=False, indent=1) + "\n"


class TestEveryChart:
    @pytest.mark.parametrize("name", charts())
    def test_it_is_the_known_option(self, name, answered, snapshot):
        more = {"target": 45} if name in ("gauge", "trend") else {}
        snapshot(f"{name}.json", text(charts()[name].draw(figures(answered)[name], **more)))

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("name", charts())
    def test_it_says_its_finding_and_holds_no_code(self, name, language, answered):
        option = charts()[name].draw(figures(answered)[name], language=language)
        assert option["animation"] is False
        assert "fontFamily" not in text(option)
        finding = option["aria"]["label"]["description"]
        assert finding
        assert any("一" <= letter <= "鿿" for letter in finding) == (language == "zh")

    # Without two figures there is no change to draw: `explain_change` says so itself.
    @pytest.mark.parametrize("name", [name for name in charts() if name != "waterfall"])
    def test_it_can_be_drawn_without_a_single_answer(self, name, lake):
        assert json.loads(text(charts()[name].draw(figures(lake)[name])))


class TestGauge:
    def test_it_runs_from_zero_to_the_value(self, answered):
        option = charts()["gauge"].draw(measure(answered, "nps").one)
        row = measure(answered, "nps").one
        assert option["series"][0]["axisLine"]["lineStyle"]["color"][0][0] == 0.5
        assert option["series"][0]["axisLine"]["lineStyle"]["color"][1][0] == pytest.approx(
            (row.value + 100) / 200, abs=1e-5
        )

    def test_it_shows_a_loss_on_the_left_of_zero_with_a_true_minus(self, lake, answers):
        lake.append("answers", answers([0] * 9 + [10]))
        option = charts()["gauge"].draw(measure(lake, "nps").one)
        assert option["series"][0]["axisLine"]["lineStyle"]["color"][1][0] == 0.5
        assert option["series"][0]["detail"]["formatter"] == "{a|−80}"

    def test_it_shows_a_dash_for_a_withheld_value(self, lake, answers):
        lake.append("answers", answers([10]))
        option = charts()["gauge"].draw(measure(lake, "nps").one)
        assert option["series"][0]["detail"]["formatter"] == "{a|—}"


class TestTrend:
    def test_it_leaves_a_gap_for_a_withheld_value(self, lake, answers):
        lake.append("answers", answers([10] * 5, day=date(2026, 3, 2)))
        lake.append("answers", answers([10], day=date(2026, 3, 9), first=9))
        option = charts()["trend"].draw(measure(lake, "nps", every="week"))
        assert option["series"][3]["data"] == [100.0, None]
        assert option["series"][0]["data"] == [5, 1]

    def test_its_band_is_the_interval(self, answered):
        result = measure(answered, "nps", every="week")
        series = charts()["trend"].draw(result)["series"]
        ends = [low + width for low, width in zip(series[1]["data"], series[2]["data"], strict=True)]
        assert ends == pytest.approx([row.high for row in result.rows], abs=0.11)
