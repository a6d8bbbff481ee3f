"""The lake is looked after by its writer: files are merged, dead ones removed, the declared shape kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake
from django.utils.timezone import now

from tests.server.store.conftest import Respond, Rows
from voiceloop.analytics import lake_upkeep, measure, schema
from voiceloop.analytics.lake import Lake
from voiceloop.server.store import sync as room
from voiceloop.server.store import upkeep
from voiceloop.server.store.models import Tombstone, Upkeep
from voiceloop.server.store.reading import Reader, reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source() -> Iterator[Reader]:
    with reader() as it:
        yield it


def forget_column(lake: Lake, table: str, column: str) -> None:
    """Make the table as an older version of the product would have left it."""
    parts = [pq.read_table(uri, partitioning=None) for uri in lake.uris(table)]
    rows = schema.conform(table, pa.concat_tables(parts)).drop_columns(column)
    write_deltalake(
        DeltaTable(str(lake.path / table)),
        rows,
        mode="overwrite",
        schema_mode="overwrite",
        partition_by=["month"],
        commit_properties=lake._commit(table, None),
    )


class TestMend:
    def test_it_reads_a_table_of_an_older_shape_again(
        self, lake: Lake, respond: Respond, rows: Rows, source: Reader
    ) -> None:
        for key in "abc":
            respond(key, weight=2.5)
        room.sync()
        forget_column(lake, "answers", "weight")
        assert upkeep.mend(lake, source, room.oldest_running) == ["answers"]
        assert [row["weight"] for row in rows()] == [2.5] * 3
        assert upkeep.mend(lake, source, room.oldest_running) == []

    def test_it_goes_on_from_there(self, lake: Lake, respond: Respond, rows: Rows, source: Reader) -> None:
        respond("a", 1)
        room.sync()
        forget_column(lake, "answers", "weight")
        upkeep.mend(lake, source, room.oldest_running)
        version = lake.version("answers")
        assert room.sync() == 0
        assert lake.version("answers") == version
        respond("b", 2)
        room.sync()
        assert [row["score"] for row in rows()] == [1, 2]

    def test_readers_see_the_old_rows_until_the_new_ones_are_there(
        self, lake: Lake, respond: Respond, rows: Rows, source: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for key in "abcd":
            respond(key, 7)
        room.sync()
        forget_column(lake, "answers", "weight")
        seen: list[int] = []
        old = lake.uris("answers")

        def look() -> int:
            return lake_upkeep.condition(Lake(lake.path), "answers").rows

        def watched(*args: Any) -> Iterator[Any]:
            for part in Reader.chunks(source, *args):
                yield part
                with ThreadPoolExecutor(1) as somebody_else:
                    seen.append(somebody_else.submit(look).result())

        monkeypatch.setattr(source, "chunks", watched)
        monkeypatch.setattr(upkeep, "CHUNK", 2)
        upkeep.mend(lake, source, room.oldest_running)
        assert len(seen) > 1
        assert set(seen) == {4}
        assert len(rows()) == 4
        # Somebody who still holds the list of before can read it.
        assert sum(pq.read_metadata(uri).num_rows for uri in old) == 4

    def test_a_table_that_was_not_read_out_of_the_database_keeps_its_rows(
        self, lake: Lake, rows: Rows, source: Reader
    ) -> None:
        lake.append("transactions", [{"transaction_id": 1, "day": now().date(), "kind": "dine_in"}])
        forget_column(lake, "transactions", "amount")
        upkeep.mend(lake, source, room.oldest_running)
        assert lake_upkeep.is_in_shape(lake, "transactions")
        assert [row["kind"] for row in rows("transactions")] == ["dine_in"]
        lake.append("transactions", [{"transaction_id": 2, "day": now().date(), "amount": 3.0}])
        assert lake_upkeep.condition(lake, "transactions").rows == 2


class TestRunDue:
    def test_it_merges_the_files_of_a_crowded_month(self, lake: Lake, rows: Rows) -> None:
        for n in range(upkeep.MANY_FILES + 1):
            lake.append("transactions", [{"transaction_id": n, "day": now().date()}])
        upkeep.run_due(lake)
        assert lake_upkeep.condition(lake, "transactions").files == 1
        assert len(rows("transactions")) == upkeep.MANY_FILES + 1
        assert Upkeep.objects.get(job="compaction").n == 1

    def test_it_waits_until_the_next_run_is_due(self, lake: Lake) -> None:
        upkeep.run_due(lake)
        first = Upkeep.objects.get(job="vacuum").at
        upkeep.run_due(lake)
        assert Upkeep.objects.get(job="vacuum").at == first
        Upkeep.objects.update(at=now() - timedelta(hours=2))
        upkeep.run_due(lake)
        assert Upkeep.objects.get(job="vacuum").at > first

    def test_it_forgets_the_tombstones_that_the_lake_has_obeyed(
        self, lake: Lake, respond: Respond, rows: Rows
    ) -> None:
        gone = respond("a")
        respond("b")
        room.sync()
        gone.delete()
        upkeep.vacuum(lake)
        assert Tombstone.objects.filter(table="collect_answer").exists()
        room.sync()
        upkeep.vacuum(lake)
        assert not Tombstone.objects.filter(table="collect_answer").exists()
        assert len(rows()) == 1


class TestCubes:
    def test_it_makes_those_that_are_missing_and_waits_with_those_behind(
        self, lake: Lake, respond: Respond
    ) -> None:
        respond("a")
        room.sync()
        assert upkeep.cubes(lake) == 1
        respond("b")
        room.sync()
        assert upkeep.cubes(lake) == 0
        assert measure(lake, "nps", min_n=1).one.n == 2

    def test_it_makes_at_once_what_can_no_longer_be_read(self, lake: Lake, respond: Respond) -> None:
        respond("a")
        gone = respond("b")
        room.sync()
        upkeep.cubes(lake)
        gone.delete()
        room.sync()
        assert upkeep.cubes(lake) == 1
        assert measure(lake, "nps", min_n=1).source.startswith("cube ")
        assert measure(lake, "nps", min_n=1).one.n == 1
