"""`voiceloop text fit` and `evaluate --model`: any labels learned from a file, and measured on another."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from voiceloop.analytics.text.commands import add_text

pytestmark = pytest.mark.requirement(72)

ROUTES = [("账单多扣了钱", "账务"), ("宽带断网了", "网络"), ("想办理退订", "退订")] * 12
FIGURES = {"n", "accuracy", "macro_f1", "calibration_error", "rows_per_second"}


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_text(parser.add_subparsers())
    args = parser.parse_args(["text", *words])
    return int(args.run(args))


def write(path: Path, rows: Iterable[tuple[object, object]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("text", "label"), *rows])
    return str(path)


class Learner:
    """Fits and evaluates in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def fit(self, rows: Iterable[tuple[object, object]], *more: str) -> tuple[int, str, str]:
        file = write(self.folder / "fit.csv", rows)
        code = run("fit", file, "--text", "text", "--label", "label", "--save", str(self.folder / "m"), *more)
        return code, *self.capsys.readouterr()

    def evaluate(self, rows: Iterable[tuple[object, object]], *more: str) -> tuple[int, str, str]:
        file = write(self.folder / "new.csv", rows)
        model = ["--model", str(self.folder / "m"), "--lang", "en"]
        code = run("evaluate", file, "--text", "text", "--label", "label", *model, *more)
        return code, *self.capsys.readouterr()


@pytest.fixture
def learner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Learner:
    return Learner(tmp_path, capsys)


class TestFit:
    def test_it_prints_one_object_with_the_figures(self, learner: Learner) -> None:
        code, out, error = learner.fit(ROUTES, "--json")
        found: dict[str, Any] = json.loads(out)
        assert (code, error) == (0, "")
        assert found.keys() >= FIGURES
        assert found["labels"] == sorted(["账务", "网络", "退订"])

    def test_it_says_it_in_words(self, learner: Learner) -> None:
        assert "准确率: 1.000" in learner.fit(ROUTES, "--lang", "zh")[1]

    def test_it_leaves_out_and_counts_rows_without_a_label(self, learner: Learner) -> None:
        found = json.loads(learner.fit([*ROUTES, ("好", "")], "--json")[1])
        assert (found["n"], found["skipped"]) == (36, 1)

    def test_it_takes_the_same_label_from_a_whole_number_and_its_decimal(self, learner: Learner) -> None:
        found = json.loads(
            learner.fit([("好", "1.0"), ("坏", "0"), ("很好", 1), ("很坏", "0.0")], "--json")[1]
        )
        assert found["labels"] == ["0", "1"]

    @pytest.mark.parametrize(
        "rows",
        [[], [("好", "a")] * 5, [("好", "")] * 5, [(str(i), str(i)) for i in range(600)]],
        ids=["no rows", "one label", "no label", "too many labels"],
    )
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_it_says_one_sentence(self, learner: Learner, rows: list[tuple[str, str]], language: str) -> None:
        code, out, error = learner.fit(rows, "--lang", language)
        assert (code, out, error.count("\n")) == (2, "", 1)
        assert error.rstrip().endswith("。" if language == "zh" else ".")

    @pytest.mark.parametrize("place", [".", "absent/m"])
    def test_it_says_where_it_cannot_save(
        self, tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = write(tmp_path / "a.csv", ROUTES)
        assert run("fit", file, "--text", "text", "--label", "label", "--save", str(tmp_path / place)) == 2
        assert capsys.readouterr().err.count("\n") == 1


class TestEvaluate:
    def test_it_measures_rows_never_seen(self, learner: Learner) -> None:
        learner.fit(ROUTES)
        code, out, _ = learner.evaluate([("这个月账单不对", "账务"), ("网络断网", "网络")], "--json")
        found = json.loads(out)
        assert code == 0
        assert found.keys() >= FIGURES
        assert (found["n"], found["accuracy"]) == (2, 1.0)

    def test_it_counts_a_label_never_taught_as_wrong_and_says_so(self, learner: Learner) -> None:
        learner.fit(ROUTES)
        code, out, error = learner.evaluate([("这个月账单不对", "账务"), ("想投诉", "投诉")], "--json")
        found = json.loads(out)
        assert (code, found["accuracy"], found["unknown"]) == (0, 0.5, 1)
        assert error == "1 rows have a label that the model was never taught; they count as wrong.\n"

    def test_it_refuses_labels_that_are_all_foreign(self, learner: Learner) -> None:
        learner.fit(ROUTES)
        code, out, error = learner.evaluate([("好", "x")], "--json")
        assert (code, out) == (2, "")
        assert "账务" in error

    def test_it_reads_parquet(
        self, learner: Learner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [("好吃", 1), ("难吃", 0)] * 10
        parquet.write_table(
            pa.table({"t": [text for text, _ in rows], "l": [label for _, label in rows]}),
            tmp_path / "a.parquet",
        )
        words = [str(tmp_path / "a.parquet"), "--text", "t", "--label", "l"]
        assert run("fit", *words, "--save", str(tmp_path / "m"), "--json") == 0
        capsys.readouterr()
        assert run("evaluate", *words, "--model", str(tmp_path / "m"), "--json") == 0
        assert json.loads(capsys.readouterr().out)["accuracy"] == 1.0

    def test_it_refuses_a_file_that_is_no_model(self, learner: Learner, tmp_path: Path) -> None:
        (tmp_path / "m").write_text("no model", "utf-8")
        code, out, error = learner.evaluate(ROUTES)
        assert (code, out, error.count("\n")) == (2, "", 1)

    def test_it_does_not_mistake_scores_for_sentiment(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = write(tmp_path / "a.csv", [("很好", 5), ("差评", 1)])
        words = ["--text", "text", "--label", "label", "--task", "sentiment", "--lang", "en"]
        assert run("evaluate", file, *words) == 2
        assert "scores (5)" in capsys.readouterr().err
