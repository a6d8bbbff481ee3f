"""`voiceloop text`: one JSON object out, one sentence and exit code 2 on bad input."""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

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
    def test_it_prints_one_object(self, comments: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("analyse", str(comments), "--text", "comment", "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["n"], found["not_understood"]) == (2, 0)
        assert [(one["row"], one["sentiment"]["label"]) for one in found["comments"]] == [
            (1, "positive"),
            (2, "negative"),
        ]

    def test_it_counts_what_it_does_not_understand(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "odd.csv"
        path.write_bytes("评论,x\n👍👍,1\n,1\n\x07\x00,1\nไม่ดี,1\n很好吃,1\n".encode() + b"\xff\xfe,1\n")
        assert run("analyse", str(path), "--text", "评论", "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["n"], found["not_understood"]) == (6, 5)

    def test_it_bears_a_comment_of_a_megabyte(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "long.csv"
        path.write_text("评论\n" + "味道很好" * 90_000 + "\n好吃\n", "utf-8")
        assert run("analyse", str(path), "--text", "评论", "--lang", "en") == 0
        assert "2 comments" in capsys.readouterr().out

    def test_it_sums_up_in_the_readers_language(
        self, comments: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run("analyse", str(comments), "--text", "comment", "--lang", "zh")
        assert "共 2 条评论" in capsys.readouterr().out
        run("analyse", str(comments), "--text", "comment", "--lang", "en")
        assert "2 comments" in capsys.readouterr().out

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_it_reads_the_encodings_of_chinese_files(
        self, tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "a.csv.gz"
        path.write_bytes(gzip.compress("评论\n很好吃\n".encode(encoding)))
        assert run("analyse", str(path), "--text", "评论", "--json") == 0
        [found] = json.loads(capsys.readouterr().out)["comments"]
        assert found["sentiment"]["label"] == "positive"

    @pytest.mark.parametrize("separator", [";", "\t", "|"])
    def test_it_reads_other_separators(
        self, tmp_path: Path, separator: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "a.csv"
        path.write_text(f"id{separator}评论\n1{separator}很好吃，又快\n", "utf-8")
        assert run("analyse", str(path), "--text", "评论", "--json") == 0
        assert json.loads(capsys.readouterr().out)["comments"][0]["sentiment"]["label"] == "positive"

    def test_it_reads_parquet(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "a.parquet"
        parquet.write_table(pa.table({"id": [1, 2], "评论": ["很好吃", None]}), path)
        assert run("analyse", str(path), "--text", "评论", "--json") == 0
        labels = [one["sentiment"]["label"] for one in json.loads(capsys.readouterr().out)["comments"]]
        assert labels == ["positive", "unknown"]

    def test_it_reads_json_lines(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "a.jsonl"
        path.write_text('{"comment": "难吃"}\n{"comment": null}\n', "utf-8")
        assert run("analyse", str(path), "--text", "comment", "--json") == 0
        labels = [one["sentiment"]["label"] for one in json.loads(capsys.readouterr().out)["comments"]]
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
