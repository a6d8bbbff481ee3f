"""Flow of cases, counted by hand."""

from __future__ import annotations

import pytest

from voiceloop.analytics import AnalyticsError, Lake
from voiceloop.analytics.flow import flow
from voiceloop.analytics.flow.commands import as_text

LOG = """case,activity,time,who
1,ask,2026-03-01 09:00,ann
1,answer,2026-03-01 10:00,ann
1,ask,2026-03-01 12:00,bob
1,answer,2026-03-01 12:30,ann
2,ask,2026-03-02 09:00,ann
2,answer,2026-03-02 11:00,ann
"""


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


class TestFlow:
    def test_it_counts_cases_events_and_variants(self, log):
        found = flow(log)
        assert (found.cases, found.events, found.n_variants) == (2, 6, 2)
        assert found.variants[0].activities in {("ask", "answer"), ("ask", "answer", "ask", "answer")}

    def test_it_measures_the_wait_of_each_step(self, log):
        steps = {(step.before, step.after): step for step in flow(log).steps}
        step = steps["ask", "answer"]
        assert (step.n, step.cases, step.wait.value, step.total) == (3, 2, 3600, 3600 + 1800 + 7200)
        assert steps["answer", "ask"].share == pytest.approx(100 * 7200 / (12600 + 7200))

    def test_it_finds_the_step_with_the_largest_total_wait(self, log):
        assert (flow(log).bottleneck.before, flow(log).bottleneck.after) == ("ask", "answer")

    def test_it_counts_a_return_to_an_earlier_hand_as_ping_pong(self, log):
        found = flow(log, resource="who")
        assert (found.ping_pong.value, found.handovers) == (50, 1)

    def test_it_counts_cases_that_repeat_an_activity_as_rework(self, log):
        found = flow(log)
        assert (found.rework.n, found.rework.value) == (2, 50)
        assert found.rework.low < 50 < found.rework.high

    def test_it_takes_the_columns_it_is_told(self, tmp_path):
        path = tmp_path / "odd.csv"
        path.write_text("a,b,c\n1,x,2026-03-01\n1,y,2026-03-02\n")
        assert flow(path, "a", "b", "c").events == 2

    def test_it_reads_the_lake(self, lake, table):
        rows = [
            {"subject": "1", "activity": name, "at": f"2026-03-01T0{hour}:00:00Z"}
            for hour, name in enumerate(("ask", "answer"))
        ]
        import pyarrow as pa
        import pyarrow.compute as pc

        events = table("event_id", rows)
        at = pc.strptime(events["at"], format="%Y-%m-%dT%H:%M:%SZ", unit="us").cast(pa.timestamp("us", "UTC"))
        lake.append("events", events.set_column(events.column_names.index("at"), "at", at))
        assert flow(Lake(lake.path)).steps[0].wait.value == 3600

    def test_it_says_that_there_are_no_events(self, tmp_path):
        path = tmp_path / "log.csv"
        path.write_text("case,activity,time\n,,\n")
        with pytest.raises(AnalyticsError, match="no events"):
            flow(path)

    @pytest.mark.parametrize(("language", "said"), [("zh", "2 个工单"), ("en", "2 cases, 6 events")])
    def test_it_is_said_in_both_languages(self, log, language, said):
        assert said in as_text(flow(log), language)
