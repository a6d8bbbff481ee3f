"""Emotion, urgency, severity, needs and sarcasm, on sentences that we wrote and labelled ourselves.

The rules were tuned on these sentences: the bars guard what was reached, they do not predict other text.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.found import Analysis

FILE = Path(__file__).parent / "data" / "signals.csv"


def said(text: str) -> Analysis:
    return analyse([text])[0]


def labelled() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def answers() -> list[dict[str, str]]:
    return [
        {
            "voice": found.voice.label,
            "emotion": found.emotion.label,
            "urgency": found.urgency.label,
            "severity": found.severity.label,
            "need": str(int(bool(found.need))),
            "sarcasm": str(int(found.sarcasm)),
        }
        for found in analyse([row["text"] for row in labelled()])
    ]


def figures(kind: str, label: str) -> tuple[float, float]:
    """Precision and recall of one label on the labelled sentences."""
    pairs = [
        (row[kind] == label, answer[kind] == label) for row, answer in zip(labelled(), answers(), strict=True)
    ]
    both = sum(right and given for right, given in pairs)
    return both / sum(given for _, given in pairs), both / sum(right for right, _ in pairs)


class TestLabelledSentences:
    @pytest.mark.requirement(67)
    @pytest.mark.parametrize(
        ("label", "precision", "recall"),
        [("praise", 0.75, 0.80), ("problem", 0.95, 0.85), ("suggestion", 0.90, 0.90)],
    )
    def test_it_hears_the_voice(self, label: str, precision: float, recall: float) -> None:
        found = figures("voice", label)
        assert found[0] >= precision
        assert found[1] >= recall

    @pytest.mark.requirement(79)
    @pytest.mark.parametrize("label", ["angry", "disappointed", "understanding"])
    def test_it_hears_the_emotion(self, label: str) -> None:
        assert min(figures("emotion", label)) >= 0.8

    @pytest.mark.requirement(77)
    @pytest.mark.parametrize("label", ["slight", "serious", "catastrophic"])
    def test_it_grades_the_failure(self, label: str) -> None:
        assert min(figures("severity", label)) >= 0.75

    @pytest.mark.requirement(77)
    @pytest.mark.parametrize("label", ["safety", "legal", "authority", "media", "churn", "self_harm"])
    def test_it_hears_what_must_not_wait(self, label: str) -> None:
        assert min(figures("urgency", label)) >= 0.75

    @pytest.mark.requirement(82)
    def test_it_finds_wishes(self) -> None:
        assert min(figures("need", "1")) >= 0.9

    @pytest.mark.requirement(79)
    def test_it_claims_sarcasm_only_where_sure(self) -> None:
        assert figures("sarcasm", "1")[0] == 1.0


@pytest.mark.requirement(79)
class TestEmotion:
    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("太不像話了，氣死我了", "angry"),
            ("一点都不生气", "none"),
            ("从来没让我失望过", "none"),
            ("无法理解，不可原谅，太过分了", "angry"),
            ("这本书容易理解", "none"),
            ("not disappointed at all", "none"),
        ],
    )
    def test_it_hears_negation_and_traditional_script(self, text: str, label: str) -> None:
        assert said(text).emotion.label == label

    def test_it_shows_its_words(self) -> None:
        text = "气死我了，客服骂人"
        assert said(text).emotion.evidence[0].text == text[:4]


@pytest.mark.requirement(77)
class TestUrgency:
    @pytest.mark.parametrize(
        "text",
        [
            "味道好，朋友圈都推荐",
            "客服电话选12345都不对，真差",
            "小说写主人公自杀，很感人",
            "差点摔伤",
            "没有过敏",
        ],
    )
    def test_it_is_not_alarmed_by_a_word(self, text: str) -> None:
        assert said(text).urgency.label == ""

    def test_it_names_the_gravest_of_several(self) -> None:
        assert said("吃完食物中毒，再也不来了，我要打12315").urgency.label == "safety"

    def test_it_shows_its_words(self) -> None:
        assert [part.text for part in said("再不退款我就打12315投诉").urgency.evidence] == ["12315"]


@pytest.mark.requirement(77)
class TestSeverity:
    def test_it_is_empty_without_a_failure(self) -> None:
        assert said("很好吃").severity.label == ""

    def test_it_does_not_grade_what_was_only_feared(self) -> None:
        assert said("担心漏电，结果很安全，很好用").severity.label == ""


@pytest.mark.requirement(82)
class TestNeed:
    def test_it_gives_the_span_of_the_wish(self) -> None:
        text = "菜不错，希望能有儿童餐椅，下次再来"
        assert [part.text for part in said(text).need] == ["希望能有儿童餐椅"]

    @pytest.mark.parametrize(
        "text", ["希望孩子喜欢", "期待您的光临", "最好吃的一家", "再也不用担心找不到车位"]
    )
    def test_it_is_not_misled_by_the_word(self, text: str) -> None:
        assert said(text).need == ()


@pytest.mark.requirement(72)
class TestComparison:
    def test_it_takes_praise_of_before_for_a_problem_of_now(self) -> None:
        [reason] = [one for one in said("服务不如以前好").reasons if one.code == "attitude"]
        assert reason.polarity == -1

    def test_it_takes_better_than_before_for_praise(self) -> None:
        [reason] = [one for one in said("服务比以前好多了").reasons if one.code == "attitude"]
        assert reason.polarity == 1


class TestAnyText:
    PARTS = (
        "希望",
        "建议",
        "真是“好”",
        "12315",
        "曝光",
        "不想活",
        "呵呵",
        "请",
        "you should ",
        "👏",
        "\ud83d",
        "0",
        "\n",
        "再也不",
        "很好，",
        "太差！",
    )

    @given(st.lists(st.sampled_from(PARTS), max_size=14))
    @settings(max_examples=150, deadline=None)
    def test_it_gives_spans_of_the_text(self, parts: list[str]) -> None:
        text = "".join(parts)
        found = said(text)
        for part in (
            *found.need,
            *found.irony,
            *found.urgency.evidence,
            *found.severity.evidence,
            *found.emotion.evidence,
        ):
            assert text[part.start : part.end] == part.text != ""

    @given(st.lists(st.text(st.characters(codec=None), max_size=30), max_size=5))
    @settings(max_examples=150, deadline=None)
    def test_it_never_fails(self, texts: list[str]) -> None:
        assert len(analyse(texts)) == len(texts)

    @given(st.lists(st.sampled_from(PARTS), max_size=10))
    @settings(max_examples=80, deadline=None)
    def test_it_says_the_same_alone_and_in_company(self, parts: list[str]) -> None:
        text = "".join(parts)
        assert analyse(["差评，再也不来", text, "建议加座位"])[1] == said(text)

    def test_it_reads_a_megabyte_of_wishes(self) -> None:
        [found] = analyse(["希望增加座位，" * 150_000], evidence=False)
        assert found.voice.label == "suggestion"
