"""`voiceloop text`: JSON out, one sentence and exit code 2 on bad input."""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import pytest

from voiceloop.analytics.text.commands import add_text

pytestmark = pytest.mark.requirement(72)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_text(parser.add_subparsers())
    args = parser.parse_args(["text", *words])
    return int(args.run(args))


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    path = tmp_path / "comments.csv"
    path.write_text(
        "id,comment,label\n1,很好吃,1\n2,太慢了，差评,0\n".replace("太慢了，差评", '"太慢了，差评"'), "utf-8"
    )
    return path


class TestAnalyse:
    def test_it_prints_an_object_per_comment(
        self, comments: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("analyse", str(comments), "--text", "comment", "--json") == 0
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [(line["row"], line["sentiment"]["label"]) for line in lines] == [
            (1, "positive"),
            (2, "negative"),
        ]

    def test_it_sums_up_in_the_readers_language(
        self, comments: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run("analyse", str(comments), "--text", "comment", "--lang", "zh")
        assert "共 2 条评论" in capsys.readouterr().out
        run("analyse", str(comments), "--text", "comment", "--lang", "en")
        assert "2 comments" in capsys.readouterr().out

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_it_reads_the_encodings_of_chinese_files(
        self, tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "a.csv.gz"
        path.write_bytes(gzip.compress("评论\n很好吃\n".encode(encoding)))
        assert run("analyse", str(path), "--text", "评论", "--json") == 0
        assert json.loads(capsys.readouterr().out)["sentiment"]["label"] == "positive"

    def test_it_reads_json_lines(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "a.jsonl"
        path.write_text('{"comment": "难吃"}\n{"comment": null}\n', "utf-8")
        assert run("analyse", str(path), "--text", "comment", "--json") == 0
        labels = [json.loads(line)["sentiment"]["label"] for line in capsys.readouterr().out.splitlines()]
        assert labels == ["negative", "unknown"]


class TestEvaluate:
    def test_it_prints_the_figures(self, comments: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("evaluate", str(comments), "--text", "comment", "--label", "label", "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert {"n", "accuracy", "macro_f1", "calibration_error", "rows_per_second"} <= set(found)
        assert (found["n"], found["accuracy"]) == (2, 1.0)


class TestBadInput:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"id,comment,label\n1,ok,1\n", ["--text", "nothing"]),
            (b"", ["--text", "comment"]),
            (b"comment,label\n", ["--text", "comment"]),
            (b"comment,label\nok,maybe\n", ["--text", "comment"]),
            (None, ["--text", "comment"]),
        ],
        ids=["no column", "empty file", "no rows", "no label", "no file"],
    )
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_it_says_one_sentence(
        self,
        tmp_path: Path,
        content: bytes | None,
        words: list[str],
        language: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        path = tmp_path / "bad.csv"
        if content is not None:
            path.write_bytes(content)
        code = run("evaluate", str(path), *words, "--label", "label", "--lang", language)
        out, error = capsys.readouterr()
        assert (code, out) == (2, "")
        assert error.count("\n") == 1
        assert error.rstrip().endswith("。" if language == "zh" else ".")

    def test_it_refuses_a_broken_archive(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "a.csv.gz"
        path.write_bytes(b"not gzip")
        assert run("analyse", str(path), "--text", "t") == 2
        assert capsys.readouterr().err.count("\n") == 1
