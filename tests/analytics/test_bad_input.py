"""Whatever is wrong with a file or a lake: one sentence, exit code 2, nothing changed, never a traceback."""

from __future__ import annotations

import argparse
import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics.commands import add_measure
from voiceloop.analytics.flow.commands import add_flow

WORDS = ("nps", "csat_top_box", "waiting_time", "resolution_rate", "order_value", "retention_rate")


def parsed(*words):
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    add_measure(commands)
    add_flow(commands)
    return parser.parse_args([*map(str, words)])


@pytest.fixture
def refused(capsys, monkeypatch):
    """Run a command that must fail, in both languages; return the English sentence."""
    monkeypatch.delenv("VOICELOOP_DEBUG", raising=False)

    def run(*words):
        said = []
        for language in ("zh", "en"):
            first = () if words[0] in ("measure", "flow") else ("measure",)
            args = parsed(*first, *words, "--lang", language)
            code, shown = args.run(args), capsys.readouterr()
            assert (code, shown.out, shown.err.count("\n")) == (2, "", 1)
            assert "Traceback" not in shown.err
            said.append(shown.err)
        assert said[0] != said[1]
        return said[1]

    return run


@pytest.fixture
def write(tmp_path):
    def written(data, name="file.csv"):
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return tmp_path / name

    return written


class TestAFile:
    @pytest.mark.parametrize(
        ("data", "why"),
        [
            ("", "is empty"),
            ("score\n", "a header and no rows"),
            ("\n\n", "no header"),
            (b"\x7fELF\x02\x01\x01\x00\x00\x00", "neither UTF-8 nor GB18030"),
            (b"PAR1 and then nothing", "damaged or half written"),
            (gzip.compress(b"score\n" + b"10\n" * 9999, mtime=0)[:30], "cannot be read"),
            ("score\nten\n", "not a number"),
            ("score\n11\n", "not on the scale"),
            ("a,b\n1,2\n", "needs score"),
        ],
    )
    def test_it_is_refused_in_one_sentence(self, refused, write, data, why):
        path = write(data)
        assert why in refused("nps", path)
        assert path.read_bytes() == (data if isinstance(data, bytes) else data.encode())

    def test_a_folder_is_no_file(self, refused, tmp_path):
        assert "is a folder" in refused("nps", tmp_path)

    def test_a_file_that_is_not_there(self, refused):
        assert "There is no file" in refused("nps", "none.csv")

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            (("npss",), "did you mean nps"),
            (("waiting-tme",), "did you mean waiting_time"),
            (("nps@99",), "no version"),
            (("nps", "FILE", "--score", "scor"), "Did you mean 'score'"),
            (("nps", "FILE", "--by", "chanel"), "Did you mean 'channel'"),
            (("nps", "FILE", "--where", "chanel=x"), "Did you mean 'channel'"),
            (("nps", "FILE", "--where", "channel"), "--where COLUMN=VALUE"),
            (("nps", "FILE", "--date", "dy"), "no column 'dy'"),
            (("nps", "FILE", "--every", "month", "--date", "channel"), "not a date"),
            (("nps", "FILE", "--since", "2023-02-30"), "'2023-02-30' is not a date"),
            (("nps", "FILE", "--scale", "stars"), "Unknown scale"),
            (("nps", "FILE", "--scale", "csat_1_5"), "not defined on the scale"),
            (("nps", "FILE", "--column", "wait=x"), "nothing is called 'wait'"),
            (("nps", "FILE", "--column", "x"), "NAME=COLUMN"),
            (("nps", "FILE", "--shape", "x"), "No file of shape 'x'"),
            (("nps", "FILE", "--weighted"), "--weight COLUMN"),
            (("nps", "FILE", "--word", "x=y"), "--word knows"),
            (("waiting_time", "FILE"), "needs wait_seconds"),
            (("complaint_rate", "FILE"), "needs"),
        ],
    )
    def test_a_question_it_cannot_answer_is_refused(self, refused, write, words, why):
        path = write("score,channel,d\n10,web,2026-03-01\n9,app,2026-03-02\n")
        assert why in refused(*(path if word == "FILE" else word for word in words))

    @pytest.mark.parametrize("metric", WORDS)
    @settings(max_examples=25)
    @given(data=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
    def test_any_bytes_give_a_figure_or_a_sentence(self, metric, data):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "any.csv"
            path.write_bytes(b"score,wait_seconds,opened_at,resolved_at,amount,customer,order,date\n" + data)
            args = parsed("measure", metric, path, "--json")
            assert args.run(args) in (0, 2)

    @settings(max_examples=25)
    @given(data=st.binary(max_size=200))
    def test_any_bytes_at_all_give_a_figure_or_a_sentence(self, data):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "any"
            path.write_bytes(data)
            for words in (("measure", "nps", path), ("flow", path)):
                args = parsed(*words)
                assert args.run(args) in (0, 2)


class TestALake:
    @pytest.fixture
    def filled(self, lake, answers):
        lake.append("answers", answers([10] * 5 + [0] * 5))
        return lake

    def test_it_is_not_there(self, refused, tmp_path):
        assert "holds no answers yet" in refused("nps", "--lake", tmp_path / "none")

    def test_a_half_written_file_is_said(self, refused, filled):
        (file,) = Path(filled.path, "answers").rglob("*.parquet")
        file.write_bytes(file.read_bytes()[:100])
        assert "half written" in refused("nps", "--lake", filled.path)

    def test_a_half_written_log_entry_is_said(self, refused, filled):
        newest = max(Path(filled.path, "answers", "_delta_log").glob("*.json"))
        newest.write_bytes(newest.read_bytes()[:50])
        assert "half written" in refused("nps", "--lake", filled.path)

    def test_an_unknown_column_is_said(self, refused, filled):
        assert "chanel" in refused("nps", "--lake", filled.path, "--by", "chanel")
