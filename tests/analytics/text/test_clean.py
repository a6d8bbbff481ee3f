"""Clean: one spelling, the same length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.text.clean import clean
from voiceloop.analytics.text.phrases import folded
from voiceloop.analytics.text.traditional import SIMPLIFIED


class TestClean:
    def test_it_makes_wide_letters_narrow_and_keeps_emoji(self) -> None:
        assert clean("ＶＩＰ　很满意！👍") == "VIP 很满意!👍"

    def test_it_drops_control_characters_but_not_lines(self) -> None:
        assert clean("a\x00b\x07c\nd") == "a b c\nd"

    @given(st.text())
    def test_it_keeps_the_length(self, text: str) -> None:
        assert len(clean(text)) == len(text)


class TestFold:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("服務態度很差，等了兩個鐘頭還沒處理", "服务态度很差,等了两个钟头还没处理"),
            ("這間飯店的環境乾淨，員工親切", "这间饭店的环境干净,员工亲切"),
            ("貨發錯了，退款拖了三個禮拜", "货发错了,退款拖了三个礼拜"),
            ("網絡訊號時好時壞，客服電話打不通", "网络讯号时好时坏,客服电话打不通"),
        ],
    )
    def test_it_reads_traditional_script(self, written: str, read: str) -> None:
        assert folded(written) == read

    def test_its_pairs_lead_to_simplified_characters_in_one_step(self) -> None:
        for old, new in SIMPLIFIED.items():
            assert len(old) == len(new) == 1
            assert new not in SIMPLIFIED
            assert new.encode("gb2312")

    @given(st.text(max_size=30))
    def test_it_folds_once(self, text: str) -> None:
        once = folded(text)
        assert folded(once) == once
        assert len(once) == len(text)
