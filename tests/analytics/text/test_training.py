"""Training: the grammar is seeded, and a fit on it alone tells praise from complaint."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.text.batch import lay_out
from voiceloop.analytics.text.sentiment import Model, base_model, score
from voiceloop.analytics.text.training.grammar import samples
from voiceloop.analytics.text.training.train import Source, fit


class TestSamples:
    def test_it_writes_the_same_comments_for_a_seed(self) -> None:
        assert samples("zh", 50, seed=7) == samples("zh", 50, seed=7) != samples("zh", 50, seed=8)

    def test_it_leaves_no_slot_unfilled(self) -> None:
        assert not any(
            "{" in sample.text for language in ("zh", "en") for sample in samples(language, 400, seed=3)
        )


class TestFit:
    def test_it_repeats_itself_and_learns(self) -> None:
        made = samples("zh", 300, seed=5)
        source = Source([one.text for one in made], [one.label for one in made], 1.0)
        first, again = fit([source]), fit([source])
        assert all(np.array_equal(first[name], again[name]) for name in first)
        weights = first["weights"].astype(np.float64) * float(first["scale"])
        model = Model(weights, first["gain"].astype(np.float64), first["cuts"].astype(np.float64), "test")
        fresh = [one for one in samples("zh", 200, seed=6) if one.label]
        right = np.sign(score(lay_out([one.text for one in fresh]), model).score) == [
            one.label for one in fresh
        ]
        assert right.mean() > 0.9


class TestBaseModel:
    def test_it_is_small(self) -> None:
        assert np.count_nonzero(base_model().weights) <= base_model().weights.size == 2**17
