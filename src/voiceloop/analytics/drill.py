"""From a figure down to what it is made of: its definition, its filter, its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlglot import exp

from voiceloop.analytics import schema
from voiceloop.analytics.engines import engine
from voiceloop.analytics.measure import ask
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.plan import Every, Question, Where, class_case, counted, rows_of, sums
from voiceloop.analytics.scan import Source


@dataclass(frozen=True)
class Page:
    """Some of the rows behind a figure, newest first, and how many there are in all."""

    total: int
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Explanation:
    """Where a figure comes from.

    Attributes
    ----------
    metric : Metric
        Carries the names, the definition in both languages and its version.
    filter : tuple of str
        The conditions on a row, as SQL.
    sql : str
        The query that made the sums; ``facts`` is the table named by ``metric.table``.
    n_files : int
        Files read.
    token : tuple
        The state of the data: for a lake its path, table and version.
    as_of : datetime or None
    """

    metric: Metric
    filter: tuple[str, ...]
    sql: str
    n_files: int
    token: tuple[object, ...]
    as_of: datetime | None


def rows(
    lake: Source,
    metric: str | Metric,
    *,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Page:
    """Return the rows that a figure counts.

    Parameters
    ----------
    lake, metric, where, since, until
        As for `measure`.
    limit, offset : int
        The page.

    Returns
    -------
    Page
        Each row holds all columns of the table, and ``score_class`` for metrics of scores.

    Raises
    ------
    AnalyticsError
        As `measure` does.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> page = rows(tiny_lake(), "nps", where={"score_class": "detractor"}, limit=2)
    >>> page.total, [row["score"] for row in page.rows]
    (3, [0.0, 6.0])
    """
    question = ask(lake, metric, where=where, since=since, until=until)
    scan = lake.scan(question.metric.table, since, until)
    counted, picked = _row_queries(question)
    total = int(engine().run(counted, scan)[0][0])
    columns = engine().columns(f"{picked} LIMIT {int(limit)} OFFSET {int(offset)}", scan)
    found = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return Page(total, tuple(_plain(row) for row in found))


def stream(
    lake: Source,
    metric: str | Metric,
    *,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    batch: int = 20_000,
) -> Iterator[dict[str, Any]]:
    """Yield the rows that a figure counts, newest days first, with no more than a batch in memory.

    Parameters
    ----------
    lake, metric, where, since, until
        As for `measure`.
    batch : int
        Rows read at once. A stretch of days with more is halved, and a single day is paged.

    Raises
    ------
    AnalyticsError
        As `measure` does.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> [row["score"] for row in stream(tiny_lake(), "nps", where={"score_class": "detractor"}, batch=2)]
    [0.0, 6.0, 3.0]
    """
    question = ask(lake, metric, where=where, since=since, until=until)
    scan = lake.scan(question.metric.table, since, until)
    ends: tuple[date | None, date | None] = (None, None)
    if "day" in question.columns:
        base = exp.select("min(day)", "max(day)").from_(rows_of(question)).where(*counted(question))
        ends = engine().run(engine().sql(base), scan)[0]
    first, last = ends
    if first is None or last is None:
        yield from _paged(lake, metric, where, since, until, batch)
    else:
        yield from _halved(lake, metric, where, first, last + timedelta(days=1), batch)


def _halved(
    lake: Source, metric: str | Metric, where: Where | None, since: date, until: date, batch: int
) -> Iterator[dict[str, Any]]:
    days = (until - since).days
    if days <= 1:
        yield from _paged(lake, metric, where, since, until, batch)
        return
    page = rows(lake, metric, where=where, since=since, until=until, limit=batch)
    if page.total <= batch:
        yield from page.rows
        return
    middle = since + timedelta(days=days // 2)
    yield from _halved(lake, metric, where, middle, until, batch)
    yield from _halved(lake, metric, where, since, middle, batch)


def _paged(
    lake: Source,
    metric: str | Metric,
    where: Where | None,
    since: date | None,
    until: date | None,
    batch: int,
) -> Iterator[dict[str, Any]]:
    at, total = 0, 1
    while at < total:
        page = rows(lake, metric, where=where, since=since, until=until, limit=batch, offset=at)
        yield from page.rows
        at, total = at + batch, page.total


def explain(
    lake: Source,
    metric: str | Metric,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    every: Every | None = None,
    since: date | None = None,
    until: date | None = None,
    weighted: bool = False,
) -> Explanation:
    """Return the definition, the filter and the query behind a figure.

    Takes and raises what `measure` does.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> explain(tiny_lake(), "nps", where={"channel": "web"}).filter
    ("channel = 'web'", "question = 'nps'", "scale = 'nps_0_10'", 'NOT score IS NULL')
    """
    question = ask(lake, metric, by=by, where=where, every=every, since=since, until=until, weighted=weighted)
    scan = lake.scan(question.metric.table, since, until)
    said = tuple(condition.sql(dialect="duckdb").replace('"', "") for condition in counted(question))
    sql = sums(question).sql(dialect="duckdb", pretty=True)
    return Explanation(
        question.metric,
        said,
        sql,
        len(scan.uris),
        (*scan.token, scan.version),
        lake.as_of(question.metric.table),
    )


@lru_cache(maxsize=256)
def _row_queries(question: Question) -> tuple[str, str]:
    base = exp.select().from_(rows_of(question)).where(*counted(question))
    picked = base.select("*")
    if question.metric.scales:
        picked = picked.select(class_case(question).as_("score_class"))
    for newest in ("at", "day", schema.table(question.metric.table).key):
        if newest in question.columns:
            picked = picked.order_by(exp.Ordered(this=exp.column(newest), desc=True, nulls_first=False))
    return engine().sql(base.select("count(*)")), engine().sql(picked)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    # Arrow gives a map as a list of pairs.
    if isinstance(row.get("attributes"), list):
        row["attributes"] = dict(row["attributes"])
    return row
