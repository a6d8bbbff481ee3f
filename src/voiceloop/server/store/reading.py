"""Rows of the database as Arrow, as fast as PostgreSQL gives them."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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


# Two, because PostgreSQL hands one connection fewer rows a second than the lake takes.
CONNECTIONS = 2


class Reader:
    """Connections of its own, opened when something is read for the first time."""

    def __init__(self) -> None:
        self._idle: list[adbc.Connection] = []

    def rows(self, fact: Fact, window: Window, limit: int = 0) -> pa.Table:
        """The lake's columns but the month, and `is_new`."""
        found = self.table(fact.query(window, limit=limit))
        place = found.schema.get_field_index("attributes")
        return found.set_column(place, "attributes", _pairs(found["attributes"]))

    def chunks(self, fact: Fact, window: Window, size: int) -> Iterator[Chunk]:
        """The rows of a window in parts, each with the id up to which it reaches when more may follow.

        A window without rows has one empty part, whose mark says that nothing more is to be read in it. The
        next parts are being read while one is looked at.
        """
        parts = self._next if window.low else self._by_id
        yield from parts(fact, window, size)

    def _next(self, fact: Fact, window: Window, size: int) -> Iterator[Chunk]:
        """What changed is spread over all ids: each part begins behind the last row of the one before."""
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.rows, fact, window, size)
            while (rows := waiting.result()).num_rows == size:
                after = int(rows[fact.key][-1].as_py()) // fact.slots
                waiting = pool.submit(self.rows, fact, replace(window, after=after), size)
                yield rows, after
            yield rows, None

    def _by_id(self, fact: Fact, window: Window, size: int) -> Iterator[Chunk]:
        """From the beginning of time everything is read: parts are ranges of ids, several at once."""
        first, last, n_ids = self._ids(fact, window, size)
        ends = range(first - 1 + n_ids, last, n_ids)
        parts = [replace(window, after=end - n_ids, upto=end) for end in ends]
        reading: deque[tuple[Future[pa.Table], int | None]] = deque()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for part in parts:
                reading.append((pool.submit(self.rows, fact, part), part.upto))
                if len(reading) > CONNECTIONS:
                    yield _read(reading)
            rest = replace(window, after=ends[-1]) if ends else window
            reading.append((pool.submit(self.rows, fact, rest), None))
            while reading:
                yield _read(reading)

    def _ids(self, fact: Fact, window: Window, size: int) -> tuple[int, int, int]:
        """The first and the last id behind the window's `after`, and of how many of them `size` rows are."""
        by = fact.spread_by[0]
        ends = ", ".join(f"coalesce({end}({of}), 0)" for of in (by, "f.id") for end in ("min", "max"))
        found = self.table(f"select {ends} from {fact.follows} f where {by} > {window.after}")
        first, last, *own = (int(column[0].as_py()) for column in found.columns)
        a_row = (last - first + 1) / (own[1] - own[0] + 1)
        return first, last, max(1, round(size * min(1.0, a_row)))

    def table(self, sql: str) -> pa.Table:
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            found: pa.Table = cursor.fetch_arrow_table()
            return found

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _connected(self) -> Iterator[adbc.Connection]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _open()
        try:
            yield connection
        finally:
            self._idle.append(connection)


def _open() -> adbc.Connection:
    connection = adbc.connect(address(), autocommit=True)
    with connection.cursor() as cursor:
        # A worker only hands rows over to the process that must write them out anyway.
        cursor.execute("set max_parallel_workers_per_gather = 0")
        # The day of a fact is that of its moment here.
        zone = settings.TIME_ZONE.replace("'", "''")
        cursor.execute(f"set time zone '{zone}'")
    return connection


def _read(reading: deque[tuple[Future[pa.Table], int | None]]) -> Chunk:
    rows, upto = reading.popleft()
    return rows.result(), upto


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
