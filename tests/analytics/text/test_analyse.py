"""The whole analysis: odd input, agreement of batch and single, evidence on demand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.batch import lay_out

ODD = {
    "empty": "",
    "blank": " \t\n",
    "emoji": "👍👍😡",
    "control": "\x00\x01\x1f\u200b",
    "digits": "1234567890",
    "marks": "!!!???。。。",
    "japanese": "とても良いサービスでした",
    "korean": "정말 좋아요",
    "russian": "Очень хорошо",
    "arabic": "خدمة ممتازة",
    "thai": "อร่อยมาก",
    "french": "Le service est très bon et le personnel est gentil",
    "surrogate": "\ud83d",
}


@pytest.mark.requirement(72)
class TestAnalyse:
    @pytest.mark.parametrize("text", ODD.values(), ids=ODD)
    def test_it_says_when_it_does_not_understand(self, text: str) -> None:
        [found] = analyse([text])
        assert (found.understood, found.sentiment.label, found.reasons) == (False, "unknown", ())

    def test_it_reads_a_megabyte(self) -> None:
        [found] = analyse(["服务很差，等了两个小时。" * 90_000], evidence=False)
        assert found.sentiment.label == "negative"

    def test_it_returns_nothing_for_nothing(self) -> None:
        assert analyse([]) == []

    def test_it_keeps_the_order_over_odd_neighbours(self) -> None:
        texts = [text for odd in ODD.values() for text in (odd, "很好吃", "难吃")]
        labels = [found.sentiment.label for found in analyse(texts)]
        assert labels[1::3] == ["positive"] * len(ODD)
        assert labels[2::3] == ["negative"] * len(ODD)

    @given(st.lists(st.text(max_size=40), max_size=6))
    @settings(max_examples=100, deadline=None)
    def test_it_never_fails(self, texts: list[str]) -> None:
        assert len(analyse(texts)) == len(texts)

    @given(
        st.lists(
            st.sampled_from(["很好", "不", "太慢了，", "but ", "服务", "not good", "\n", "👍"]), max_size=12
        )
    )
    @settings(max_examples=100, deadline=None)
    def test_it_says_the_same_alone_and_in_company(self, parts: list[str]) -> None:
        text = "".join(parts)
        assert analyse(["差评", text, "ok"])[1] == analyse([text])[0]

    def test_it_says_the_same_with_and_without_evidence(self) -> None:
        text = "上菜太慢了，但是服务员很热情"
        plain, full = analyse([text], evidence=False)[0], analyse([text])[0]
        assert plain.sentiment.label == full.sentiment.label
        assert plain.sentiment.evidence == ()
        assert full.sentiment.evidence

    def test_it_goes_into_json(self) -> None:
        line = json.dumps(analyse(["快递太慢"])[0].to_dict(), ensure_ascii=False)
        assert json.loads(line)["reasons"][0]["evidence"][0]["text"] == "快递"

    def test_it_carries_the_model_version(self) -> None:
        assert analyse(["好"])[0].version


class TestLayOut:
    @given(st.lists(st.text(max_size=20), max_size=8))
    @settings(max_examples=100, deadline=None)
    def test_it_finds_every_text_again_by_length(self, texts: list[str]) -> None:
        batch = lay_out(texts)
        assert (batch.ends - batch.starts).tolist() == [len(text) for text in texts]
