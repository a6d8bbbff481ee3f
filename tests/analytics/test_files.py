"""Figures straight from a plain file."""

from __future__ import annotations

import gzip
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from voiceloop.analytics import AnalyticsError, FileSource, measure
from voiceloop.analytics.distribution import distribution
from voiceloop.analytics.drill import rows

SCORE = {"score": "score"}


@pytest.fixture
def write(tmp_path):
    def written(text, name="answers.csv", encoding="utf-8"):
        data = text.encode(encoding)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return written


def nps(path, columns=SCORE, **more):
    return measure(FileSource(path, columns), "nps", min_n=1, **more)


class TestAFile:
    def test_it_needs_no_column_but_the_score(self, write):
        assert nps(write("score\n10\n0\n9\n")).one.value == pytest.approx(100 / 3)

    def test_it_does_not_count_blank_scores(self, write):
        assert nps(write('score,x\n10,1\n"",1\n  ,1\n9,1\n')).one.n == 2

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    @pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
    def test_it_may_be_gzipped_and_in_any_usual_encoding(self, write, encoding, name):
        path = write("评分,门店\n10,北京\n0,上海\n", name, encoding)
        found = nps(path, {"score": "评分"}, by=["门店"]).rows
        assert {row.key["门店"]: row.value for row in found} == {"北京": 100, "上海": -100}

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_it_may_use_any_usual_delimiter(self, write, delimiter):
        path = write(f"a{delimiter}score\n1{delimiter}10\n")
        assert nps(path).one.value == 100

    def test_it_may_hold_line_breaks_and_delimiters_in_quotes(self, write):
        path = write('score,comment\n10,"good, very\ngood"\n0,"said ""no"""\n')
        assert [row["comment"] for row in rows(FileSource(path, SCORE), "nps").rows] == [
            "good, very\ngood",
            'said "no"',
        ]

    def test_it_may_be_parquet(self, tmp_path):
        pq.write_table(pa.table({"score": [10, 9, None, 0], "shop": [1, 1, 2, 2]}), tmp_path / "a.parquet")
        found = nps(tmp_path / "a.parquet", by=["shop"]).rows
        assert {row.key["shop"]: row.value for row in found} == {"1": 100, "2": -100}

    def test_it_may_name_a_column_twice(self, write):
        assert nps(write("score,x,x,\n10,1,2,3\n")).one.n == 1

    def test_it_reads_dates_as_people_write_them(self, write):
        path = write(
            "score,d\n10,2026-03-01\n9,2026/3/2 10:15\n8,2026年3月3日\n7,20260304\n1,2026-04-01T23:59:59\n"
        )
        found = nps(path, {**SCORE, "day": "d"}, every="month").rows
        assert [(row.key["period"], row.n) for row in found] == [(date(2026, 3, 1), 4), (date(2026, 4, 1), 1)]

    def test_it_is_measured_between_two_days(self, write):
        path = write("score,d\n10,2026-03-01\n9,2026-03-02\n0,2026-03-03\n")
        found = nps(path, {**SCORE, "day": "d"}, since=date(2026, 3, 2), until=date(2026, 3, 3)).one
        assert (found.n, found.value) == (1, 100)

    def test_it_may_use_the_names_that_the_query_uses(self, write):
        path = write("score,x,w,k0,period,facts\n10,1,a,b,c,d\n0,2,a,b,c,d\n")
        found = nps(path, by=["x", "k0", "period", "facts"], where={"x": "2", "w": "a"}).rows
        assert [(row.key["x"], row.value) for row in found] == [("2", -100)]

    def test_it_is_read_anew_when_it_changes(self, write):
        path = write("score\n10\n")
        assert nps(path).one.n == 1
        write("score\n10\n9\n")
        assert nps(path).one.n == 2

    @pytest.mark.requirement(2)
    def test_it_may_use_the_signed_scale(self, write):
        source = FileSource(write("score\n-10\n10\n10\n-8\n"), SCORE)
        assert measure(source, "nps_signed", min_n=1).one.value == 25
        assert distribution(source, "nps_signed", min_n=1).classes["unclassified"] == 25

    def test_it_weighs_each_answer(self, write):
        path = write("score,w\n10,3\n0,1\n")
        assert nps(path, {**SCORE, "weight": "w"}, weighted=True).one.value == 50


class TestAFileThatCannotBeMeasured:
    @pytest.mark.parametrize(
        ("text", "columns", "why"),
        [
            ("", SCORE, "is empty"),
            ("score\n", SCORE, "a header and no rows"),
            ("score\n\n\n", SCORE, "holds no score"),
            ("score,a\n,1\n", SCORE, "holds no score"),
            ("other\n1\n", SCORE, "no column 'score'"),
            ("score\n11\n", SCORE, "Score 11 is not on the scale"),
            ("score\n7.5\n", SCORE, "Score 7.5 is not on the scale"),
            ("score\nnan\n", SCORE, "holds no score"),
            ("score\n\nten\n", SCORE, r"'ten' \(line 3\), which is not a number"),
            ("score,w\n9,-1\n", {**SCORE, "weight": "w"}, r"'-1' \(line 2\), which is not a weight"),
            ("score,w\n9,\n", {**SCORE, "weight": "w"}, "holds no score"),
            (
                "score,d\n9,2025-02-30\n",
                {**SCORE, "day": "d"},
                r"'2025-02-30' \(line 2\), which is not a date",
            ),
        ],
    )
    def test_it_says_why_in_one_sentence(self, write, text, columns, why):
        with pytest.raises(AnalyticsError, match=why):
            nps(write(text), columns)

    def test_it_says_that_there_is_no_file(self, tmp_path):
        with pytest.raises(AnalyticsError, match="There is no file"):
            nps(tmp_path / "none.csv")

    def test_it_says_that_it_is_no_text(self, tmp_path):
        (tmp_path / "a.csv").write_bytes(b"score\n\xff\xff\xff\n")
        with pytest.raises(AnalyticsError, match="neither UTF-8 nor GB18030"):
            nps(tmp_path / "a.csv")

    def test_it_says_that_a_file_has_no_cases(self, write):
        with pytest.raises(AnalyticsError, match="counted from cases"):
            measure(FileSource(write("score\n1\n"), SCORE), "resolution_rate")

    def test_it_says_that_the_metric_has_another_scale(self, write):
        with pytest.raises(AnalyticsError, match="not defined on the scale csat_1_5"):
            measure(FileSource(write("score\n1\n"), SCORE, scale="csat_1_5"), "nps")

    def test_it_says_that_there_is_no_date(self, write):
        with pytest.raises(AnalyticsError, match="no date column"):
            nps(write("score\n1\n"), every="week")
