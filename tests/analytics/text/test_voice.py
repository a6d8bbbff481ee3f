"""Voice class: praise, problem or suggestion, and what only sounds like a suggestion."""

from __future__ import annotations

import pytest

from voiceloop.analytics.text.analyse import analyse

pytestmark = pytest.mark.requirement(67)

SUGGESTIONS = [
    "建议增加几个停车位",
    "希望你们能延长营业时间",
    "能不能把发票流程简化一下",
    "如果能开通线上排队就好了",
    "希望早日优化小程序",
    "建议商家给外卖加一双筷子",
    "最好提供儿童餐具",
    "Please add more seats near the window.",
    "You should train your staff better.",
    "It would be nice if the app had a dark mode.",
    "I suggest opening a second desk at noon.",
]
NOT_SUGGESTIONS = [
    "建议大家别买",
    "希望孩子喜欢",
    "最好吃的一家火锅",
    "强烈建议朋友们来尝尝",
    "I would recommend this hotel to everyone",
    "客服说会改进，结果还是老样子",
    "味道很好，推荐",
]


class TestVoice:
    @pytest.mark.parametrize("text", SUGGESTIONS)
    def test_it_hears_a_suggestion(self, text: str) -> None:
        assert analyse([text])[0].voice.label == "suggestion"

    @pytest.mark.parametrize("text", NOT_SUGGESTIONS)
    def test_it_is_not_misled_by_the_word(self, text: str) -> None:
        assert analyse([text])[0].voice.label != "suggestion"

    def test_it_hears_praise_and_problems(self) -> None:
        labels = [
            found.voice.label for found in analyse(["服务太好了", "等了两个小时，太差了", "昨天下的单"])
        ]
        assert labels == ["praise", "problem", "other"]

    def test_it_shows_the_words_that_decided(self) -> None:
        text = "味道不错，建议增加几个停车位"
        [part] = analyse([text])[0].voice.evidence
        assert text[part.start : part.end] == part.text == "建议增加"
