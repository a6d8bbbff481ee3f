"""The classifier of any labels: learns, repeats itself, explains its sums, and is a file that cannot run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.learning import Classifier, fit
from voiceloop.analytics.text.training.grammar import samples

pytestmark = pytest.mark.requirement(72)

MADE = samples("zh", 400, seed=11)
TEXTS, LABELS = [one.text for one in MADE], [str(one.label) for one in MADE]
ROUTES = ["账单多扣了钱", "宽带断网了", "想办理退订"] * 12
TEAMS = ["billing", "network", "cancel"] * 12


@pytest.fixture(scope="module")
def three() -> Classifier:
    return fit(TEXTS, LABELS).classifier


@pytest.fixture(scope="module")
def two() -> Classifier:
    kept = [(text, label) for text, label in zip(TEXTS, LABELS, strict=True) if label != "0"]
    return fit([text for text, _ in kept], [label for _, label in kept]).classifier


class TestFit:
    def test_it_learns_any_labels(self) -> None:
        found = fit(ROUTES, TEAMS)
        guess = found.classifier.predict(["帮我看看账单", "网络断了"]).label
        assert [found.classifier.labels[number] for number in guess] == ["billing", "network"]
        assert found.report.accuracy == 1.0

    def test_it_repeats_itself(self) -> None:
        assert fit(ROUTES, TEAMS).classifier.version == fit(ROUTES, TEAMS).classifier.version

    def test_it_reports_what_it_had_not_seen(self) -> None:
        dice = np.random.default_rng(3)
        texts = ["".join(dice.choice(list("天地玄黄宇宙洪荒"), 6)) for _ in range(300)]
        found = fit(texts, dice.choice(["a", "b"], 300).tolist()).report
        assert found.accuracy < 0.65
        assert found.calibration_error < 0.15

    def test_it_hears_weights(self) -> None:
        labels = ["a", "b"] * 20
        weights = [9.0, 1.0] * 20
        found = fit(["同一句话"] * 40, labels, weights=weights).classifier
        assert found.predict(["同一句话"]).probability[0, 0] == pytest.approx(0.9, abs=0.03)

    def test_it_learns_beside_labels_too_rare_to_learn(self) -> None:
        assert fit([*ROUTES, "罕见"], [*TEAMS, "once"]).classifier.labels[-1] == "once"

    @pytest.mark.parametrize("labels", [["a"] * 4, ["a", "a", "a", "b"], [str(i) for i in range(4)]])
    def test_it_says_when_there_is_nothing_to_learn(self, labels: list[str]) -> None:
        with pytest.raises(AnalyticsError):
            fit(["好"] * 4, labels)


class TestPredict:
    @pytest.mark.parametrize("model", ["two", "three"])
    def test_it_does_not_depend_on_the_neighbours(self, model: str, request: pytest.FixtureRequest) -> None:
        learned = request.getfixturevalue(model)
        alone = np.concatenate([learned.margins([text]) for text in TEXTS[:20]])
        assert np.allclose(learned.margins(TEXTS[:20]), alone)

    def test_it_bears_any_text(self, three: Classifier) -> None:
        odd = ["", " ", "👍", "\0\x07", "\ud800", "ไทย", "很好" * 200_000]
        found = three.predict(odd)
        assert np.allclose(found.probability.sum(axis=1), 1)
        assert len(three.predict([]).label) == 0

    def test_it_gives_chances_that_hold(self, three: Classifier) -> None:
        fresh = samples("zh", 600, seed=12)
        chance = three.predict([one.text for one in fresh])
        right = np.array([three.labels[number] for number in chance.label]) == [
            str(one.label) for one in fresh
        ]
        assert abs(chance.probability.max(axis=1).mean() - right.mean()) < 0.05


class TestExplain:
    @pytest.mark.parametrize("model", ["two", "three"])
    @pytest.mark.parametrize("text", ["服务很好，但是上菜太慢！", "good food 太贵", "好好好", ""])
    def test_its_parts_add_up(self, model: str, text: str, request: pytest.FixtureRequest) -> None:
        learned = request.getfixturevalue(model)
        [label] = learned.predict([text]).label
        [margins] = learned.margins([text])
        bias = learned.bias[0] * (1 if label else -1) if len(margins) == 2 else 0
        if len(margins) > 2:
            margins, bias = margins - margins.mean(), learned.bias[label] - learned.bias.mean()
        total = sum(part.weight for part in learned.parts(text))
        assert total + bias == pytest.approx(margins[label], abs=1e-5)

    def test_it_points_at_the_words(self, two: Classifier) -> None:
        text = "服务员态度非常差，再也不来了"
        assert all(text[part.start : part.end] == part.text for part in two.explain(text))
        assert two.explain(text)[0].weight > 0


class TestLoad:
    def test_it_predicts_the_same_from_its_file(self, three: Classifier, tmp_path: Path) -> None:
        three.save(tmp_path / "m")
        again = Classifier.load(tmp_path / "m")
        assert again.version == three.version
        assert np.array_equal(again.margins(TEXTS), three.margins(TEXTS))

    def test_it_refuses_what_is_no_model(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "other.npz", a=np.ones(3))
        (tmp_path / "text").write_text("hello", "utf-8")
        (tmp_path / "empty").touch()
        # An array of objects would run code when it is unpacked.
        np.save(tmp_path / "objects.npy", np.array([{}], dtype=object), allow_pickle=True)
        for name in ("other.npz", "text", "empty", "objects.npy", "absent", "."):
            with pytest.raises(AnalyticsError):
                Classifier.load(tmp_path / name)
