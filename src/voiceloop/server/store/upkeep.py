"""What the lake's one writer does beside writing: merge files, remove dead ones, keep the declared shape."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pyarrow as pa
from django.utils.timezone import now

from voiceloop.analytics import lake_upkeep, schema
from voiceloop.analytics.cubes import Cubes
from voiceloop.analytics.lake import RETENTION_HOURS, Lake
from voiceloop.server.store.fact import Fact, Window
from voiceloop.server.store.facts import FACTS
from voiceloop.server.store.models import Erasure, Tombstone, Upkeep
from voiceloop.server.store.reading import Reader

log = logging.getLogger(__name__)
# Our choice: more small files than this in one month make reading slower than merging them.
MANY_FILES = 24
CHUNK = 300_000
# Our choice: rows that came since are read beside a cube; ten minutes of them cost nothing to speak of.
BEHIND = timedelta(minutes=10)


def mend(lake: Lake, source: Reader, oldest_running: Callable[[], int]) -> list[str]:
    """Bring every table into the shape that is declared now; returns those that were not in it."""
    wrong = [name for name in schema.TABLES if not lake_upkeep.is_in_shape(lake, name)]
    for name in wrong:
        facts = [fact for fact in FACTS if fact.table == name]
        if any(fact.is_marked(lake.metadata(name)) for fact in facts):
            _read_again(lake, name, facts, source, Window(0, oldest_running()))
        else:
            # Not out of this database: what it does not say is not known.
            lake_upkeep.widen(lake, name)
        log.warning("The table %s of the lake has its new columns.", name)
    return wrong


def _read_again(lake: Lake, name: str, facts: list[Fact], source: Reader, window: Window) -> None:
    marks = {key: value for fact in facts for key, value in fact.mark_of(window).items()}
    lake_upkeep.make_anew(lake, name, _all_rows(facts, source, window), metadata=marks)


def _all_rows(facts: list[Fact], source: Reader, window: Window) -> Iterator[pa.Table]:
    for fact in facts:
        for rows, _ in source.chunks(fact, window, CHUNK):
            yield rows.drop_columns("is_new")


def run_due(lake: Lake) -> None:
    """Run each periodic job whose time has come."""
    last = dict(Upkeep.objects.values_list("job", "at"))
    for job, (every, run) in JOBS.items():
        if job not in last or last[job] <= now() - every:
            Upkeep.objects.update_or_create(job=job, defaults={"at": now(), "n": run(lake)})


def compact(lake: Lake) -> int:
    """Merge the small files of every table that has too many in some month; returns how many tables."""
    crowded = [name for name in schema.TABLES if _is_crowded(lake, name)]
    for name in crowded:
        lake.compact(name)
    return len(crowded)


def vacuum(lake: Lake) -> int:
    """Remove the files that no reader can still hold, and old tombstones; returns how many files."""
    began = now()
    n = sum(lake.vacuum(name) for name in schema.TABLES)
    gone = Erasure.objects.undead().filter(lake_at__lte=began - timedelta(hours=RETENTION_HOURS))
    gone.update(bytes_gone_at=now())
    _bury_for_good(lake)
    return n


def cubes(lake: Lake) -> int:
    """Make the cubes that can no longer be read, and every few minutes those that fall behind.

    One month at a time, the newest first: answers wait meanwhile, and have five seconds to be in the lake.
    """
    found = Cubes(lake)
    is_long_ago = found.made_at() <= (now() - BEHIND).timestamp()
    months = found.stale() if is_long_ago else found.broken()
    return found.rebuild(frozenset(months[-1:])) if months else 0


JOBS: dict[str, tuple[timedelta, Callable[[Lake], int]]] = {
    "compaction": (timedelta(minutes=1), compact),
    "cubes": (timedelta(seconds=10), cubes),
    "vacuum": (timedelta(hours=1), vacuum),
}


def _is_crowded(lake: Lake, table: str) -> bool:
    return any(len(lake.uris(table, [month])) > MANY_FILES for month in lake.months(table))


def _bury_for_good(lake: Lake) -> None:
    """Forget the tombstones that the lake has obeyed, and those of tables it does not follow."""
    Tombstone.objects.exclude(table__in=[fact.follows for fact in FACTS]).delete()
    for fact in FACTS:
        low = fact.window(lake.metadata(fact.table), 0).low
        Tombstone.objects.filter(table=fact.follows, xid__lt=low).delete()
