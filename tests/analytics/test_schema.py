"""The stored shape of the lake's tables."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from voiceloop.analytics import AnalyticsError
from voiceloop.analytics.schema import DIMENSIONS, TABLES, arrow_schema, conform


class TestArrowSchema:
    @pytest.mark.parametrize("name", TABLES)
    def test_it_freezes_every_dimension_on_every_table(self, name):
        stored = arrow_schema(name)
        assert set(DIMENSIONS) <= set(stored.names)
        assert stored.field("at").type == pa.timestamp("us", "UTC")
        assert stored.field("day").type == pa.date32()


class TestConform:
    def test_it_takes_the_month_from_the_day(self, answers):
        rows = answers([9], day=date(2025, 12, 31), month="1999-01")
        assert conform("answers", rows)["month"].to_pylist() == ["2025-12"]

    def test_it_weighs_an_answer_without_weight_as_one(self, answers):
        assert conform("answers", answers([9]))["weight"].to_pylist() == [1.0]

    def test_it_refuses_a_column_that_the_table_does_not_have(self, answers):
        with pytest.raises(AnalyticsError, match="colour"):
            conform("answers", answers([9], colour="red"))

    def test_it_refuses_a_row_without_a_day(self, table):
        with pytest.raises(AnalyticsError, match="lacks"):
            conform("cases", table("case_id", [{"day": None}]))

    @pytest.mark.requirement(1, 2)
    @pytest.mark.parametrize(("scale", "score"), [("nps_0_10", 11), ("nps_0_10", 8.5), ("nps_signed", -11)])
    def test_it_refuses_a_score_off_its_scale(self, answers, scale, score):
        with pytest.raises(AnalyticsError, match="not on the scale"):
            conform("answers", answers([score], scale=scale))

    def test_it_refuses_an_answer_without_a_scale(self, answers):
        with pytest.raises(AnalyticsError, match="no scale"):
            conform("answers", answers([9], scale=None))

    def test_it_names_the_table_that_does_not_exist(self, answers):
        with pytest.raises(AnalyticsError, match="planets"):
            conform("planets", answers([9]))
