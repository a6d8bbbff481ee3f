"""Which columns a file has, how their cells are read, and what is left out."""

from __future__ import annotations

import pytest

from voiceloop.analytics import AnalyticsError, FileSource, measure
from voiceloop.analytics.registry import metric


@pytest.fixture
def write(tmp_path):
    def written(text, name="file.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return written


def read(path, name, **more):
    return FileSource(path, **more).reading(metric(name))


def one(path, name, columns=None, **more):
    return measure(FileSource(path, columns or {}, **more), name, min_n=1).one


class TestGuesses:
    @pytest.mark.parametrize(
        ("header", "name", "columns"),
        [
            ("推荐意愿,渠道,填写日期", "nps", {"score": "推荐意愿", "channel": "渠道", "at": "填写日期"}),
            ("Overall satisfaction,Store", "csat", {"score": "Overall satisfaction", "unit": "Store"}),
            (
                "工单号,创建时间,解决时间",
                "resolution_rate",
                {"opened_at": "创建时间", "resolved_at": "解决时间"},
            ),
            (
                "排队时长（秒）,接听结果",
                "waiting_time",
                {"wait_seconds": "排队时长（秒）", "outcome": "接听结果"},
            ),
            ("订单号,实付金额,会员号", "order_value", {"amount": "实付金额", "customer_key": "会员号"}),
        ],
    )
    def test_they_know_the_words_of_both_languages(self, write, header, name, columns):
        row = ",".join(
            "2026-03-01" if "时间" in word or "日期" in word else "5" for word in header.split(",")
        )
        found = read(write(f"{header}\n{row}\n"), name)
        assert columns.items() <= found.columns.items()
        assert set(columns) <= set(found.guessed)

    def test_they_are_refused_where_two_columns_fit(self, write):
        with pytest.raises(AnalyticsError, match="Several columns may be score: ease_a, ease_b"):
            read(write("ease_a,ease_b\n1,2\n"), "ces")

    def test_they_yield_to_what_is_told(self, write):
        path = write("nps,recommend\n10,0\n")
        assert one(path, "nps", {"score": "recommend"}).value == -100

    def test_they_name_the_columns_that_are_missing(self, write):
        with pytest.raises(AnalyticsError, match=r"waiting_time needs wait_seconds.*The file has: a, b"):
            read(write("a,b\n1,2\n"), "waiting_time")

    def test_they_name_the_nearest_column(self, write):
        with pytest.raises(AnalyticsError, match="Did you mean 'recommend'"):
            one(write("recommend\n1\n"), "nps", {"score": "recomend"})

    def test_a_figure_that_could_only_be_zero_is_no_figure(self, write):
        with pytest.raises(AnalyticsError, match="reopened_rate needs n_reopened"):
            one(write("id,opened_at,resolved_at\n1,2026-03-01,2026-03-02\n"), "reopened_rate")


class TestScales:
    @pytest.mark.parametrize(
        ("scores", "name", "scale"),
        [
            ("1 5", "csat", "csat_1_5"),
            ("1 9", "csat", "csat_1_10"),
            ("20 90", "csat", "csat_0_100"),
            ("7 2", "ces", "ces_1_7"),
        ],
    )
    def test_they_are_the_smallest_that_hold_all_scores(self, write, scores, name, scale):
        path = write("score\n" + "\n".join(scores.split()) + "\n")
        assert read(path, name).scale == scale

    def test_a_score_outside_is_named_with_its_line(self, write):
        with pytest.raises(AnalyticsError, match=r"Score 11 is not on the scale nps_0_10.*line 3"):
            one(write("score\n5\n11\n"), "nps")


class TestRowsThatCannotBeRead:
    def test_they_are_counted_and_the_first_is_named_by_its_line(self, write):
        path = write('score,why\n10,"two\nlines"\nmany,x\n\n9\n8,y\nfew,z\n')
        found = read(path, "nps")
        assert [(out.n, out.first) for out in found.left_out] == [(1, "6"), (2, "4")]
        assert found.rows == 5
        assert one(path, "nps").n == 2

    def test_they_are_an_error_when_strict(self, write):
        with pytest.raises(AnalyticsError, match="1 rows cannot be read, the first on line 3"):
            one(write("score\n9\nx\n"), "nps", strict=True)

    def test_a_blank_weight_is_named(self, write):
        found = FileSource(write("score,w\n9,1\n8,\n"), {"weight": "w"}).reading(metric("nps"))
        assert [(out.n, out.why[0], out.first) for out in found.left_out] == [(1, "'w': blank", "3")]

    def test_only_answers_are_counted_as_left_out(self, write):
        found = FileSource(write("score,w\n9,1\n,\n8,\n"), {"weight": "w"}).reading(metric("nps"))
        assert [out.n for out in found.left_out] == [1]

    def test_a_file_with_more_cells_than_names_says_so(self, write):
        assert read(write("score\n9\n8,1\n"), "nps").left_out[0].n == 1


class TestCells:
    @pytest.mark.parametrize(
        ("cells", "day"),
        [
            ("03/04/2026 25/04/2026", "2026-04-03"),
            ("03/04/2026 04/25/2026", "2026-03-04"),
            ("3.4.2026 25.4.2026", "2026-04-03"),
            ("2026年3月4日", "2026-03-04"),
            ("20260304", "2026-03-04"),
            ("2026-03-04T23:30:00+08:00", "2026-03-04"),
            ("1772582400", "2026-03-04"),
        ],
    )
    def test_dates_are_read_from_the_whole_column(self, write, cells, day):
        path = write("score,d\n" + "".join(f"9,{cell}\n" for cell in cells.split()))
        found = measure(FileSource(path, {"day": "d"}), "nps", every="day", min_n=1).rows
        assert any(f"{row.key['period']:%Y-%m-%d}" == day and row.n for row in found)

    def test_an_ambiguous_date_is_said(self, write):
        found = FileSource(write("score,d\n9,03/04/2026\n"), {"day": "d"}).reading(metric("nps"))
        assert "AMBIGUOUS" in found.notes[0][0]

    def test_an_ambiguous_date_can_be_told(self, write):
        source = FileSource(write("score,d\n9,03/04/2026\n"), {"day": "d"}, order="mdy")
        assert measure(source, "nps", every="day", min_n=1).rows[0].key["period"].month == 3

    @pytest.mark.parametrize(
        ("cells", "mean"),
        [
            ("¥10 ¥20", 15),
            ('"1,000" "2,000"', 1500),
            ('"1,5" "2,5"', 2),
            ("10 20.5", 15.25),
            ('"1.000,5" "0,5"', 500.5),
        ],
    )
    def test_amounts_are_read_as_people_write_them(self, write, cells, mean):
        path = write("order,amount\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells.split())))
        assert one(path, "order_value").value == mean

    @pytest.mark.parametrize(
        ("header", "cells", "mean"),
        [
            ("handle_seconds", "60 120", 90),
            ("handle time (min)", "1 2", 90),
            ("handle_time_minutes", "1 2", 90),
            ("talk_time", "00:01:00 0:02:00", 90),
            ("通话时长（分钟）", "1 2", 90),
        ],
    )
    def test_times_become_seconds(self, write, header, cells, mean):
        path = write(f"{header}\n" + "\n".join(cells.split()) + "\n")
        assert one(path, "average_handling_time", {"handle_seconds": header}).value == mean

    def test_an_impossible_time_does_not_count(self, write):
        found = read(write("q_time\n10\n-5\n36000\n20\n"), "waiting_time")
        assert [(out.n, out.first) for out in found.left_out] == [(2, "3")]


class TestSeveralFiles:
    def test_they_are_measured_together(self, write, tmp_path):
        write("score,a\n10,1\n", "1.csv")
        write("a,score\n1,0\n", "2.csv")
        assert one(str(tmp_path / "*.csv"), "nps").n == 2

    def test_they_must_have_the_same_columns(self, write, tmp_path):
        paths = [write("score\n10\n", "1.csv"), write("x\n0\n", "2.csv")]
        with pytest.raises(AnalyticsError, match="different columns"):
            one(paths, "nps")

    def test_a_bad_row_is_named_with_its_file(self, write):
        paths = [write("score\n10\n", "1.csv"), write("score\nx\n", "2.csv")]
        assert read(paths, "nps").left_out[0].first == "2.csv:2"


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
    def test_they_are_seen(self, write, encoding):
        path = write("推荐意愿,门店\n10,北京\n", encoding=encoding)
        assert read(path, "nps").files[0][1] == encoding


class TestLongSurveys:
    LONG = "question,score\nNPS,10\nNPS,0\ncsat,5\n"

    def test_the_question_asked_for_is_taken(self, write):
        assert one(write(self.LONG), "nps").n == 2
        assert one(write(self.LONG), "csat").n == 1
