"""The index of what customers wrote: follows the database within a minute and forgets what is erased."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.search.index import Index
from voiceloop.server.store.sync import oldest_running
from voiceloop.server.understand.locks import held

_LOCK = 0x766C7378  # "vlsx"
# Read and written at once: bounds memory, and what a killed process has to do again.
CHUNK = 100_000
_MARK = "mark.json"
_CHANGED = """
    select v.id, v.text, r.unit_id, (r.at at time zone %s)::date - date '1970-01-01'
    from collect_verbatim v join collect_response r on r.id = v.response_id
    where v.xid >= %s::text::xid8 and v.xid < %s::text::xid8 and v.id > %s order by v.id limit %s
"""
_GONE = """
    select known.id from unnest(%s::bigint[]) known(id)
    where not exists (select from collect_verbatim v where v.id = known.id)
"""


def folder() -> Path:
    return Path(settings.DATA) / "search"


def follow() -> int:
    """Take in what was written since; returns how many comments. Only one process does."""
    with held(_LOCK, 0) as mine:
        return _follow() if mine else 0


def forget() -> int:
    """Take out every comment that is no more; returns how many there were."""
    with held(_LOCK, 0) as mine:
        if not mine:
            # Whoever holds it may have read before the deletion: the job every ten minutes comes after.
            return 0
        index = Index.load(folder())
        n = sum(index.remove(_gone([int(id) for id in segment.ids])) for segment in list(index.segments))
        if n:
            index.save(folder())
        return n


def _follow() -> int:
    low, high = _mark(), oldest_running()
    if low >= high:
        return 0
    index, n = _open(), 0
    for rows in _changed(low, high):
        columns = {"unit": [row[2] for row in rows], "day": [row[3] for row in rows]}
        written = index.add([row[0] for row in rows], [row[1] for row in rows], columns=columns)
        n += written
        if written:
            index.save(folder())
    _set_mark(high)
    return n


def _open() -> Index:
    """The index to write to; a damaged one is made again."""
    try:
        return Index.load(folder())
    except AnalyticsError:
        return Index()


def _changed(low: int, high: int) -> Iterator[list[tuple[Any, ...]]]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CHANGED, [settings.TIME_ZONE, str(low), str(high), after, CHUNK])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _gone(ids: list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [ids])
        return [id for (id,) in cursor.fetchall()]


def _mark() -> int:
    """The transaction up to which the index knows everything; 0 where it must be made anew."""
    try:
        Index.load(folder())
        return int(json.loads((folder() / _MARK).read_text("utf-8"))["xid"])
    except (FileNotFoundError, ValueError, KeyError, AnalyticsError):
        return 0


def _set_mark(high: int) -> None:
    folder().mkdir(parents=True, exist_ok=True)
    draft = folder() / f".{_MARK}"
    draft.write_text(json.dumps({"xid": high}), "utf-8")
    os.replace(draft, folder() / _MARK)
