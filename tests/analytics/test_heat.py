"""Colours of a heat table."""

from __future__ import annotations

import pytest

from voiceloop.analytics.heat import shade


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(c * weight for c, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


class TestShade:
    @pytest.mark.parametrize("value", range(-100, 101, 10))
    def test_it_carries_the_one_ink_with_enough_contrast(self, value):
        assert (luminance(shade(value)) + 0.05) / (luminance("#10202b") + 0.05) >= 4.5
