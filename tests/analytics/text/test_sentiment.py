"""Sentiment: negation, mixed comments, emoji, English, and a floor on sentences written for this test."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.batch import lay_out
from voiceloop.analytics.text.evaluate import evaluate_sentiment
from voiceloop.analytics.text.evidence import all_parts
from voiceloop.analytics.text.sentiment import score

pytestmark = pytest.mark.requirement(72)

DATA = Path(__file__).parent / "data" / "sentences.csv"
SENTENCES = list(csv.DictReader(DATA.read_text("utf-8").splitlines()))


def label(text: str) -> str:
    return analyse([text])[0].sentiment.label


def scored(text: str) -> float:
    return float(score(lay_out([text])).score[0])


class TestNegation:
    @pytest.mark.parametrize(
        "text",
        [
            "不好吃",
            "不太满意",
            "服务不怎么热情",
            "没有想象的好",
            "谈不上好吃",
            "not good",
            "I am not happy with it",
        ],
    )
    def test_it_turns_praise_into_complaint(self, text: str) -> None:
        assert label(text) == "negative"

    @pytest.mark.parametrize(
        "text", ["没有异味", "一点都不失望", "价格不贵", "没让我失望", "No complaints", "not bad at all"]
    )
    def test_it_turns_complaint_into_praise(self, text: str) -> None:
        assert label(text) == "positive"

    def test_it_grants_a_little_when_twice_negated(self) -> None:
        assert scored("不好") < scored("不是不好") < scored("好")

    def test_it_does_not_reach_over_a_clause(self) -> None:
        assert scored("不，很好吃") > scored("不是很好吃")


class TestMixed:
    def test_it_hears_what_follows_a_contrast(self) -> None:
        assert label("味道不错，但是服务太差，再也不来了") == "negative"
        assert label("虽然等了一会儿，但是味道真的很好") == "positive"

    def test_it_orders_a_contrast_by_its_end(self) -> None:
        assert scored("服务差，但味道好") > scored("味道好，但服务差")


class TestEmoji:
    def test_it_counts_beside_words(self) -> None:
        assert scored("收到了👍") > scored("收到了") > scored("收到了😡")


class TestParts:
    @pytest.mark.parametrize("row", SENTENCES[::9], ids=lambda row: row["text"][:12])
    def test_it_adds_up_to_the_score(self, row: dict[str, str]) -> None:
        batch = lay_out([row["text"]])
        scores = score(batch)
        total = sum(part.weight for part in all_parts(row["text"], 0, batch, scores))
        assert total == pytest.approx(scores.score[0], abs=1e-9)

    def test_it_points_at_the_customers_own_words(self) -> None:
        text = "Ｗｉｆｉ很好，但房间不太干净"
        for part in analyse([text])[0].sentiment.evidence:
            assert text[part.start : part.end] == part.text

    def test_it_names_the_negated_phrase_as_one(self) -> None:
        assert "不太干净" in [part.text for part in analyse(["房间不太干净"])[0].sentiment.evidence]


class TestScore:
    def test_it_does_not_depend_on_the_neighbours(self) -> None:
        texts = [row["text"] for row in SENTENCES]
        together = score(lay_out(texts)).score
        alone = [scored(text) for text in texts]
        assert np.allclose(together, alone)

    def test_it_reads_traditional_and_wide_characters_alike(self) -> None:
        assert scored("服務態度很好！") == pytest.approx(scored("服务态度很好!"))

    def test_it_gives_probabilities_that_sum_to_one(self) -> None:
        chance = score(lay_out([row["text"] for row in SENTENCES])).probability
        assert np.allclose(chance.sum(axis=1), 1)


class TestFloor:
    """Floors a little under what was measured when the model was made: a worse model must not slip in."""

    @pytest.mark.parametrize(("language", "floor"), [("zh", 0.80), ("en", 0.75)])
    def test_it_keeps_three_class_accuracy(self, language: str, floor: float) -> None:
        rows = [row for row in SENTENCES if row["language"] == language]
        found = evaluate_sentiment([row["text"] for row in rows], [row["label"] for row in rows])
        assert found.accuracy >= floor

    @pytest.mark.parametrize(("language", "floor"), [("zh", 0.92), ("en", 0.90)])
    def test_it_keeps_praise_apart_from_complaint(self, language: str, floor: float) -> None:
        rows = [row for row in SENTENCES if row["language"] == language and row["label"] != "neutral"]
        found = evaluate_sentiment([row["text"] for row in rows], [row["label"] for row in rows])
        assert found.accuracy >= floor
