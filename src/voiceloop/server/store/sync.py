"""Carries every change of the database into the lake, each exactly once, within seconds.

The watermark is a transaction id and lives in the lake's own commits, so data and mark cannot part. A window
`[watermark, oldest running transaction)` misses no row of a transaction that commits late.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from voiceloop.analytics.lake import Lake
from voiceloop.analytics.schema import arrow_schema
from voiceloop.server.store.facts import FACTS, Fact

log = logging.getLogger(__name__)
CHUNK = 100_000
LOCK = 7_310_001
PAUSE = 1.0
# Our choice: more small files than this in one month make reading slower than merging them.
MANY_FILES = 24


@cache
def lake() -> Lake:
    return Lake(settings.LAKE)


@dataclass(frozen=True)
class Window:
    """Rows of transactions from `low` up to `high`, behind the key `after` when a pass was cut short."""

    low: int
    high: int
    after: int = 0


def run(stop: Callable[[], bool] = lambda: False) -> None:
    """Keep the lake in step until told to stop; a second process waits for its turn."""
    while not stop():
        try:
            while not (held := _is_the_writer()) and not stop():
                time.sleep(PAUSE)
            while held and not stop():
                started = time.monotonic()
                n = sync()
                # Leaves the processors to the people while much comes in: at most half of the time is ours.
                time.sleep(max(PAUSE, time.monotonic() - started) if n else PAUSE)
        except (OperationalError, InterfaceError):
            log.warning("The database is away; trying again.")
            time.sleep(PAUSE)
        finally:
            connection.close()
            close_old_connections()


def _is_the_writer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def sync() -> int:
    """One pass over all tables; returns the number of rows written or deleted."""
    high = _oldest_running()
    return sum(_follow(fact, high) for fact in FACTS)


def lag() -> int:
    """How many changes the lake has not seen yet."""
    return sum(_waiting(fact) for fact in FACTS)


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())")
        return int(cursor.fetchone()[0])


def _waiting(fact: Fact) -> int:
    with connection.cursor() as cursor:
        low = _window(fact, 0).low
        cursor.execute(f"select count(*) from {fact.follows} where xid >= %s::xid8", [str(low)])
        return int(cursor.fetchone()[0])


def _window(fact: Fact, high: int) -> Window:
    mark = lake().metadata(fact.table)
    if mark.get("high"):
        return Window(int(mark["low"]), int(mark["high"]), int(mark["after"]))
    return Window(int(mark.get("low", "0")), high)


def _follow(fact: Fact, high: int) -> int:
    window = _window(fact, high)
    n = _forget(fact, window)
    for rows in _chunks(fact, window, even_none=n > 0):
        _write(fact, window, rows)
        n += rows.num_rows
    if n:
        _tidy(fact)
    return n


def _chunks(fact: Fact, window: Window, *, even_none: bool) -> Iterator[pa.Table]:
    after = window.after
    while True:
        rows = _read(fact, Window(window.low, window.high, after))
        if rows.num_rows or after or even_none:
            yield rows
        if rows.num_rows < CHUNK:
            return
        after = rows[fact.key][-1].as_py()


def _read(fact: Fact, window: Window) -> pa.Table:
    """The lake's columns and `is_new`, in the order of the key."""
    bounds: dict[str, Any] = {"low": str(window.low), "high": str(window.high), "after": window.after}
    with connection.cursor() as cursor:
        cursor.execute(fact.query(), {**bounds, "zone": settings.TIME_ZONE, "limit": CHUNK})
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    values = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
    return _arrow(fact, values)


def _arrow(fact: Fact, values: dict[str, Any]) -> pa.Table:
    shape = arrow_schema(fact.table)
    values["attributes"] = [_pairs(given) for given in values["attributes"]]
    columns = {
        field.name: pa.array(values[field.name], field.type) for field in shape if field.name != "month"
    }
    return pa.table({**columns, "is_new": pa.array(values["is_new"], pa.bool_())})


def _pairs(attributes: Any) -> list[tuple[str, str]] | None:
    if not attributes:
        return None
    values = json.loads(attributes) if isinstance(attributes, str) else attributes
    return [(str(key), str(value)) for key, value in values.items() if value is not None]


def _write(fact: Fact, window: Window, rows: pa.Table) -> None:
    """Changed rows are replaced, new ones appended."""
    facts = rows.drop_columns("is_new")
    changed = facts.filter(pc.invert(rows["is_new"]))
    if changed.num_rows:
        lake().upsert(fact.table, changed)
    # TRICKY: last, and with the mark: a replacement may be repeated after a crash, an append may not.
    lake().append(fact.table, facts.filter(rows["is_new"]), metadata=_mark(fact, window, rows))


def _mark(fact: Fact, window: Window, rows: pa.Table) -> dict[str, str]:
    if rows.num_rows < CHUNK:
        return {"low": str(window.high), "high": "", "after": "0"}
    return {"low": str(window.low), "high": str(window.high), "after": str(rows[fact.key][-1].as_py())}


def _forget(fact: Fact, window: Window) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            'select key from store_tombstone where "table" = %s and xid >= %s::xid8 and xid < %s::xid8',
            [fact.follows, str(window.low), str(window.high)],
        )
        keys = [row[0] for row in cursor.fetchall()]
    if keys:
        lake().delete(fact.table, fact.key, keys)
    return len(keys)


def _tidy(fact: Fact) -> None:
    if any(len(lake().uris(fact.table, [month])) > MANY_FILES for month in lake().months(fact.table)):
        lake().compact(fact.table)
        lake().vacuum(fact.table)
