"""The Italian help desk log and BPI 2013, against pandas and their published sizes."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.golden import shapes
from voiceloop.analytics.flow import flow

HELPDESK, BPI = "helpdesk_log/events.csv.gz", "bpi2013/closed_problems.csv.gz"
# BPI Challenge 2013, closed problems: the complete log (reference/published_results.csv).
PUBLISHED = (1487, 6660)


def log(rows, case, activity, time):
    named = rows.rename(columns={case: "case", activity: "activity", time: "at"})
    named["at"] = pd.to_datetime(named["at"])
    return named.sort_values(["case", "at"], kind="stable")


@pytest.fixture(scope="module")
def helpdesk(data):
    path, rows = data(HELPDESK, shapes.helpdesk)
    return path, log(rows, "case_id", "activity", "complete_timestamp")


@pytest.fixture(scope="module")
def problems(data):
    path, rows = data(BPI, shapes.problems)
    return path, log(rows, "case_concept_name", "concept_name", "time_timestamp")


class TestTheHelpDesk:
    def test_its_cases_are_first_taken_in_charge_when_the_log_says_so(self, helpdesk, figure):
        path, rows = helpdesk
        opened = rows.groupby("case")["at"].min()
        taken = rows[rows.activity == "Take in charge ticket"].groupby("case")["at"].min()
        seconds = (taken - opened).dropna().dt.total_seconds()
        found = figure("first_contact_time", path)
        assert found["n"] == len(seconds)
        assert found["value"] == pytest.approx(seconds.median(), rel=0.01, abs=1)

    @pytest.mark.requirement(31)
    def test_its_cases_are_resolved_when_nothing_but_the_end_follows(self, helpdesk, figure):
        path, rows = helpdesk
        last = rows.groupby("case").activity.last()
        done = last.str.contains("resolv|clos", case=False)
        found = figure("resolution_rate", path)
        assert (found["n"], found["value"]) == (len(last), pytest.approx(100 * done.mean()))

    def test_its_reopened_cases_went_on_after_an_end(self, helpdesk, figure):
        path, rows = helpdesk
        done = rows.activity.str.contains("resolv|clos", case=False)
        before = done.groupby(rows.case).shift(1, fill_value=False)
        again = (~done & before).groupby(rows.case).any()
        resolved = done.groupby(rows.case).last()
        found = figure("reopened_rate", path)
        assert found["value"] == pytest.approx(100 * again[resolved | again].mean())

    def test_the_words_for_an_end_can_be_told(self, helpdesk, figure):
        path, rows = helpdesk
        found = figure("resolution_rate", path, "--word", "resolved=Closed", "--word", "closed=Closed")
        last = rows.groupby("case").activity.last()
        assert found["value"] == pytest.approx(100 * (last == "Closed").mean())

    @pytest.mark.requirement(101)
    def test_its_longest_waiting_step_is_the_bottleneck(self, helpdesk, told):
        path, rows = helpdesk
        found = told("flow", path)
        wait = rows.groupby("case")["at"].diff().dt.total_seconds()
        before = rows.groupby("case").activity.shift(1)
        total = wait.groupby([before, rows.activity]).sum()
        step = found["bottleneck"]
        assert (step["before"], step["after"]) == total.idxmax()
        assert step["total"] == pytest.approx(total.max())
        median = wait[(before == step["before"]) & (rows.activity == step["after"])].median()
        assert step["wait"]["value"] == pytest.approx(median)
        assert step["wait"]["low"] <= median <= step["wait"]["high"]


class TestTheProblems:
    def test_their_log_has_the_published_size(self, problems, told):
        path, rows = problems
        found = told("flow", path)
        assert (found["cases"], found["events"]) == (rows.case.nunique(), len(rows))
        if shapes.DATA in path.parents:
            assert (found["cases"], found["events"]) == PUBLISHED

    def test_their_variants_are_those_of_pandas(self, problems):
        path, rows = problems
        ways = rows.groupby("case").activity.agg(tuple).value_counts()
        found = flow(path, most=len(ways))
        assert found.n_variants == len(ways)
        assert {one.activities: one.cases for one in found.variants} == ways.to_dict()

    def test_their_rework_is_the_share_of_cases_that_repeat_a_step(self, problems):
        path, rows = problems
        repeated = rows.duplicated(["case", "activity"]).groupby(rows.case).any()
        found = flow(path).rework
        assert (found.n, found.value) == (len(repeated), pytest.approx(100 * repeated.mean()))

    def test_their_ping_pong_comes_back_to_a_line_that_had_handed_over(self, problems):
        path, rows = problems
        hands = rows.groupby("case").organization_involved.agg(list)
        runs = hands.map(lambda line: [x for i, x in enumerate(line) if i == 0 or x != line[i - 1]])
        back = runs.map(lambda line: len(line) > len(set(line)))
        found = flow(path, resource="organization_involved").ping_pong
        assert found.value == pytest.approx(100 * back.mean())

    def test_their_reassigned_share_counts_changes_of_the_support_line(self, problems, figure):
        path, rows = problems
        changed = rows.groupby("case").organization_involved.nunique() > 1
        assert figure("reassigned_rate", path)["value"] == pytest.approx(100 * changed.mean())
