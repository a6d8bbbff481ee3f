"""Learning from the company: scores teach words that nobody told the product, and only where that helps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.batch import lay_out
from voiceloop.analytics.text.evidence import all_parts
from voiceloop.analytics.text.learning import SentimentFit, fit_sentiment, score_label
from voiceloop.analytics.text.sentiment import Model, base_model, score
from voiceloop.analytics.text.training.grammar import samples

pytestmark = pytest.mark.requirement(72)

# A dialect that the lexicon does not know beside plain comments.
MADE = [one for one in samples("zh", 400, seed=21) if one.label]
TEXTS = [one.text + ("，蛮嗲额" if one.label > 0 else "，瞎搞八搞") for one in MADE]
LABELS = [one.label for one in MADE]


@pytest.fixture(scope="module")
def taught() -> SentimentFit:
    return fit_sentiment(TEXTS, LABELS)


class TestFitSentiment:
    def test_it_learns_words_of_the_company(self, taught: SentimentFit) -> None:
        assert taught.chosen != "base"
        labels = [found.sentiment.label for found in analyse(["蛮嗲额", "瞎搞八搞"], model=taught.model)]
        assert labels == ["positive", "negative"]

    def test_it_compares_every_candidate(self, taught: SentimentFit) -> None:
        assert set(taught.cv) == {"base", "base+local", "local"}
        best = min(one["log_loss"] for one in taught.cv.values())
        assert taught.cv[taught.chosen]["log_loss"] == pytest.approx(best, rel=0.004, abs=0.001)

    def test_it_keeps_the_shipped_model_when_labels_say_nothing(self) -> None:
        dice = np.random.default_rng(1)
        found = fit_sentiment(
            ["".join(dice.choice(list("天地玄黄宇宙洪荒"), 6)) for _ in range(200)], [1, -1] * 100
        )
        assert found.cv[found.chosen]["log_loss"] <= found.cv["local"]["log_loss"]
        assert found.cv[found.chosen]["log_loss"] > 0.6

    @pytest.mark.parametrize(("n", "labels"), [(0, [1, -1]), (10, [1, -1]), (200, [1])])
    def test_it_keeps_the_shipped_model_when_there_is_too_little(self, n: int, labels: list[int]) -> None:
        found = fit_sentiment(["好"] * n, (labels * n)[:n])
        assert (found.chosen, found.model, found.cv) == ("base", base_model(), {})

    def test_it_keeps_neutral_when_no_label_teaches_it(self, taught: SentimentFit) -> None:
        assert analyse(["昨天下的单"], model=taught.model)[0].sentiment.label == "neutral"

    def test_it_learns_neutral_where_labels_teach_it(self) -> None:
        texts = [*TEXTS, *(["走过路过"] * 60)]
        found = fit_sentiment(texts, [*LABELS, *([0] * 60)])
        assert analyse(["走过路过"], model=found.model)[0].sentiment.label == "neutral"

    def test_corrections_weigh_most(self) -> None:
        texts, labels = [*TEXTS, *(["一般般"] * 20)], [*LABELS, *([1, -1] * 10)]
        weights = [1.0] * len(TEXTS) + [9.0, 1.0] * 10
        found = fit_sentiment(texts, labels, weights=weights)
        assert score(lay_out(["一般般"]), found.model).probability[0].argmax() != 0

    def test_its_parts_add_up(self, taught: SentimentFit) -> None:
        batch = lay_out(TEXTS[:30])
        scores = score(batch, taught.model)
        for row, text in enumerate(TEXTS[:30]):
            total = sum(part.weight for part in all_parts(text, row, batch, scores))
            assert total == pytest.approx(scores.score[row], abs=1e-4)

    def test_it_refuses_other_labels(self) -> None:
        with pytest.raises(AnalyticsError):
            fit_sentiment(["好"], [5])


class TestSave:
    def test_it_says_the_same_from_its_file(self, taught: SentimentFit, tmp_path: Path) -> None:
        taught.model.save(tmp_path / "m")
        again = Model.load(tmp_path / "m")
        batch = lay_out(TEXTS)
        assert again.version == taught.model.version != base_model().version
        assert np.array_equal(score(batch, again).probability, score(batch, taught.model).probability)

    def test_it_refuses_what_is_no_model(self, tmp_path: Path) -> None:
        (tmp_path / "m").write_bytes(b"no model")
        with pytest.raises(AnalyticsError):
            Model.load(tmp_path / "m")


class TestScoreLabel:
    @pytest.mark.parametrize(
        ("score", "scale", "label"),
        [
            (0, "nps_0_10", -1),
            (6, "nps_0_10", -1),
            (7, "nps_0_10", None),
            (10, "nps_0_10", 1),
            (-9, "nps_signed", -1),
            (0, "nps_signed", None),
            (2, "csat_1_5", -1),
            (3, "csat_1_5", 0),
            (5, "stars_1_5", 1),
            (4, "ces_1_7", 0),
            (1, "yes_no", 1),
        ],
    )
    def test_it_says_what_a_score_means(self, score: float, scale: str, label: int | None) -> None:
        assert score_label(score, scale) == label

    def test_it_refuses_a_score_off_its_scale(self) -> None:
        with pytest.raises(AnalyticsError):
            score_label(11, "nps_0_10")
