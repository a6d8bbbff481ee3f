"""The lake: commits, versions, months, erasure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from voiceloop.analytics import Lake, measure

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def attributes(*maps):
    return [pa.array(maps, pa.map_(pa.string(), pa.string()))]


class TestALakeNeverWritten:
    def test_it_is_empty(self, lake):
        assert (lake.version("answers"), lake.uris("answers"), lake.months("answers")) == (-1, (), ())
        assert (lake.metadata("answers"), lake.as_of("answers")) == ({}, None)
        assert measure(lake, "nps").one.n == 0

    def test_it_has_nothing_to_delete_compact_or_vacuum(self, lake):
        lake.compact("answers")
        assert lake.delete("answers", "customer_key", [1]) == lake.vacuum("answers") == 0


class TestAppend:
    def test_it_is_seen_by_another_reader_at_once(self, answers, lake):
        reader = Lake(lake.path)
        assert reader.version("answers") == -1
        lake.append("answers", answers([10]))
        assert measure(reader, "nps", min_n=1).one.value == 100
        lake.append("answers", answers([0], first=2))
        assert measure(reader, "nps", min_n=1).one.value == 0

    def test_it_stores_the_watermark_in_the_same_commit(self, answers, lake):
        assert lake.append("answers", answers([10]), metadata={"xid": "17"}) == 0
        assert Lake(lake.path).metadata("answers") == {"xid": "17"}

    def test_it_stores_a_watermark_when_there_are_no_rows(self, answers, lake):
        lake.append("answers", answers([10]), metadata={"xid": "17"})
        lake.append("answers", answers([10])[:0], metadata={"xid": "18"})
        assert Lake(lake.path).metadata("answers") == {"xid": "18"}
        assert measure(lake, "nps").one.n == 1

    def test_it_makes_an_empty_table_with_a_watermark(self, answers, lake):
        lake.append("answers", answers([10])[:0], metadata={"xid": "1"})
        assert lake.metadata("answers") == {"xid": "1"}
        assert measure(lake, "nps").one.n == 0

    def test_it_dates_the_table(self, answers, lake):
        before = datetime.now(UTC).replace(microsecond=0)
        lake.append("answers", answers([10]))
        assert before <= lake.as_of("answers") <= datetime.now(UTC)

    def test_it_keeps_attributes(self, answers, lake):
        rows = answers([10, 0]).append_column("attributes", attributes([("性别", "女")], [("性别", "男")]))
        lake.append("answers", rows)
        found = measure(lake, "nps", by=["attributes.性别"], min_n=1).rows
        assert {row.key["attributes.性别"]: row.value for row in found} == {"女": 100, "男": -100}


class TestUpsert:
    def test_it_replaces_a_row_with_the_same_key(self, answers, lake):
        lake.append("answers", answers([0, 10], day=MARCH))
        lake.upsert("answers", answers([10], day=MARCH), "answer_id")
        assert measure(lake, "nps", min_n=1).one.value == 100

    def test_it_adds_rows_with_new_keys_in_new_months(self, answers, lake):
        lake.append("answers", answers([0], day=MARCH))
        lake.upsert("answers", answers([10], first=2, day=APRIL))
        assert lake.months("answers") == ("2026-03", "2026-04")
        assert measure(lake, "nps").one.n == 2

    def test_it_gives_the_same_when_repeated(self, answers, lake):
        for _ in range(3):
            lake.upsert("answers", answers([9, 3, 7]), metadata={"xid": "5"})
        assert measure(lake, "nps").one.n == 3

    def test_it_lets_the_last_of_several_rows_with_one_key_win(self, table, lake):
        lake.upsert(
            "cases",
            table("case_id", [{"case_id": 1, "outcome": None}, {"case_id": 1, "outcome": "recovered"}]),
        )
        lake.upsert(
            "cases", table("case_id", [{"case_id": 1, "outcome": o} for o in ("recovered", "not_recovered")])
        )
        found = measure(lake, "resolution_rate", by=["outcome"]).rows
        assert [(row.key["outcome"], row.n) for row in found] == [("not_recovered", 1)]

    def test_it_replaces_attributes_too(self, answers, lake):
        for value in ("a", "b"):
            lake.upsert("answers", answers([9]).append_column("attributes", attributes([("k", value)])))
        (row,) = measure(lake, "nps", by=["attributes.k"]).rows
        assert row.key == {"attributes.k": "b"}


class TestDelete:
    @pytest.mark.requirement(196)
    def test_it_leaves_no_byte_of_a_customer_after_a_vacuum(self, answers, lake):
        rows = answers([9, 3], customer_key=77)
        lake.append("answers", rows.set_column(rows.column_names.index("day"), "day", [[MARCH, APRIL]]))
        lake.append("answers", answers([5], first=3, customer_key=88, language="zh"))
        assert lake.delete("answers", "customer_key", [77]) == 2
        assert lake.vacuum("answers", retention_hours=0) > 0
        assert measure(lake, "nps").one.n == 1
        on_disk = {str(path) for path in Path(lake.path).rglob("*.parquet")}
        assert on_disk == set(lake.uris("answers"))

    def test_it_takes_text_with_a_quote(self, answers, lake):
        lake.append("answers", answers([9], agent="O'Neil"))
        assert lake.delete("answers", "agent", ["O'Neil", "x"]) == 1

    @pytest.mark.parametrize(("column", "of"), [("answer_id", int), ("agent", "a{}".format)])
    def test_many_go_at_once(self, answers, lake, column, of):
        # Named one by one in a condition, so many end the process.
        rows = answers([9] * 40_000)
        named = [of(key) for key in rows["answer_id"].to_pylist()]
        if column == "agent":
            rows = rows.append_column("agent", [named])
        lake.append("answers", rows, metadata={"xid": "17"})
        assert lake.delete("answers", column, [*named[:30_000], *named[:5]]) == 30_000
        assert (measure(lake, "nps").one.n, lake.metadata("answers")) == (10_000, {"xid": "17"})

    def test_it_keeps_the_watermark(self, answers, lake):
        lake.append("answers", answers([9], customer_key=1), metadata={"xid": "17"})
        lake.delete("answers", "customer_key", [1])
        assert lake.metadata("answers") == {"xid": "17"}


class TestCompact:
    def test_it_merges_files_and_changes_no_figure(self, answers, lake):
        for i in range(6):
            lake.append("answers", answers([i + 4], first=i + 1), metadata={"xid": str(i)})
        before = measure(lake, "nps").one.parts
        lake.compact("answers")
        lake.vacuum("answers", retention_hours=0)
        assert len(lake.uris("answers")) == 1
        assert measure(lake, "nps").one.parts == before
        assert Lake(lake.path).metadata("answers") == {"xid": "5"}


class TestUris:
    def test_it_names_only_the_months_asked_for(self, answers, lake):
        lake.append("answers", answers([9], day=MARCH))
        lake.append("answers", answers([9], first=2, day=APRIL))
        (uri,) = lake.uris("answers", ["2026-04", "2031-01"])
        assert "month=2026-04" in uri

    def test_a_question_reads_only_the_months_it_touches(self, answers, lake):
        for month in range(1, 13):
            lake.append("answers", answers([9], first=month, day=date(2026, month, 5)))
        assert len(lake.scan("answers", date(2026, 3, 31), date(2026, 5, 1)).uris) == 3
        assert measure(lake, "nps", since=date(2026, 3, 31), until=date(2026, 5, 1)).one.n == 1


class TestAYearOfMonths:
    def test_it_gives_the_same_figures_read_in_two_pieces(self, lake, answers):
        for month in range(1, 13):
            lake.append("answers", answers([month % 11, 10], first=2 * month, day=date(2026, month, 5)))
        scan = lake.scan("answers", None, None)
        assert [len(piece.uris) for piece in scan.pieces] == [11, 1]
        assert measure(lake, "nps").one.n == 24
        assert [row.n for row in measure(lake, "nps", every="quarter").rows] == [6, 6, 6, 6]

    def test_a_commit_of_today_leaves_the_settled_months_as_they_are(self, lake, answers):
        for month in range(1, 13):
            lake.append("answers", answers([10], first=month, day=date(2026, month, 5)))
        settled, newest = lake.scan("answers", None, None).pieces
        lake.append("answers", answers([0], first=13, day=date(2026, 12, 6)))
        again, changed = lake.scan("answers", None, None).pieces
        assert again == settled
        assert changed != newest
        assert measure(lake, "nps").one.n == 13


class TestALakeMadeAnew:
    def test_it_is_read_from_its_new_start(self, answers, lake):
        import shutil

        lake.append("answers", answers([9, 9]))
        lake.append("answers", answers([9], first=3))
        assert measure(lake, "nps").one.n == 3
        shutil.rmtree(lake.path)
        assert measure(lake, "nps").one.n == 0
        Lake(lake.path).append("answers", answers([1]))
        assert measure(lake, "nps").one.n == 1


def test_its_folder_may_have_any_name(tmp_path, answers):
    lake = Lake(tmp_path / "数据 湖 100%")
    lake.append("answers", answers([10] * 5))
    assert measure(lake, "nps").one.n == 5
    lake.upsert("answers", answers([0]))
    assert measure(lake, "nps", min_n=1).one.n == 5
