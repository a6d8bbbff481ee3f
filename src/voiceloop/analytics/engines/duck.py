"""DuckDB in process: one connection for the process, one cursor for each thread."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from threading import Lock, local
from typing import Any

import duckdb
from sqlglot import exp

from voiceloop.analytics import schema
from voiceloop.analytics.scan import Scan

_SETTINGS = (
    "SET GLOBAL TimeZone = 'UTC'",
    "SET preserve_insertion_order = false",
    "SET parquet_metadata_cache = true",
)
# It would be printed between the lines of a JSON answer.
_QUIET = "SET enable_progress_bar = false"

_TYPES = {"string": "VARCHAR", "timestamp": "TIMESTAMPTZ", "int64": "BIGINT", "map": "MAP(VARCHAR, VARCHAR)"}


class DuckEngine:
    """Runs queries over Parquet files or a file query.

    Examples
    --------
    >>> from voiceloop.analytics.scan import Scan
    >>> DuckEngine().run("SELECT count(*) FROM facts", Scan("answers", (), ()))
    [(0,)]
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._local = local()
        self._pid = -1
        self._connection: duckdb.DuckDBPyConnection | None = None

    def sql(self, query: exp.Query) -> str:
        """Return the query in DuckDB's dialect."""
        return query.sql(dialect="duckdb")

    def run(self, sql: str, scan: Scan | None) -> Sequence[tuple[Any, ...]]:
        """Run ``sql`` over the table ``facts`` and return its rows."""
        rows: list[tuple[Any, ...]] = self._cursor().execute(_bound(sql, scan)).fetchall()
        return rows

    def columns(self, sql: str, scan: Scan | None) -> dict[str, list[Any]]:
        """Run ``sql`` and return its columns by name; times are aware and in UTC."""
        relation: Any = self._cursor().sql(_bound(sql, scan))
        found: dict[str, list[Any]] = relation.to_arrow_table().to_pydict()
        return found

    def arrays(self, sql: str, scan: Scan | None) -> dict[str, Any]:
        """Run ``sql`` and return its columns as NumPy arrays, masked where NULL."""
        found: dict[str, Any] = self._cursor().execute(_bound(sql, scan)).fetchnumpy()
        return found

    def write(self, sql: str, scan: Scan, path: str) -> int:
        """Run ``sql`` into one Parquet file and return the number of its rows."""
        target = "'" + path.replace("'", "''") + "'"
        order = "PARQUET_VERSION V2, COMPRESSION ZSTD, ROW_GROUP_SIZE 16384"
        counted = self._cursor().execute(f"COPY ({_bound(sql, scan)}) TO {target} (FORMAT PARQUET, {order})")
        return int((counted.fetchone() or (0,))[0])

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        # A forked web worker must not use its parent's connection.
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self._connection, self._local, self._pid = _connect(), local(), os.getpid()
        if not hasattr(self._local, "cursor"):
            assert self._connection is not None
            with self._lock:
                self._local.cursor = self._connection.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        return cursor


def _connect() -> duckdb.DuckDBPyConnection:
    # No extension is ever fetched: the product runs without a network.
    offline: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(":memory:", config=offline)
    for setting in _SETTINGS:
        connection.execute(setting)
    # A notebook without widgets has no bar, and refuses even to be told so.
    with suppress(duckdb.InvalidInputException):
        connection.execute(_QUIET)
    return connection


def _bound(sql: str, scan: Scan | None) -> str:
    if scan is None:
        return sql
    return f"WITH facts AS ({scan.query or _parquet(scan)}) {sql}"


def _parquet(scan: Scan) -> str:
    if not scan.uris:
        return _nothing(scan.table)
    files = ", ".join("'" + uri.replace("'", "''") + "'" for uri in scan.uris)
    # TRICKY: the partition column exists only in the path, and would be read as a date.
    return f"SELECT * FROM read_parquet([{files}], hive_partitioning = true, hive_types_autocast = false)"


@lru_cache(maxsize=32)
def _nothing(table: str) -> str:
    columns = (
        f'CAST(NULL AS {_TYPES.get(kind, kind.upper())}) AS "{name}"'
        for name, kind in schema.table(table).columns.items()
    )
    return f"SELECT {', '.join(columns)} WHERE false"
