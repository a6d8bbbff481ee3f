"""NPS of a bank by market and month, against pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.golden import shapes

NAME = "nps_bank/responses.csv"


@pytest.fixture(scope="module")
def bank(data):
    path, rows = data(NAME, shapes.bank)
    score = rows.nps.astype(int)
    rows["x"] = 100.0 * ((score >= 9).astype(int) - (score <= 6).astype(int))
    return path, rows


@pytest.mark.requirement(1)
class TestTheBank:
    def test_its_nps_needs_no_word_about_the_columns(self, bank, figure):
        path, rows = bank
        found = figure("nps", path)
        assert (found["n"], found["value"]) == (len(rows), pytest.approx(rows.x.mean()))
        assert found["read_as"]["columns"]["score"] == "nps"

    def test_its_nps_by_market_is_that_of_pandas(self, bank, figure):
        path, rows = bank
        found = {row["key"]["market"]: row["value"] for row in figure("nps", path, "--by", "market")["rows"]}
        assert found == pytest.approx(rows.groupby("market").x.mean().to_dict())

    def test_its_months_are_those_of_its_dates(self, bank, figure):
        path, rows = bank
        found = figure("nps", path, "--every", "month")["rows"]
        by_month = rows.groupby(pd.to_datetime(rows.survey_date).dt.strftime("%Y-%m-01")).x
        assert {row["key"]["period"]: row["value"] for row in found} == pytest.approx(
            by_month.mean().to_dict()
        )

    def test_its_own_month_column_is_the_files_number(self, bank, figure):
        path, rows = bank
        found = figure("nps", path, "--by", "month", "--where", "quarter=4")["rows"]
        assert {row["key"]["month"]: row["n"] for row in found} == dict(
            rows[rows.quarter == "4"].groupby("month").size()
        )
