"""The command `measure`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

import pytest

from voiceloop.analytics.commands import add_measure


@pytest.fixture
def run(capsys, monkeypatch):
    for name in ("VOICELOOP_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "VOICELOOP_LAKE"):
        monkeypatch.delenv(name, raising=False)
    parser = argparse.ArgumentParser()
    add_measure(parser.add_subparsers(required=True))

    def ran(*words):
        args = parser.parse_args(["measure", *map(str, words)])
        code = args.run(args)
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(
        "s,w,shop,d\n10,1,北京,2026-03-01\n9,1,北京,2026-03-09\n8,1,上海,2026-04-01\n0,3,上海,2026-04-02\n"
    )
    return path


class TestMeasureAFile:
    def test_it_prints_one_json_object(self, run, file):
        code, out, err = run("nps", file, "--score", "s", "--json")
        said = json.loads(out)
        assert (code, err) == (0, "")
        assert list(said)[:6] == ["metric", "n", "value", "low", "high", "method"]
        assert (said["metric"], said["n"], said["value"]) == ("nps", 4, 25)
        assert said["low"] < 25 < said["high"]

    def test_it_weighs_by_a_column(self, run, file):
        assert json.loads(run("nps", file, "--score", "s", "--weight", "w", "--json")[1])[
            "value"
        ] == pytest.approx(-100 / 6)

    def test_it_groups_filters_and_divides_time(self, run, file):
        words = (
            "--by",
            "shop",
            "--every",
            "month",
            "--date",
            "d",
            "--where",
            "shop=北京",
            "--where",
            "shop=上海",
            "--json",
        )
        rows = json.loads(run("nps", file, "--score", "s", *words)[1])["rows"]
        assert [(row["key"], row["n"]) for row in rows] == [
            ({"shop": "北京", "period": "2026-03-01"}, 2),
            ({"shop": "上海", "period": "2026-04-01"}, 2),
        ]

    def test_it_prints_a_table_for_people_in_their_language(self, run, file, monkeypatch):
        monkeypatch.setenv("LANG", "zh_CN.UTF-8")
        lines = run("nps", file, "--score", "s", "--by", "shop")[1].splitlines()
        assert lines[0] == "净推荐值 NPS"
        assert lines[1].split() == ["shop", "n", "数值", "下限", "上限"]
        assert lines[3].split()[:3] == ["北京", "2", "100.00"]


class TestMeasureTheLake:
    def test_it_measures_it(self, run, lake, answers):
        lake.append("answers", answers([10] * 4 + [0]))
        assert json.loads(run("nps", "--lake", lake.path, "--json")[1])["value"] == 60

    def test_it_finds_it_by_the_environment(self, run, lake, answers, monkeypatch):
        lake.append("answers", answers([10] * 5))
        monkeypatch.setenv("VOICELOOP_LAKE", str(lake.path))
        assert run("nps")[0] == 0

    def test_it_withholds_figures_on_fewer_than_five(self, run, lake, answers):
        lake.append("answers", answers([10] * 4))
        assert json.loads(run("nps", "--lake", lake.path, "--json")[1])["value"] is None


class TestAMistake:
    @pytest.mark.parametrize(
        ("words", "english", "chinese"),
        [
            (("npss", "FILE", "--score", "s"), "Unknown metric", "没有指标"),
            (("nps", "FILE", "--score", "x"), "no column", "没有列"),
            (("nps", "FILE", "--score", "shop"), "not a number", "不是数字"),
            (("nps", "FILE", "--score", "s", "--weight", "shop"), "not a weight", "不是权重"),
            (("nps", "FILE", "--score", "s", "--scale", "x"), "Unknown scale", "没有量表"),
            (("csat", "FILE", "--score", "s"), "not on the scale csat_1_5", "不在量表"),
            (("nps", "FILE", "--score", "s", "--since", "2025-02-30"), "not a date", "不是有效日期"),
            (("nps", "FILE", "--score", "s", "--by", "x"), "no column", "没有列"),
            (("nps", "FILE", "--score", "s", "--where", "shop"), "--where COLUMN=VALUE", "--where 列=值"),
            (("nps", "FILE", "--score", "s", "--where", "shop=x"), "nothing to measure", "没有可用于计算"),
            (("nps", "FILE"), "--score COLUMN", "--score"),
            (("nps", "missing.csv", "--score", "s"), "There is no file", "没有文件"),
            (("nps",), "--lake PATH", "--lake"),
            (("nps", "--lake", "nowhere"), "holds no answers yet", "还没有 answers 数据"),
        ],
    )
    def test_it_is_one_sentence_in_the_readers_language_and_exit_code_2(
        self, run, file, words, english, chinese
    ):
        words = [file if word == "FILE" else word for word in words]
        for language, sentence in (("en", english), ("zh", chinese)):
            code, out, err = run(*words, "--lang", language)
            assert (code, out, err.count("\n")) == (2, "", 1)
            assert sentence in err


class TestStartUp:
    def test_it_loads_neither_the_server_nor_the_lake_for_a_file(self, file):
        code = (
            "import argparse, sys\n"
            "from voiceloop.analytics.commands import add_measure\n"
            "parser = argparse.ArgumentParser(); add_measure(parser.add_subparsers())\n"
            "args = parser.parse_args(sys.argv[1:]); args.run(args)\n"
            "heavy = {'django', 'pyarrow', 'deltalake', 'pandas'}\n"
            "print(sorted({name.split('.')[0] for name in sys.modules} & heavy))"
        )
        words = ["measure", "nps", str(file), "--score", "s", "--json"]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, env=env
        )
        assert done.stdout.splitlines()[-1] == "[]"
