"""Scales and their class maps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics import AnalyticsError
from voiceloop.analytics.scales import CLASSES, SCALES, STRETCHED, classify, scale

MAPS = [(on, on.classes) for on in SCALES.values()] + [(SCALES["nps_signed"], STRETCHED)]


@pytest.mark.requirement(1, 2, 3)
class TestClasses:
    @pytest.mark.parametrize(("on", "classes"), MAPS, ids=lambda part: getattr(part, "id", "map"))
    def test_they_partition_the_scale(self, on, classes):
        lows = [low for low, _ in classes.bounds]
        assert lows == sorted(set(lows))
        assert lows[0] == on.low
        assert lows[-1] <= on.high
        for score in on.points:
            inside = [
                name
                for i, (low, name) in enumerate(classes.bounds)
                if low <= score and (i + 1 == len(lows) or score < lows[i + 1])
            ]
            assert inside == [classes.of(score)]

    @given(st.sampled_from(MAPS), st.floats(0, 1))
    def test_they_give_every_point_between_the_ends_one_class(self, pair, part):
        on, classes = pair
        assert classes.of(on.low + part * (on.high - on.low)) in CLASSES

    @pytest.mark.parametrize(
        ("score", "expected"),
        [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter")],
    )
    def test_they_are_the_standard_ones_on_0_to_10(self, score, expected):
        assert classify(score) == expected

    def test_they_leave_15_of_21_signed_scores_without_a_class(self):
        found = [classify(score, "nps_signed") for score in range(-10, 11)]
        assert found == ["detractor"] * 2 + ["unclassified"] * 15 + ["passive"] * 2 + ["promoter"] * 2

    def test_they_stretch_the_0_to_10_cut_points_under_another_name(self):
        found = [STRETCHED.of(score) for score in range(-10, 11)]
        assert found == ["detractor"] * 14 + ["passive"] * 4 + ["promoter"] * 3


class TestScale:
    @pytest.mark.parametrize("score", [-1, 11, 8.5, float("nan"), float("inf")])
    def test_it_has_no_class_for_what_is_not_on_it(self, score):
        with pytest.raises(AnalyticsError, match="not on the scale"):
            classify(score)

    def test_it_holds_half_stars_but_no_thirds(self):
        assert scale("stars_1_5").holds(4.5)
        assert not scale("stars_1_5").holds(4.3)

    def test_it_says_which_scales_there_are(self):
        with pytest.raises(AnalyticsError, match="nps_0_10"):
            scale("nps")

    def test_it_speaks_chinese_too(self):
        with pytest.raises(AnalyticsError) as caught:
            scale("nps")
        assert caught.value.say("zh-hans").startswith("没有量表“nps”")
