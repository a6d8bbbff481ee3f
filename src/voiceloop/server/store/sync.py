"""Carries every change of the database into the lake, each exactly once, within seconds.

The watermark is a transaction id and lives in the lake's own commits, so data and mark cannot part. A window
`[watermark, oldest running transaction)` misses no row of a transaction that commits late.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from voiceloop.analytics.lake import Lake
from voiceloop.server.store import erasure, upkeep
from voiceloop.server.store.fact import Fact, Window
from voiceloop.server.store.facts import FACTS
from voiceloop.server.store.reading import Away, Reader, reader

log = logging.getLogger(__name__)
# Enough for a commit to cost little beside its rows, few enough for some of them to fit in memory.
CHUNK = 400_000
LOCK = 7_310_001
PAUSE = 1.0
# The first days of a month, in which a fact of the month before may have moved into it.
MOVED_UNTIL = 2


@cache
def lake() -> Lake:
    return Lake(settings.LAKE)


def run(stop: Callable[[], bool] = lambda: False) -> None:
    """Keep the lake in step until told to stop; a second process waits for its turn."""
    while not stop():
        try:
            while not (held := _is_the_writer()) and not stop():
                time.sleep(PAUSE)
            if held:
                _follow_until(stop)
        except (OperationalError, InterfaceError, Away):
            log.warning("The database is away; trying again.")
            time.sleep(PAUSE)
        finally:
            connection.close()
            close_old_connections()


def _follow_until(stop: Callable[[], bool]) -> None:
    with reader() as source:
        upkeep.mend(lake(), source, oldest_running)
    while not stop():
        started = time.monotonic()
        n = sync()
        upkeep.run_due(lake())
        # Leaves the processors to the people while much comes in: at most half of the time is ours.
        time.sleep(max(PAUSE, time.monotonic() - started) if n else PAUSE)


def _is_the_writer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _let_others_write() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def sync() -> int:
    """One pass over all tables; returns the number of rows written or deleted."""
    high = oldest_running()
    erasure.carry_out(lake(), high)
    with reader() as source:
        return sum(follow(fact, window, source) for fact, window in _changed(high))


def catch_up() -> None:
    """Bring the lake up to now: by ourselves, or by waiting for the one process that writes it."""
    if _is_the_writer():
        try:
            sync()
        finally:
            _let_others_write()
        return
    high = oldest_running()
    while _changed(high):
        time.sleep(PAUSE)


def lag() -> int:
    """How many changes the lake has not seen yet."""
    return sum(_waiting(fact) for fact in FACTS)


def oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())")
        return int(cursor.fetchone()[0])


def _changed(high: int) -> list[tuple[Fact, Window]]:
    """The tables that have something new, asked in one query."""
    windows = [(fact, fact.window(lake().metadata(fact.table), high)) for fact in FACTS]
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(fact.is_changed(window) for fact, window in windows))
        found = cursor.fetchone()
    return [pair for pair, is_on in zip(windows, found, strict=True) if is_on or pair[1].after]


def _waiting(fact: Fact) -> int:
    low = fact.window(lake().metadata(fact.table), 0).low
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {fact.follows} where xid >= %s::xid8", [str(low)])
        return int(cursor.fetchone()[0])


def follow(fact: Fact, window: Window, source: Reader) -> int:
    n = _forget(fact, window)
    for rows, after in source.chunks(fact, window, CHUNK):
        _write(fact, rows, fact.mark_of(window, after))
        n += rows.num_rows
    return n


def _write(fact: Fact, rows: pa.Table, mark: dict[str, str]) -> None:
    """Changed rows are replaced, new ones appended."""
    fresh, is_new = rows.drop_columns("is_new"), rows["is_new"]
    # Mostly all are new, and to filter a table is to copy it.
    if not pc.all(is_new, min_count=0).as_py():
        changed, fresh = fresh.filter(pc.invert(is_new)), fresh.filter(is_new)
        _take_out_moved(fact, changed)
        lake().upsert(fact.table, changed)
    # TRICKY: last, and with the mark: a replacement may be repeated after a crash, an append may not.
    lake().append(fact.table, fresh, metadata=mark)


def _take_out_moved(fact: Fact, changed: pa.Table) -> None:
    """A replacement looks for the old row in its own month only; at a month's turn it may lie in the last."""
    if fact.moves:
        rows = changed.select([fact.key, "day"]).to_pylist()
        lake().delete(fact.table, fact.key, [row[fact.key] for row in rows if row["day"].day <= MOVED_UNTIL])


def _forget(fact: Fact, window: Window) -> int:
    sql = f'select key from store_tombstone where "table" = %s and {window.holds("xid")}'
    with connection.cursor() as cursor:
        cursor.execute(sql, [fact.follows])
        keys = [fact.lake_key(row[0]) for row in cursor.fetchall()]
    if keys:
        lake().delete(fact.table, fact.key, keys)
    return len(keys)
