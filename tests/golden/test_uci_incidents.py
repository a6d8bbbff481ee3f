"""Incidents of an IT department, told by the last row of each, against pandas and the published counts."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.golden import shapes

NAME = "uci_incidents/events.csv.gz"


@pytest.fixture(scope="module")
def incidents(data):
    path, rows = data(NAME, shapes.incidents)
    return path, rows, rows.groupby("number", sort=False).tail(1).set_index("number")


class TestTheIncidents:
    @pytest.mark.requirement(32)
    def test_the_last_row_says_whether_the_sla_was_met(self, incidents, figure):
        path, rows, last = incidents
        found = figure("sla_attainment", path)
        assert (found["n"], found["value"]) == (
            len(last),
            pytest.approx(100 * (last.made_sla == "true").mean()),
        )
        assert found["read_as"]["rows"] == len(rows)

    def test_the_sla_of_each_priority_is_that_of_pandas(self, incidents, figure):
        path, _, last = incidents
        found = figure("sla_attainment", path, "--by", "priority")["rows"]
        expected = (100 * (last.made_sla == "true").groupby(last.priority).mean()).to_dict()
        assert {row["key"]["priority"]: row["value"] for row in found} == pytest.approx(expected)

    @pytest.mark.requirement(29)
    def test_the_median_time_to_resolution_is_within_one_percent(self, incidents, figure):
        path, _, last = incidents
        found = figure("time_to_resolution", path)
        took = pd.to_datetime(last.resolved_at, errors="coerce") - pd.to_datetime(last.opened_at)
        seconds = took.dropna().dt.total_seconds()
        assert found["n"] == len(seconds)
        assert found["value"] == pytest.approx(seconds.median(), rel=0.01)
        assert found["more"]["mean"] == pytest.approx(seconds.mean())

    @pytest.mark.requirement(31)
    def test_those_with_a_time_of_resolution_are_resolved(self, incidents, figure):
        path, _, last = incidents
        assert figure("resolution_rate", path)["value"] == pytest.approx(
            100 * (last.resolved_at != "").mean()
        )

    def test_reopened_and_reassigned_are_counted_by_incident(self, incidents, figure):
        path, _, last = incidents
        again, passed = last.reopen_count.astype(int) > 0, last.reassignment_count.astype(int) > 0
        counted = again[(last.resolved_at != "") | again]
        assert figure("reopened_rate", path)["value"] == pytest.approx(100 * counted.mean())
        assert figure("reassigned_rate", path)["value"] == pytest.approx(100 * passed.mean())

    def test_the_flow_has_as_many_cases_and_events_as_the_file(self, incidents, told):
        path, rows, last = incidents
        found = told("flow", path)
        assert (found["cases"], found["events"]) == (len(last), len(rows))
