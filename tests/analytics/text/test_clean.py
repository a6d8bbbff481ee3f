"""Clean: one spelling, the same length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.text.clean import clean


class TestClean:
    def test_it_makes_wide_letters_narrow_and_keeps_emoji(self) -> None:
        assert clean("ＶＩＰ　很满意！👍") == "VIP 很满意!👍"

    def test_it_drops_control_characters_but_not_lines(self) -> None:
        assert clean("a\x00b\x07c\nd") == "a b c\nd"

    @given(st.text())
    def test_it_keeps_the_length(self, text: str) -> None:
        assert len(clean(text)) == len(text)
