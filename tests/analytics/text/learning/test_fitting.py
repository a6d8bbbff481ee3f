"""Members of the sum: chosen by what they had not seen, added up, and read again from one file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.learning import Classifier
from voiceloop.analytics.text.learning.calibration import Scaling
from voiceloop.analytics.text.learning.fitting import assembled, chosen, material
from voiceloop.analytics.text.learning.recipes import Member, Recipe, learned
from voiceloop.analytics.text.training.grammar import samples

pytestmark = pytest.mark.requirement(72)

MADE = [one for one in samples("zh", 300, seed=5) if one.label]
TEXTS, TRUTH = [one.text for one in MADE], np.array([one.label > 0 for one in MADE]).astype(np.int64)
DATA = material(TEXTS, TRUTH, np.ones(len(TEXTS)), 2)
MIX = (
    Member(Recipe(hint=0.3, words=0.0), 0.7),
    Member(Recipe(rarity=True, level=True), 1.3),
    Member(Recipe(telling=0.5), 0.5),
)


@pytest.fixture(scope="module")
def mixed() -> Classifier:
    return assembled(DATA, ("bad", "good"), MIX, Scaling(1.0, np.zeros(2)))


class TestAssembled:
    def test_it_says_what_its_members_say(self, mixed: Classifier) -> None:
        rows = np.arange(len(TEXTS))
        said = sum(share * learned(DATA, rows, recipe).says(DATA, rows) for recipe, share in MIX)
        assert np.allclose(mixed.margins(TEXTS), said, atol=0.01)

    def test_members_that_count_terms_alike_become_one(self, mixed: Classifier) -> None:
        assert len(mixed.weights) == 2

    def test_its_parts_add_up(self, mixed: Classifier) -> None:
        for text in (TEXTS[0], "上菜慢，wifi也连不上👎", ""):
            [label], [margins] = mixed.predict([text]).label, mixed.margins([text])
            total = sum(part.weight for part in mixed.parts(text)) + mixed.bias[0] * (1 if label else -1)
            assert total == pytest.approx(margins[label], abs=1e-5)

    def test_it_predicts_the_same_from_its_file(self, mixed: Classifier, tmp_path: Path) -> None:
        mixed.save(tmp_path / "m")
        assert np.array_equal(Classifier.load(tmp_path / "m").margins(TEXTS), mixed.margins(TEXTS))

    def test_it_refuses_a_file_of_an_earlier_version(self, mixed: Classifier) -> None:
        with pytest.raises(AnalyticsError, match="fit again"):
            Classifier.of({**mixed.arrays(), "format": np.array(1)}, "old.npz")


class TestChosen:
    def test_no_member_joins_that_makes_nothing_likelier(self) -> None:
        dice = np.random.default_rng(7)
        texts = ["".join(dice.choice(list("天地玄黄宇宙洪荒"), 6)) for _ in range(200)]
        data = material(texts, dice.integers(0, 2, 200), np.ones(200), 2)
        assert len(chosen(data, seed=1)) == 1

    def test_its_members_differ(self) -> None:
        recipes = [recipe for recipe, _ in chosen(DATA, seed=1)]
        assert len(recipes) == len(set(recipes)) <= 3
