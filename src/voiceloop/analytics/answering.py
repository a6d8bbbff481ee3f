"""From a checked question to its sums: which bytes are read, by which query, and what is remembered."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from threading import Lock

from voiceloop.analytics.cube import Cube, cube_sums
from voiceloop.analytics.cubes import Cubes
from voiceloop.analytics.engines import engine
from voiceloop.analytics.groups import Groups, from_columns, merged
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.metric import Duration
from voiceloop.analytics.plan import Question, hit_values, sums
from voiceloop.analytics.scan import Scan, Source

# Our choice: groups that a process remembers, at some hundred bytes each.
REMEMBERED = 400_000


def answered(question: Question, lake: Source, use_cubes: bool = True) -> tuple[Groups, str]:
    """Return the sums of each group of a question, and the name of what they were read from.

    Parameters
    ----------
    question : Question
        As `measure.ask` returns it; of one table.
    lake : Lake or FileSource
    use_cubes : bool
        Whether stored sums may be read in place of rows.

    Returns
    -------
    (Groups, str)
        Keys are named as in `plan.sums`, less ``bin``.
    """
    metric = question.metric
    covered = Cubes(lake).covering(question) if use_cubes and isinstance(lake, Lake) else None
    if covered is not None:
        found = [_summed(question, _cube_sql(question, covered.cube), covered.cube_scan)]
        if covered.rows_scan is not None:
            found.append(_from_rows(question, covered.rows_scan))
        return (found[0] if len(found) == 1 else merged(found)), f"cube {covered.cube.name}"
    reach = timedelta(days=metric.reach_days)
    since = question.since - reach if question.since else None
    until = question.until + reach if question.until else None
    scan = lake.scan(metric.table, since, until)
    # What looks at all rows of a customer, or of a cluster, cannot be put together from parts; and many
    # groups are quicker counted once than merged.
    is_whole = metric.derived or question.cluster or len(question.by) > 1
    pieces = (scan,) if is_whole else scan.pieces
    found = [_from_rows(question, piece) for piece in pieces]
    return (found[0] if len(found) == 1 else merged(found)), "rows"


def _from_rows(question: Question, scan: Scan) -> Groups:
    since, until = question.since, question.until
    asked = replace(
        question,
        certain=scan.certain,
        since=None if since and scan.first_day and scan.first_day >= since else since,
        until=None if until and scan.last_day and scan.last_day < until else until,
    )
    # What a metric makes of the rows has days of its own.
    return _summed(question, _sql(question if question.metric.derived else asked), scan)


@lru_cache(maxsize=512)
def _sql(question: Question) -> str:
    return engine().sql(sums(question))


@lru_cache(maxsize=512)
def _cube_sql(question: Question, cube: Cube) -> str:
    return engine().sql(cube_sums(question, cube))


class _Memory:
    """The sums of past questions, oldest forgotten first; files never change, so none is ever stale."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, Scan], Groups] = OrderedDict()
        self._n = 0

    def get(self, key: tuple[str, Scan]) -> Groups | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: tuple[str, Scan], groups: Groups) -> None:
        with self._lock:
            if key not in self._kept and len(groups) <= REMEMBERED // 10:
                self._kept[key] = groups
                self._n += len(groups) + 1
            while self._n > REMEMBERED:
                self._n -= len(self._kept.popitem(last=False)[1]) + 1

    def clear(self) -> None:
        """Forget everything, for a fair timing."""
        with self._lock:
            self._kept.clear()
            self._n = 0


MEMORY = _Memory()


def _summed(question: Question, sql: str, scan: Scan) -> Groups:
    known = MEMORY.get((sql, scan))
    if known is None:
        columns = engine().arrays(sql, scan)
        known = from_columns(columns, key_names(question), hits_of(question))
        MEMORY.keep((sql, scan), known)
    return known


def key_names(question: Question) -> list[str]:
    """Return the names of the keys of a question's sums."""
    names = [f"k{i}" for i in range(len(question.by))]
    return names + ["period"] * bool(question.every) + ["scale"] * question.by_scale


def hits_of(question: Question) -> tuple[float, ...] | None:
    """Return what counted rows are worth; None for a metric that adds values up."""
    is_counted = question.metric.hits(question.only_scale) is not None
    return hit_values(question) if is_counted and not isinstance(question.metric, Duration) else None
