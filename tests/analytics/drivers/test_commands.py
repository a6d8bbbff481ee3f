"""`voiceloop drivers` from the outside."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from voiceloop.analytics.synth.rated_drivers import survey
from voiceloop.cli import main

pytestmark = pytest.mark.requirement(74)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    drawn = survey(5, 900).columns
    names = list(drawn)
    lines = [",".join(["who", *names])]
    lines += [",".join([f"u{row}", *(f"{drawn[name][row]:g}" for name in names)]) for row in range(900)]
    path = tmp_path / "answers.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


class TestDrivers:
    def test_it_prints_one_object(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["drivers", str(file), "--outcome", "nps", "--weight", "weight", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["n"], found["unit"], found["drivers"][0]["driver"]) == (900, "points", "solution")
        assert {one["column"] for one in found["set_aside"]} >= {"who"}

    def test_it_uses_only_what_is_named(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        asked = ["drivers", str(file), "--outcome", "nps", "--driver", "price", "--driver", "coin", "--json"]
        assert main(asked) == 0
        found = json.loads(capsys.readouterr().out)
        assert {one["driver"] for one in found["drivers"]} == {"price", "coin"}

    @pytest.mark.parametrize(("language", "word"), [("zh", "未使用的列"), ("en", "Set aside")])
    def test_it_prints_a_table_for_people(
        self, file: Path, capsys: pytest.CaptureFixture[str], language: str, word: str
    ) -> None:
        assert main(["drivers", str(file), "--outcome", "nps", "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert word in shown
        assert "solution" in shown

    @pytest.mark.parametrize(
        ("content", "outcome", "why"),
        [
            ("", "nps", "is empty"),
            ("nps,speed\n", "nps", "no rows"),
            ("nps,speed\n" + "9,3\n8,2\n" * 9, "nps", "50 answers are needed"),
            ("nps,speed\n" + "9,3\n8,2\n" * 50, "csat", "no column csat"),
            ("nps,speed\n" + "9,3\n9,2\n" * 50, "nps", "the same in every row"),
            ("nps,n\n" + "".join(f"{i % 11},note {i}\n" for i in range(200)), "nps", "No column is left"),
        ],
    )
    def test_bad_input_is_one_sentence(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, outcome: str, why: str
    ) -> None:
        path = tmp_path / "bad.csv"
        path.write_text(content)
        assert main(["drivers", str(path), "--outcome", outcome, "--lang", "en"]) == 2
        said = capsys.readouterr()
        assert why in said.err
        assert (said.err.count("\n"), said.out) == (1, "")
