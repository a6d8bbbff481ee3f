"""Waiting, handling and abandonment of a bank's call centre, against pandas."""

from __future__ import annotations

import argparse
import json

import pandas as pd
import pytest

from tests.golden import shapes
from voiceloop.analytics import FileSource
from voiceloop.analytics.commands_hours import add_hours
from voiceloop.analytics.hours import by_hour

NAME = "bank_callcenter/calls_1999_08_01_to_21.csv.gz"


@pytest.fixture(scope="module")
def calls(data):
    path, rows = data(NAME, shapes.calls)
    rows["wait"], rows["talk"] = rows.q_time.astype(float), rows.ser_time.astype(float)
    return path, rows[rows.outcome != "PHANTOM"]


class TestTheCalls:
    @pytest.mark.requirement(27)
    def test_their_median_wait_is_within_one_percent(self, calls, figure):
        path, rows = calls
        found = figure("waiting_time", path)
        assert found["n"] == len(rows)
        assert found["value"] == pytest.approx(rows.wait.median(), rel=0.01, abs=0.5)
        assert found["more"]["mean"] == pytest.approx(rows.wait.mean())
        assert found["more"]["p90"] == pytest.approx(rows.wait.quantile(0.9), rel=0.02)

    @pytest.mark.requirement(28)
    def test_their_handling_time_leaves_out_who_was_not_served_and_the_ten_hours(self, calls, figure):
        path, rows = calls
        served = rows[(rows.outcome == "AGENT") & rows.talk.between(0, 28800)]
        found = figure("average_handling_time", path)
        assert (found["n"], found["value"]) == (len(served), pytest.approx(served.talk.mean()))
        dirt = [one for one in found["read_as"]["left_out"] if "36291" in one["why"]]
        assert [one["n"] for one in dirt] == [int((rows.talk > 28800).sum())]

    def test_their_abandonment_counts_those_who_hung_up(self, calls, figure):
        path, rows = calls
        found = figure("abandonment_rate", path)
        assert found["n"] == len(rows)
        assert found["value"] == pytest.approx(100 * (rows.outcome == "HANG").mean())

    @pytest.mark.requirement(32)
    def test_their_service_level_is_the_share_answered_in_twenty_seconds(self, calls, figure):
        path, rows = calls
        found = figure("service_level", path, "--by", "type")["rows"]
        is_good = (rows.outcome == "AGENT") & (rows.wait <= 20)
        expected = (100 * is_good.groupby(rows.type).mean()).to_dict()
        assert {row["key"]["type"]: row["value"] for row in found} == pytest.approx(expected)

    def test_their_own_words_for_the_outcome_filter_them(self, calls, figure):
        path, rows = calls
        found = figure("waiting_time", path, "--where", "outcome=HANG")
        assert found["n"] == (rows.outcome == "HANG").sum()

    def test_their_days_are_those_of_the_file(self, calls, figure):
        path, rows = calls
        found = figure(
            "abandonment_rate", path, "--every", "day", "--since", "1999-08-02", "--until", "1999-08-05"
        )
        days = pd.to_datetime(rows.date)
        expected = rows[(days >= "1999-08-02") & (days < "1999-08-05")].groupby("date").size()
        assert {row["key"]["period"]: row["n"] for row in found["rows"]} == expected.to_dict()

    @pytest.mark.requirement(30)
    def test_who_calls_again_within_a_week_is_counted_by_customer(self, calls, figure):
        path, rows = calls
        found = figure("recontact_rate", path)
        known = rows[rows.customer_id != ""].copy()
        known["at"] = pd.to_datetime(known.date + " " + known.vru_entry)
        end = pd.to_datetime(rows.date + " " + rows.vru_entry).max()
        known = known.sort_values("at")
        after = known.groupby(["customer_id", "type"])["at"].shift(-1)
        early = known["at"] + pd.Timedelta(days=7) <= end
        expected = 100 * (after - known["at"] <= pd.Timedelta(days=7))[early].mean()
        # Two calls of one minute may be told apart by another second.
        assert found["value"] == pytest.approx(expected, abs=0.5)


@pytest.mark.requirement(38)
class TestTheHours:
    def test_every_hour_of_the_week_is_that_of_pandas(self, calls):
        path, rows = calls
        weekday = pd.to_datetime(rows.date).dt.day_of_week
        clock = rows.vru_entry.str.split(":").str[0].astype(int)
        by_hand = (weekday * 24 + clock).value_counts()
        week = by_hour(FileSource(path, shape="calls"), zone="UTC")
        assert week.n == len(rows)
        assert {hour.at: hour.n for hour in week.hours if hour.n} == by_hand.to_dict()

    def test_the_busiest_hour_waits_as_pandas_says(self, calls):
        path, rows = calls
        week = by_hour(FileSource(path, shape="calls"), zone="UTC")
        busiest = max(week.hours, key=lambda hour: hour.n)
        weekday = pd.to_datetime(rows.date).dt.day_of_week
        clock = rows.vru_entry.str.split(":").str[0].astype(int)
        waits = rows.wait[weekday * 24 + clock == busiest.at]
        assert busiest.n_timed == len(waits)
        assert busiest.p90 == pytest.approx(waits.quantile(0.9), rel=0.05, abs=1)

    def test_the_command_says_the_same(self, calls, capsys):
        path, rows = calls
        parser = argparse.ArgumentParser()
        add_hours(parser.add_subparsers())
        args = parser.parse_args(["hours", str(path), "--json"])
        assert args.run(args) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["n"] == len(rows)
        assert all(hour["needed"] >= 1 and hour["service_level"] >= 0.8 for hour in found["hours"])
