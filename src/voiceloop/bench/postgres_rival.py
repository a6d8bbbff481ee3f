"""PostgreSQL with the answers in a table and covering indexes for the questions it is asked."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pyarrow.csv as csv
import pyarrow.dataset as ds

from voiceloop.analytics.lake import Lake
from voiceloop.analytics.schema import table
from voiceloop.bench.lakes import cache
from voiceloop.bench.product import say
from voiceloop.bench.questions import Asked
from voiceloop.bench.rivals import FIGURES, HALF, MIDDLE
from voiceloop.server.config import postgres

# The lake's rows whole, in the smallest types that hold them; attributes, which nobody has here, left out.
_TYPES = {
    "string": 'text COLLATE "C"',
    "int64": "bigint",
    "double": "smallint",
    "date": "date",
    "timestamp": "timestamptz",
}
COLUMNS = {name: _TYPES[kind] for name, kind in table("answers").columns.items() if name != "attributes"}
# A server for analysis: everything in memory, room for the groups, help from all processors.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_parallel_workers_per_gather": "2",
    "jit": "on",
}
INDEXES = (
    "CREATE INDEX ON answers (month) INCLUDE (score)",
    "CREATE INDEX ON answers (month, channel, touchpoint, segment) INCLUDE (score)",
    "CREATE INDEX ON answers (region, month, agent) INCLUDE (score)",
)


class Postgres:
    """A running server with the lake's answers in it."""

    def __init__(self, connection: psycopg.Connection[Any], process: psutil.Process) -> None:
        self._connection, self.process = connection, process

    @property
    def version(self) -> str:
        (found,) = self._connection.execute("SHOW server_version").fetchall()
        return str(found[0])

    def sql(self, asked: Asked) -> str:
        where = [f"{name} = '{value}'" for name, value in asked.where.items()]
        months = ", ".join(f"'{month}'" for month in asked.months)
        conditions = " AND ".join([*where, *([f"month IN ({months})"] if months else [])])
        keys = ", ".join(asked.keys)
        sql = f"""
            SELECT {keys}, {FIGURES} FROM (
                SELECT *, {HALF} AS half FROM (
                    SELECT *, {MIDDLE} AS middle FROM (
                        SELECT {keys}, count(*)::float8 AS n, count(*) FILTER (WHERE score >= 9)::float8 AS p,
                            count(*) FILTER (WHERE score < 7)::float8 AS d
                        FROM answers {f"WHERE {conditions}" if conditions else ""} GROUP BY {keys}
                    ) counts
                ) middles
            ) halves
        """
        return sql.replace("DOUBLE", "float8")

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql.encode()).fetchall()

    def plan(self, sql: str) -> str:
        return "\n".join(str(row[0]) for row in self.run(f"EXPLAIN {sql}"))

    def fill(self, lake: Lake) -> None:
        run = self._connection.execute
        columns = ", ".join(f"{name} {kind} NOT NULL" for name, kind in COLUMNS.items())
        run(f"CREATE UNLOGGED TABLE answers ({columns})".encode())
        rows = ds.dataset(
            [uri.removeprefix("file://") for uri in lake.uris("answers")],
            partitioning=ds.partitioning(flavor="hive"),
            partition_base_dir=str(lake.path / "answers"),
        )
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY answers ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv)".encode()) as copy,
        ):
            for batch in rows.to_batches(columns=list(COLUMNS)):
                copy.write(_as_csv(batch))
        for index in INDEXES:
            run(index.encode())
        # Without it an index-only scan looks into the table all the same.
        run(b"VACUUM ANALYZE answers")


@contextmanager
def filled(lake: Lake) -> Iterator[Postgres]:
    """A server of its own, gone afterwards."""
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="postgres-", dir=cache()) as folder:
        server = postgres.Server(Path(folder) / "data", log=Path(folder) / "log", settings=SETTINGS)
        server.acquire()
        try:
            with psycopg.connect(server.url, autocommit=True) as connection:
                process = psutil.Process(connection.info.backend_pid).parent()
                assert process is not None
                found = Postgres(connection, process)
                say("copying the answers into PostgreSQL …")
                found.fill(lake)
                yield found
        finally:
            server.release()


def _as_csv(batch: Any) -> bytes:
    out = io.BytesIO()
    for name in ("score", "weight"):
        batch = batch.set_column(batch.schema.get_field_index(name), name, batch[name].cast("int16"))
    csv.write_csv(batch, out, csv.WriteOptions(include_header=False, quoting_style="none"))
    return out.getvalue()
