"""Rows of the database as Arrow, as fast as PostgreSQL gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow as pa
from adbc_driver_manager import dbapi as driver
from adbc_driver_postgresql import dbapi as adbc  # type: ignore[import-untyped]  # it has none
from django.conf import settings
from django.db import connection

from voiceloop.server.store.fact import Fact, Window

Away = driver.OperationalError
Chunk = tuple[pa.Table, int | None]
_PAIRS = pa.map_(pa.string(), pa.string())


def address() -> str:
    """Where Django's database is, as libpq reads it; a folder as host is that of a Unix socket."""
    known = connection.settings_dict
    options = {k: v for k, v in known["OPTIONS"].items() if isinstance(v, str)}
    given = {
        "host": known["HOST"],
        "port": known["PORT"],
        "user": known["USER"],
        "password": known["PASSWORD"],
    }
    words = {**options, **{name: str(value) for name, value in given.items() if value}}
    return f"postgresql:///{quote(str(known['NAME']))}?{urlencode(words, quote_via=quote)}"


class Reader:
    """A connection of its own, opened when something is read for the first time."""

    def __init__(self) -> None:
        self._connection: adbc.Connection | None = None

    def rows(self, fact: Fact, window: Window, limit: int) -> pa.Table:
        """The lake's columns but the month, and `is_new`, in the order of the key."""
        found = self.table(fact.query(window, zone=settings.TIME_ZONE, limit=limit))
        place = found.schema.get_field_index("attributes")
        return found.set_column(place, "attributes", _pairs(found["attributes"]))

    def chunks(self, fact: Fact, window: Window, size: int) -> Iterator[Chunk]:
        """The rows of a window in parts, each with the id of its last row when more may follow.

        A window without rows has one empty part, whose mark says that nothing more is to be read in it.
        """
        after: int | None = window.after
        while after is not None:
            rows = self.rows(fact, replace(window, after=after), size)
            is_last = rows.num_rows < size
            after = None if is_last else int(rows[fact.key][-1].as_py()) // fact.slots
            yield rows, after

    def table(self, sql: str) -> pa.Table:
        with self._open().cursor() as cursor:
            cursor.execute(sql)
            found: pa.Table = cursor.fetch_arrow_table()
            return found

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> adbc.Connection:
        if self._connection is None:
            self._connection = adbc.connect(address(), autocommit=True)
            with self._connection.cursor() as cursor:
                # A worker only hands rows over to the process that must write them out anyway.
                cursor.execute("set max_parallel_workers_per_gather = 0")
        return self._connection


@contextmanager
def reader() -> Iterator[Reader]:
    it = Reader()
    try:
        yield it
    finally:
        it.close()


def _pairs(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """JSON objects as maps; each different object is read once, and most rows have none."""
    found = column.combine_chunks().dictionary_encode()
    maps = [None if text is None else _strings(text) for text in found.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(maps, _PAIRS).take(found.indices)])


def _strings(text: str) -> list[tuple[str, str]] | None:
    values = json.loads(text)
    pairs = values.items() if isinstance(values, dict) else ()
    return [(key, _string(value)) for key, value in pairs if value is not None] or None


def _string(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
