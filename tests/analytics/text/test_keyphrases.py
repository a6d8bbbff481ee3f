"""Keyphrases: what comments have in common, what sets them apart, and that any text is borne."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voiceloop.analytics.text.keyphrases import keyphrases
from voiceloop.cli import main

pytestmark = pytest.mark.requirement(73)

SAID = [
    "送货速度太慢，客服态度也差",
    "送货速度还行",
    "客服态度很好",
    "送货速度一般般",
    "屏幕有划痕",
    "late delivery again",
    "late delivery, no refund",
]


class TestKeyphrases:
    def test_it_finds_phrases_and_counts_their_comments(self) -> None:
        found = {one.text: one for one in keyphrases(SAID)}
        assert found["送货速度"].n == 3
        assert found["送货速度"].comments == (0, 1, 3)
        assert {"客服态度", "late delivery"} <= set(found)

    def test_a_word_is_said_once(self) -> None:
        assert not {"送货", "速度"} & {one.text for one in keyphrases(SAID)}

    def test_what_is_said_too_seldom_is_left_out(self) -> None:
        assert all(one.n >= 2 for one in keyphrases(SAID))
        assert not any("屏幕" in one.text for one in keyphrases(SAID))

    def test_beside_others_only_what_is_said_more_counts(self) -> None:
        found = [one.text for one in keyphrases([*SAID, "屏幕碎了"], against=SAID * 3)]
        assert found == ["屏幕"]

    def test_it_gives_no_more_than_asked(self) -> None:
        assert len(keyphrases(SAID, most=2)) == 2

    @pytest.mark.parametrize("odd", [[], [""], ["👍👍", "\ud800\0"], ["好" * 50_000] * 2])
    def test_it_bears_any_text(self, odd: list[str]) -> None:
        assert all(one.n <= len(odd) for one in keyphrases(odd))


class TestCommand:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "said.csv"
        path.write_text("\n".join(["comment", *(f'"{text}"' for text in SAID)]), "utf-8")
        return path

    def test_it_prints_one_object(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["text", "keyphrases", str(file), "--text", "comment", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["n"] == 7
        assert found["keyphrases"][0]["comments"][0] == {"row": 1, "text": SAID[0]}

    def test_it_says_it_in_words(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["text", "keyphrases", str(file), "--text", "comment"]) == 0
        assert "送货速度" in capsys.readouterr().out

    def test_it_hears_what_it_is_compared_with(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        words = ["text", "keyphrases", str(file), "--text", "comment", "--against", str(file), "--lang", "en"]
        assert main(words) == 0
        assert "no words in common" in capsys.readouterr().out

    def test_it_refuses_none(self, file: Path) -> None:
        assert main(["text", "keyphrases", str(file), "--text", "comment", "--most", "0"]) == 2
