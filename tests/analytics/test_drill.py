"""From a figure down to its definition, filter and rows."""

from __future__ import annotations

from datetime import date

import pytest

from voiceloop.analytics import drill, measure, metrics
from voiceloop.analytics.drill import explain, rows, stream


class TestRows:
    def test_it_returns_exactly_the_rows_that_the_figure_counts(self, lake, answers):
        lake.append("answers", answers([10, 9, 3, 4, 5], channel="web"))
        lake.append("answers", answers([10], channel="sms", first=6))
        lake.append("answers", answers([5], question="csat", scale="csat_1_5", first=7))
        asked = {"where": {"channel": "web", "score_class": "detractor"}}
        page = rows(lake, "nps", **asked)
        assert page.total == measure(lake, "nps", **asked).one.n == 3
        assert [row["answer_id"] for row in page.rows] == [5, 4, 3]
        assert {row["score_class"] for row in page.rows} == {"detractor"}

    def test_it_turns_pages_newest_first(self, lake, answers):
        for i in range(1, 8):
            lake.append("answers", answers([9], first=i, day=date(2026, 1, i)))
        found = [
            row["day"].day for offset in (0, 3, 6) for row in rows(lake, "nps", limit=3, offset=offset).rows
        ]
        assert found == [7, 6, 5, 4, 3, 2, 1]

    def test_it_is_empty_on_an_empty_lake(self, lake):
        assert rows(lake, "nps").total == 0

    @pytest.mark.parametrize("name", metrics())
    def test_it_counts_what_measure_counts_for_every_metric(self, lake, name):
        assert rows(lake, name).total == measure(lake, name).one.n


class TestStream:
    @pytest.mark.parametrize("batch", [1, 3, 100])
    def test_it_yields_every_row_once_newest_day_first(self, lake, answers, batch):
        for i in range(1, 8):
            lake.append("answers", answers([9, 9], first=2 * i, day=date(2026, 1, i)))
        found = [(row["day"].day, row["answer_id"]) for row in stream(lake, "nps", batch=batch)]
        assert sorted(found) == [(day, 2 * day + i) for day in range(1, 8) for i in (0, 1)]
        assert [day for day, _ in found] == sorted((day for day, _ in found), reverse=True)

    def test_it_never_reads_more_than_a_batch_at_once(self, lake, answers, monkeypatch):
        for i in range(1, 8):
            lake.append("answers", answers([9, 9, 9], first=3 * i, day=date(2026, 1, i)))
        read = []

        def counted(*given, **asked):
            page = rows(*given, **asked)
            read.append(len(page.rows))
            return page

        monkeypatch.setattr(drill, "rows", counted)
        assert len(list(stream(lake, "nps", batch=2))) == 21
        assert max(read) == 2

    def test_it_is_empty_on_an_empty_lake(self, lake):
        assert list(stream(lake, "nps")) == []


class TestExplain:
    def test_it_names_definition_filter_query_and_state(self, lake, answers):
        lake.append("answers", answers([10]))
        found = explain(lake, "nps", where={"team": ["a", "b"]}, since=date(2026, 1, 1))
        assert found.metric.definition_zh.startswith("推荐者")
        assert found.filter == (
            "team IN ('a', 'b')",
            "question = 'nps'",
            "scale = 'nps_0_10'",
            "day >= CAST('2026-01-01' AS DATE)",
            "NOT score IS NULL",
        )
        assert "FROM facts" in found.sql
        assert found.token == (str(lake.path), "answers", 0)
        assert found.n_files == 1
