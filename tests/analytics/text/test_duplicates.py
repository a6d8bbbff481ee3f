"""Copies and campaigns are told from what many people say."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics.text.duplicates import duplicates

CAMPAIGN = "大家注意了，这家店卖假货还不退款，千万不要上当，请转发给身边每一个朋友，编号{}"


class TestDuplicates:
    def test_a_campaign_is_one_group(self) -> None:
        texts = [CAMPAIGN.format(number) for number in range(30)] + [
            "味道很好，服务员也很热情",
            "等了四十分钟",
        ]
        found = duplicates(texts)
        assert found.sizes.tolist() == [30] * 30 + [1, 1]
        assert found.is_first.sum() == 3

    def test_a_flood_has_its_days(self) -> None:
        texts = [CAMPAIGN.format(number) for number in range(12)]
        [flood] = duplicates(texts).floods([date(2026, 11, 1 + number) for number in range(12)])
        assert (flood.n, flood.since, flood.until) == (12, date(2026, 11, 1), date(2026, 11, 12))

    def test_a_copy_of_a_copy_belongs_to_it(self) -> None:
        words = [f"第{number}件事情是快递太慢而且客服不回复" for number in "一二三四五六七八九十"]
        texts = ["".join(words[first : first + 6]) for first in range(5)]
        assert len(set(duplicates(texts).group.tolist())) == 1

    def test_short_praise_is_a_copy_only_when_equal(self) -> None:
        assert duplicates(["很好吃", "很好喝", "很好吃！"]).group.tolist() == [0, 1, 0]

    def test_what_has_no_letters_is_its_symbols(self) -> None:
        assert duplicates(["", "", "😀", "😀", "👍"]).group.tolist() == [0, 1, 2, 2, 4]

    @given(st.lists(st.text(max_size=30), max_size=12))
    @settings(max_examples=40, deadline=None)
    def test_every_text_is_in_the_group_of_its_first(self, texts: list[str]) -> None:
        group = duplicates(texts).group
        assert all(group[group[place]] == group[place] <= place for place in range(len(texts)))
