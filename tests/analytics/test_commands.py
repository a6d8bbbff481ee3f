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


class TestAnAnswer:
    def test_its_json_says_how_the_file_was_read(self, run, file):
        said = json.loads(run("nps", file, "--score", "s", "--json")[1])
        assert said["read_as"]["columns"]["score"] == "s"
        assert said["read_as"]["files"] == [{"name": "answers.csv", "encoding": "utf-8", "delimiter": ","}]

    def test_its_table_says_on_the_other_stream_how_the_file_was_read(self, run, file):
        _, out, err = run("nps", file, "--score", "s")
        assert "score = s" in err
        assert "score = s" not in out

    def test_it_may_be_csv(self, run, file):
        lines = run("nps", file, "--score", "s", "--by", "shop", "--csv")[1].splitlines()
        assert lines[0] == "shop,n,value,low,high"
        assert lines[2].startswith("北京,2,100.0,")

    def test_it_may_say_which_groups_differ(self, run, file):
        rows = json.loads(run("nps", file, "--score", "s", "--by", "shop", "--compare", "--json")[1])["rows"]
        assert {row["compared"]["verdict"] for row in rows} <= {"signal", "noise"}

    def test_it_knows_what_people_call_a_metric(self, run, tmp_path):
        (tmp_path / "calls.csv").write_text("talk_time\n60\n120\n")
        assert (
            json.loads(run("AHT", tmp_path / "calls.csv", "--json")[1])["metric"] == "average_handling_time"
        )

    def test_it_takes_the_order_of_file_and_metric_as_it_comes(self, run, file):
        assert run(file, "nps", "--score", "s")[0] == 0

    def test_it_may_be_grouped_by_several_columns_in_one_word(self, run, file):
        said = json.loads(run("nps", file, "--score", "s", "--by", "shop,w", "--json")[1])
        assert said["by"] == ["shop", "w"]

    def test_it_lists_the_values_where_a_filter_matches_nothing(self, run, file):
        assert "shop holds 上海, 北京" in run("nps", file, "--score", "s", "--where", "shop=x")[2]


class TestAReport:
    @pytest.fixture
    def page(self, run, file, tmp_path):
        path = tmp_path / "report.html"
        run("nps", file, "--score", "s", "--by", "shop", "--date", "d", "--html", path)
        return path.read_text(encoding="utf-8")

    def test_it_loads_nothing_and_runs_nothing(self, page):
        assert "<script" not in page
        assert "http" not in page.replace("http://www.w3.org", "")
        assert "src=" not in page

    def test_it_says_the_definition_in_both_languages_and_every_figure(self, page):
        assert "净推荐值" in page
        assert "The share of promoters" in page
        assert "<svg" in page
        assert "100.00" in page
        assert "北京" in page

    def test_it_shows_the_names_in_a_file_as_text(self, run, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text('score,shop\n10,"<script>x</script>"\n9,b\n')
        run("nps", path, "--by", "shop", "--html", tmp_path / "r.html")
        assert "<script" not in (tmp_path / "r.html").read_text(encoding="utf-8")

    def test_it_has_a_line_over_time(self, run, file, tmp_path):
        run("nps", file, "--score", "s", "--every", "month", "--date", "d", "--html", tmp_path / "r.html")
        assert "<polyline" in (tmp_path / "r.html").read_text(encoding="utf-8")

    def test_it_says_that_it_cannot_be_written(self, run, file, tmp_path):
        assert run("nps", file, "--score", "s", "--html", tmp_path / "none" / "r.html")[0] == 2


class TestTheList:
    def test_it_names_every_metric_with_its_columns(self, run):
        from voiceloop.analytics.registry import metrics

        out = run("--list")[1]
        assert all(f"  {name}" in out for name in metrics())
        assert "columns: wait_seconds" in out

    def test_it_explains_one_metric_without_data(self, run):
        said = json.loads(run("nps", "--explain", "--json")[1])
        assert said["formula"].startswith("100")
        assert said["columns"] == ["score"]

    def test_it_explains_how_a_file_is_read_and_its_sql(self, run, file):
        said = json.loads(run("nps", file, "--score", "s", "--explain", "--json")[1])
        assert "SELECT" in said["sql"]
        assert "read_parquet" in said["facts"]


class TestPeriods:
    def test_they_are_called_by_as_much_as_tells_them(self, run, file):
        lines = run("nps", file, "--score", "s", "--every", "quarter", "--date", "d")[1].splitlines()
        assert [line.split()[0] for line in lines[2:4]] == ["2026-Q1", "2026-Q2"]

    def test_an_unknown_one_is_one_sentence(self, run, file):
        code, _, err = run("nps", file, "--score", "s", "--every", "decade")
        assert (code, err.count("\n")) == (2, 1)
        assert "Unknown period 'decade'" in err

    def test_an_impossible_confidence_is_one_sentence(self, run, file):
        assert "--confidence is a level" in run("nps", file, "--score", "s", "--confidence", "95")[2]
