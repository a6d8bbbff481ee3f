"""`voiceloop value`, `churn` and `forecast`: what an outsider meets on files that nobody saw."""

from __future__ import annotations

import argparse
import csv
import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.analytics.value.test_churn import customers
from voiceloop.analytics.value.cells import day_of
from voiceloop.analytics.value.commands import add_churn, add_forecast, add_value
from voiceloop.analytics.value.simulated import shoppers

N = 300


@pytest.fixture
def run(capsys):
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    for add in (add_value, add_churn, add_forecast):
        add(commands)

    def ran(*words):
        args = parser.parse_args([*map(str, words), "--lang", "en"])
        return args.run(args), *capsys.readouterr()

    return ran


def write(path, table):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(table)
        rows.writerows(zip(*table.values(), strict=True))
    return path


def orders(n=400, seed=3):
    bought = shoppers(n, seed=seed)
    return {
        "客户": [bought.keys[i] for i in bought.customer.tolist()],
        "日期": [day_of(day).isoformat() for day in bought.day.tolist()],
        "金额": bought.amount.round(2).tolist(),
    }


class TestChurn:
    @pytest.mark.requirement(80)
    def test_a_second_file_is_measured_with_no_code_change(self, run, tmp_path):
        fitted = write(tmp_path / "a.csv", customers(N))
        code, out, _ = run("churn", "fit", fitted, "--target", "left", "--save", tmp_path / "m", "--json")
        assert (code, json.loads(out)["n"]) == (0, N)
        later = write(tmp_path / "b.csv.gz", customers(N, seed=9))
        code, out, _ = run(
            "churn", "evaluate", later, "--target", "left", "--model", tmp_path / "m", "--json"
        )
        found = json.loads(out)
        assert (code, found["n"]) == (0, N)
        assert 0.7 < found["auc"] <= 1
        assert {"brier", "calibration_error", "auc_low", "auc_high"} <= set(found)

    def test_it_reads_parquet_with_types(self, run, tmp_path):
        table = customers(N)
        table["left"] = [word == "Yes" for word in table["left"]]
        pq.write_table(pa.table(table), tmp_path / "a.parquet")
        code, out, said = run(
            "churn", "fit", tmp_path / "a.parquet", "--target", "left", "--save", tmp_path / "m", "--json"
        )
        assert code == 0, said
        assert json.loads(out)["positives"] == sum(table["left"])

    @pytest.mark.requirement(80)
    def test_it_lists_who_is_at_risk_with_reasons(self, run, tmp_path):
        path = write(tmp_path / "a.csv", customers(N))
        run("churn", "fit", path, "--target", "left", "--save", tmp_path / "m")
        code, out, _ = run(
            "churn",
            "score",
            path,
            "--model",
            tmp_path / "m",
            "--json",
            "--out",
            tmp_path / "o.csv",
            "--top",
            5,
        )
        found = json.loads(out)["customers"]
        assert (code, len(found)) == (0, 5)
        assert found[0]["customer"].startswith("C")
        assert found[0]["reasons"][0]["odds"] > 1
        assert len((tmp_path / "o.csv").read_text("utf-8-sig").splitlines()) == N + 1

    @pytest.mark.parametrize(
        ("target", "says"), [("nothing", "There is no column nothing"), ("colour", "does not say yes or no")]
    )
    def test_bad_input_is_one_sentence(self, run, tmp_path, target, says):
        path = write(tmp_path / "a.csv", customers(N))
        code, out, said = run("churn", "fit", path, "--target", target, "--save", tmp_path / "m")
        assert (code, out, said.count("\n")) == (2, "", 1)
        assert says in said

    def test_a_file_that_is_no_model_is_one_sentence(self, run, tmp_path):
        path = write(tmp_path / "a.csv", customers(N))
        code, _, said = run("churn", "evaluate", path, "--target", "left", "--model", path)
        assert (code, said.count("\n")) == (2, 1)
        assert "is not a churn model" in said


class TestValue:
    @pytest.mark.requirement(18)
    def test_it_says_what_each_customer_is_worth_with_an_interval(self, run, tmp_path):
        path = write(tmp_path / "a.csv", orders())
        code, out, said = run(
            "value", path, "--customer", "客户", "--time", "日期", "--amount", "金额", "--json", "--all"
        )
        assert code == 0, said
        found = json.loads(out)
        assert found["n"] == len(found["customers"]) == 400
        total = found["lifetime"]["total"]
        assert total["low"] < total["expected"] < total["high"]
        assert all(one["low"] <= one["high"] for one in found["customers"])
        assert {"model", "naive"} <= set(found["backtest"]["purchases"])

    @pytest.mark.requirement(93)
    def test_its_kinds_hold_everyone_once(self, run, tmp_path):
        path = write(tmp_path / "a.csv", orders())
        _, out, _ = run("value", path, "--customer", "客户", "--time", "日期", "--amount", "金额", "--json")
        found = json.loads(out)
        assert sum(one["n"] for one in found["segments"]["kinds"]) == 400
        assert sum(found["stages"]["counts"].values()) == 400
        assert 0 < found["segments"]["stayed_30_days"] <= 1

    def test_too_few_who_came_back_still_get_kinds(self, run, tmp_path):
        table = {"c": ["a", "b", "b"], "t": ["2026-01-01", "2026-01-02", "2026-02-01"], "x": [1, 2, 3]}
        path = write(tmp_path / "a.csv", table)
        code, out, _ = run("value", path, "--customer", "c", "--time", "t", "--amount", "x", "--json")
        assert code == 0
        assert "came back" in json.loads(out)["lifetime"]["why_not"]["en"]

    def test_bad_input_is_one_sentence(self, run, tmp_path):
        path = write(tmp_path / "a.csv", {"c": ["a"], "t": ["soon"], "x": ["much"]})
        code, out, said = run("value", path, "--customer", "c", "--time", "t", "--amount", "x", "--json")
        assert (code, out, said.count("\n")) == (2, "", 1)


class TestForecast:
    @pytest.mark.requirement(81)
    def test_it_shows_interval_and_error_of_the_back_test(self, run, tmp_path):
        path = write(tmp_path / "a.csv", orders())
        code, out, _ = run("forecast", path, "--time", "日期", "--every", "week", "--ahead", 3, "--json")
        found = json.loads(out)
        assert (code, len(found["forecast"])) == (0, 3)
        assert all(one["low"] < one["value"] < one["high"] for one in found["forecast"])
        assert found["error"] <= found["naive_error"]
        assert found["tests"] > 3

    def test_too_short_a_past_is_one_sentence(self, run, tmp_path):
        path = write(tmp_path / "a.csv", {"t": ["2026-01-01", "2026-01-09"]})
        code, _, said = run("forecast", path, "--time", "t")
        assert (code, said.count("\n")) == (2, 1)
