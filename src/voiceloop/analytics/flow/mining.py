"""Process mining on an event log, as SQL over its rows: nothing but counts and quantiles leaves the engine.

The steps are the directly-follows graph of van der Aalst, Process Mining (2016), section 6.2; waits are
measured from event to event, since logs such as ours hold only when an activity was completed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.files import FileSource
from voiceloop.analytics.flow.result import Activity, Estimate, Flow, Step, Variant
from voiceloop.analytics.metric import Share
from voiceloop.analytics.scan import Scan, Source
from voiceloop.analytics.stats.histogram import bin_sql, quantile_interval
from voiceloop.analytics.stats.intervals import share_interval
from voiceloop.analytics.stats.parts import Parts

_EVENTS = Share(
    name="flow",
    label_en="Flow of cases",
    label_zh="流程",
    definition_en="Events of cases in their order.",
    definition_zh="按时间排列的工单事件。",
    table="events",
    where="subject IS NOT NULL AND at IS NOT NULL",
    hit="activity IS NOT NULL",
)

_LINES = """, lines AS (
    SELECT subject, activity, {hand} AS hand, moment, event_id,
        row_number() OVER line AS n, count(*) OVER (PARTITION BY subject) AS size,
        lag(activity) OVER line AS before, lag({hand}) OVER line AS hand_before,
        epoch(moment) - epoch(lag(moment) OVER line) AS wait,
        row_number() OVER (PARTITION BY subject, activity ORDER BY moment, event_id) AS again
    FROM events WINDOW line AS (PARTITION BY subject ORDER BY moment, event_id))"""


def flow(
    source: Source | str | Path,
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    resource: str | None = None,
    *,
    most: int = 20,
    confidence: float = 0.95,
) -> Flow:
    """Say how the cases of an event log run.

    Parameters
    ----------
    source : path, FileSource or Lake
        A file with one event a row, or the lake's table of events.
    case, activity, time, resource : str, optional
        The file's columns; guessed from the header when left out.
    most : int
        How many steps and variants are told.
    confidence : float
        Level of the intervals.

    Raises
    ------
    AnalyticsError
        When there are no events, or a column is not there.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "log.csv"
    >>> _ = path.write_text(
    ...     "case,activity,time\\n1,ask,2026-03-01 09:00\\n"
    ...     "1,answer,2026-03-01 10:00\\n1,ask,2026-03-01 10:30\\n"
    ... )
    >>> found = flow(path)
    >>> found.cases, found.events, found.bottleneck.before, found.bottleneck.wait.value
    (1, 3, 'ask', 3600.0)
    >>> found.rework.value
    100.0
    """
    told = {"subject": case, "activity": activity, "at": time, "actor": resource}
    found = _source(source, {name: column for name, column in told.items() if column})
    scope = found.scope(_EVENTS)
    log = _Log(
        found.scan("events", None, None), [name for name in ("team", "actor") if name in scope.columns]
    )
    if isinstance(found, FileSource) and resource:
        log = _Log(log.scan, ["actor"])
    read_as = found.reading(_EVENTS).to_dict() if isinstance(found, FileSource) else {}
    return _mined(log, most, confidence, read_as)


class _Log:
    """The events of a scan, and what hands their cases over."""

    def __init__(self, scan: Scan, hands: Sequence[str]) -> None:
        self.scan = scan
        self.hand = next((hand for hand in hands if self._varies(hand)), "")

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Run ``sql`` over ``lines``, the events in the order of their cases."""
        lines = _LINES.format(hand=self.hand or "CAST(NULL AS VARCHAR)")
        whole = f"WITH events AS ({self._events}){lines} {sql}"
        columns = engine().columns(f"SELECT * FROM ({whole}) AS found", self.scan)
        return [dict(zip(columns, row, strict=True)) for row in zip(*_lists(columns), strict=True)]

    @property
    def _events(self) -> str:
        return (
            'SELECT subject, activity, actor, team, "at" AS moment, event_id FROM facts'
            ' WHERE subject IS NOT NULL AND activity IS NOT NULL AND "at" IS NOT NULL'
        )

    def _varies(self, hand: str) -> bool:
        ((n,),) = engine().run(
            f"SELECT count(*) FROM (SELECT subject FROM ({self._events}) GROUP BY subject"
            f" HAVING count(DISTINCT {hand}) > 1)",
            self.scan,
        )
        return bool(n)


def _lists(columns: Mapping[str, Any]) -> list[list[Any]]:
    return [column.tolist() if hasattr(column, "tolist") else list(column) for column in columns.values()]


def _source(source: Source | str | Path, told: Mapping[str, str]) -> Source:
    if isinstance(source, str | Path):
        return FileSource(source, told, shape="log")
    return source


def _mined(log: _Log, most: int, confidence: float, read_as: Mapping[str, Any]) -> Flow:
    (whole,) = log.ask(
        "SELECT count(*) AS events, count(DISTINCT subject) AS cases,"
        " strftime(min(moment), '%Y-%m-%dT%H:%M:%S') AS first,"
        " strftime(max(moment), '%Y-%m-%dT%H:%M:%S') AS last, coalesce(sum(wait), 0) AS waited FROM lines"
    )
    if not whole["events"]:
        raise AnalyticsError("There are no events.", "没有事件。")
    n = int(whole["cases"])
    (cases,) = log.ask(
        "SELECT median(took) AS median, quantile_cont(took, 0.9) AS p90,"
        " count(*) FILTER (reworked) AS reworked,"
        " count(*) FILTER (back > 0) AS back, avg(handed) AS handed FROM (SELECT subject,"
        " epoch(max(moment)) - epoch(min(moment)) AS took, max(again) > 1 AS reworked,"
        " count(*) FILTER (hand <> hand_before) AS handed,"
        " len(list(hand ORDER BY n) FILTER (hand_before IS NULL OR hand <> hand_before))"
        " - count(DISTINCT hand) AS back FROM lines GROUP BY subject)"
    )
    bins = _bins(log.ask(_took_bins()), ())
    return Flow(
        cases=n,
        events=int(whole["events"]),
        first=_moment(whole["first"]),
        last=_moment(whole["last"]),
        throughput=_median(n, float(cases["median"]), bins.get((), []), confidence),
        throughput_p90=float(cases["p90"]),
        activities=_activities(log, confidence),
        steps=_steps(log, float(whole["waited"]), most, confidence),
        variants=_variants(log, n, most),
        n_variants=_n_variants(log),
        rework=_share(int(cases["reworked"]), n, confidence),
        ping_pong=_share(int(cases["back"]), n, confidence) if log.hand else None,
        handovers=float(cases["handed"]) if log.hand else None,
        hand=log.hand,
        confidence=confidence,
        read_as=read_as,
    )


def _moment(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text)


def _took_bins() -> str:
    took = "epoch(max(moment)) - epoch(min(moment))"
    return (
        f"SELECT bin, count(*) AS n FROM (SELECT {bin_sql(f'({took})')} AS bin FROM lines GROUP BY subject)"
        " GROUP BY bin ORDER BY bin"
    )


def _bins(
    rows: Sequence[Mapping[str, Any]], keys: Sequence[str]
) -> dict[tuple[Any, ...], list[tuple[int, float]]]:
    found: dict[tuple[Any, ...], list[tuple[int, float]]] = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append((int(row["bin"]), float(row["n"])))
    return found


def _median(n: int, value: float, bins: Sequence[tuple[int, float]], confidence: float) -> Estimate:
    low, high = quantile_interval(tuple(bins), n, 0.5, confidence) or (None, None)
    # The bounds are those of bins one percent wide; the median itself is exact.
    low, high = (None, None) if low is None or high is None else (min(low, value), max(high, value))
    return Estimate(n, value, low, high)


def _share(hits: int, n: int, confidence: float) -> Estimate:
    low, high = share_interval(Parts(n, n, n, hits, hits), confidence)
    return Estimate(n, 100 * hits / n, float(100 * low), float(100 * high))


def _activities(log: _Log, confidence: float) -> tuple[Activity, ...]:
    rows = log.ask(
        "SELECT activity, count(*) AS events, count(DISTINCT subject) AS cases,"
        " count(DISTINCT CASE WHEN again > 1 THEN subject END) AS reworked,"
        " count(*) FILTER (before = activity) AS loops"
        " FROM lines GROUP BY activity ORDER BY events DESC, activity"
    )
    return tuple(
        Activity(
            row["activity"],
            int(row["events"]),
            int(row["cases"]),
            _share(int(row["reworked"]), int(row["cases"]), confidence),
            int(row["loops"]),
        )
        for row in rows
    )


def _steps(log: _Log, waited: float, most: int, confidence: float) -> tuple[Step, ...]:
    rows = log.ask(
        "SELECT before, activity, count(*) AS n, count(DISTINCT subject) AS cases, median(wait) AS median,"
        " quantile_cont(wait, 0.9) AS p90, sum(wait) AS total FROM lines WHERE before IS NOT NULL"
        f" GROUP BY before, activity ORDER BY total DESC, n DESC, before, activity LIMIT {int(most)}"
    )
    bins = _bins(
        log.ask(
            f"SELECT before, activity, {bin_sql('wait')} AS bin, count(*) AS n FROM lines"
            " WHERE before IS NOT NULL GROUP BY ALL ORDER BY bin"
        ),
        ("before", "activity"),
    )
    return tuple(
        Step(
            row["before"],
            row["activity"],
            int(row["n"]),
            int(row["cases"]),
            _median(int(row["n"]), float(row["median"]), bins[row["before"], row["activity"]], confidence),
            float(row["p90"]),
            float(row["total"]),
            100 * float(row["total"]) / waited if waited else 0.0,
        )
        for row in rows
    )


def _variants(log: _Log, n: int, most: int) -> tuple[Variant, ...]:
    rows = log.ask(
        f"SELECT way, count(*) AS cases FROM ({_WAYS}) GROUP BY way"
        f" ORDER BY cases DESC, way LIMIT {int(most)}"
    )
    return tuple(
        Variant(tuple(row["way"].split(_BETWEEN)), int(row["cases"]), 100 * int(row["cases"]) / n)
        for row in rows
    )


def _n_variants(log: _Log) -> int:
    (row,) = log.ask(f"SELECT count(DISTINCT way) AS n FROM ({_WAYS})")
    return int(row["n"])


# A sign that no activity's name holds.
_BETWEEN = "\x1f"
_WAYS = f"SELECT string_agg(activity, '{_BETWEEN}' ORDER BY n) AS way FROM lines GROUP BY subject"
