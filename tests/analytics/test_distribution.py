"""How answers spread over a scale."""

from __future__ import annotations

import pytest

from voiceloop.analytics import AnalyticsError
from voiceloop.analytics.distribution import distribution


class TestDistribution:
    @pytest.mark.requirement(3)
    def test_it_has_a_bar_for_every_score_and_a_share_for_every_class(self, lake, answers):
        lake.append("answers", answers([10, 10, 9, 8, 0]))
        found = distribution(lake)
        assert [bar.n for bar in found.bars] == [1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2]
        assert found.classes == {"detractor": 20, "passive": 20, "promoter": 60}

    @pytest.mark.requirement(2)
    def test_it_reports_the_share_without_a_class(self, lake, answers):
        lake.append("answers", answers([-10, -8, 0, 6, 7, 10, 10, 9], scale="nps_signed"))
        found = distribution(lake, "nps_signed")
        assert found.classes["unclassified"] == pytest.approx(37.5)
        assert len(found.bars) == 21

    def test_it_bins_a_continuous_scale(self, lake, answers):
        lake.append("answers", answers([0, 4.9, 5, 99.9, 100], scale="csat_0_100", question="csat"))
        counts = [bar.n for bar in distribution(lake, "csat").bars]
        assert (counts[0], counts[1], counts[19], counts[20], sum(counts)) == (2, 1, 1, 1, 5)

    def test_it_can_be_weighted(self, lake, answers):
        lake.append("answers", answers([10] * 4, weight=1.0))
        lake.append("answers", answers([0], weight=4.0, first=5))
        assert distribution(lake, weighted=True).classes["detractor"] == 50

    def test_it_shows_no_bar_under_five_answers(self, lake, answers):
        lake.append("answers", answers([10, 9, 0, 1]))
        found = distribution(lake)
        assert found.n == 4
        assert {bar.n for bar in found.bars} == {None}
        assert set(found.classes.values()) == {None}

    def test_it_filters(self, lake, answers):
        lake.append("answers", answers([10] * 5, channel="a"))
        lake.append("answers", answers([0] * 5, channel="b", first=6))
        assert distribution(lake, where={"channel": "a"}).classes["promoter"] == 100

    def test_it_exists_only_for_scores(self, lake):
        with pytest.raises(AnalyticsError, match="not a metric of scores"):
            distribution(lake, "response_rate")
