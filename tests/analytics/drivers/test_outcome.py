"""What is explained, as numbers."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.outcome import outcome
from voiceloop.analytics.errors import AnalyticsError


class TestOutcome:
    def test_zero_to_ten_is_nps(self) -> None:
        found = outcome("willing", np.array([0, 6, 7, 8, 9, 10.0]))
        assert (found.unit, found.y.tolist()) == ("points", [-100, -100, 0, 0, 100, 100])

    def test_one_to_ten_is_an_average(self) -> None:
        assert outcome("整体满意度", np.arange(1.0, 11)).unit == "score"

    def test_a_recommendation_is_nps_even_if_nobody_gave_zero(self) -> None:
        assert outcome("recommend_0_10", np.arange(1.0, 11)).unit == "points"

    @pytest.mark.parametrize(
        ("bad", "good"),
        [
            ("Neutral or Dissatisfied", "Satisfied"),
            ("不满意", "满意"),
            ("no", "yes"),
            ("否", "是"),
            ("negative", "positive"),
        ],
    )
    def test_two_classes_are_the_share_of_the_better_one(self, bad: str, good: str) -> None:
        assert outcome("s", np.array([bad, good, good], dtype=object)).y.tolist() == [0, 100, 100]

    def test_of_churn_no_is_good(self) -> None:
        assert outcome("Churn", np.array(["Yes", "No"], dtype=object)).y.tolist() == [0, 100]

    def test_three_classes_are_worst_to_best(self) -> None:
        found = outcome("s", np.array(["neutral", "positive", "negative", None], dtype=object))
        assert found.y[:3].tolist() == [0, 100, -100]
        assert np.isnan(found.y[3])

    def test_which_class_is_good_can_be_said(self) -> None:
        found = outcome("state", np.array(["left", "stayed"], dtype=object), positive="stayed")
        assert found.y.tolist() == [0, 100]

    def test_classes_that_say_nothing_are_asked_about(self) -> None:
        with pytest.raises(AnalyticsError, match="--positive"):
            outcome("state", np.array(["a", "b"] * 9, dtype=object))

    def test_an_outcome_without_difference_is_refused(self) -> None:
        with pytest.raises(AnalyticsError, match="same in every row"):
            outcome("s", np.ones(9))
