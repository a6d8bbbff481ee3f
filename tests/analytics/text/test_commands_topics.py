"""`voiceloop text topics` and `search` print one JSON object, or words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.analytics.text.test_topics import said
from voiceloop.cli import main


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [f"2026-11-{1 + n % 21:02d} 10:00,{text.replace(',', ' ')}" for n, text in enumerate(said(400, 1))]
    path = tmp_path / "said.csv"
    path.write_text("\n".join(["day,comment", *rows]), "utf-8")
    return path


def printed(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main(["text", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.requirement(73)
class TestTopics:
    def test_it_prints_one_object(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        found = printed(capsys, "topics", file, "--text", "comment", "--time", "day")
        assert found["n"] == 400
        assert sum(theme["n"] for theme in found["themes"]) == round(found["coverage"] * 400)
        assert all(len(theme["trend"]) == len(found["weeks"]) for theme in found["themes"])
        assert found["themes"][0]["comments"][0]["text"]

    def test_it_says_it_in_words(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["text", "topics", str(file), "--text", "comment"]) == 0
        assert "400 comments" in capsys.readouterr().out

    def test_a_day_that_is_none_is_told_by_its_row(
        self, file: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["text", "topics", str(file), "--text", "comment", "--time", "comment"]) == 2
        assert "Row 1" in capsys.readouterr().err


class TestSearch:
    def test_it_prints_one_object(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        found = printed(capsys, "search", file, "--text", "comment", "快递员 丢件", "--limit", 3)
        assert len(found["found"]) == 3
        hit = found["found"][0]
        assert {hit["text"][start:end] for start, end in hit["spans"]} <= {"快递员", "丢件", "快递员，丢件"}

    def test_it_shows_where(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["text", "search", str(file), "--text", "comment", "luggage"]) == 0
        assert "[luggage]" in capsys.readouterr().out

    def test_nothing_found_is_said(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["text", "search", str(file), "--text", "comment", "量子"]) == 0
        assert "Nothing was found" in capsys.readouterr().out
