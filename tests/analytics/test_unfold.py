"""What is a mean, and where its scale ends."""

from __future__ import annotations

import pytest

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.unfold import bounds_of


class TestBoundsOf:
    @pytest.mark.parametrize(
        ("name", "scale", "bounds"),
        [
            ("nps", None, (-1.0, 1.0)),
            ("response_rate", None, (0.0, 1.0)),
            ("csat", "csat_1_10", (1, 10)),
            ("order_value", None, None),
        ],
    )
    def test_it_knows_the_ends_of_the_scale(self, name, scale, bounds):
        assert bounds_of(registry.metric(name), scale) == bounds

    def test_it_refuses_a_median(self):
        with pytest.raises(AnalyticsError, match="no mean"):
            bounds_of(registry.metric("first_response_time"))
