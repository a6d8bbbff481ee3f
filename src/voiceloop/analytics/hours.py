"""Contacts and how soon they were answered, by hour of the week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlglot
from sqlglot import exp

from voiceloop.analytics import registry
from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.measure import ask
from voiceloop.analytics.metric import Metric, Share
from voiceloop.analytics.plan import Where, filters
from voiceloop.analytics.scan import Source
from voiceloop.analytics.stats.histogram import bin_sql, quantile, quantile_interval
from voiceloop.analytics.stats.parts import Bins, merged_bins

HOURS = 24 * 7
ZONE = "Asia/Shanghai"
# A case of ours has a key above zero: what we did about it is our attempt to reach a customer. Whatever else
# is no self-service is a customer's attempt to reach us.
_OURS = "(kind IS NOT NULL AND kind = 'callback' OR case_id IS NOT NULL AND case_id > 0)"
_THEIRS = f"NOT {_OURS} AND (kind IS NULL OR kind <> 'self_service')"
# What a wait is measured with: the queue of a live channel, the first reply of the others.
TIMES = ("waiting_time", "first_response_time")
# 1970 began on a Thursday, three days after a Monday.
_SINCE_MONDAY = 72


def _counted(name: str, where: str) -> Share:
    """Rows that are counted as they are; no figure of the registry."""
    return Share(
        name=name, label_en=name, label_zh=name, definition_en=name, definition_zh=name,
        table="conversations", where=where, hit="true",
    )  # fmt: skip


CAME, WENT = _counted("contacts", ""), _counted("our_contacts", _OURS)


@dataclass(frozen=True)
class Hour:
    """One hour of the week.

    Attributes
    ----------
    at : int
        0–167, Monday 0:00 first, local time.
    n : int
        Contacts that began in it.
    days : int
        How often this hour occurred in the period.
    n_timed : int
        Contacts of which the time is known.
    p50, p90 : float or None
        Seconds; None under ``min_n``.
    p90_low, p90_high : float or None
    """

    at: int
    n: int
    days: int
    n_timed: int = 0
    p50: float | None = None
    p90: float | None = None
    p90_low: float | None = None
    p90_high: float | None = None

    @property
    def per_hour(self) -> float | None:
        """Contacts that arrive in such an hour."""
        return self.n / self.days if self.days else None

    @property
    def weekday(self) -> int:
        """0 for Monday."""
        return self.at // 24

    @property
    def clock(self) -> int:
        """0–23."""
        return self.at % 24


@dataclass(frozen=True)
class Week:
    """The 168 hours of a week, and the whole.

    Attributes
    ----------
    hours : tuple of Hour
        All 168, Monday 0:00 first.
    n : int
    time : str
        Which time: ``waiting_time`` or ``first_response_time``.
    handling : float or None
        Mean handling time, seconds.
    n_handled : int
    first, last : date or None
        The days counted: from the first to the last of the period with contacts of these kinds, whoever's.
    """

    hours: tuple[Hour, ...]
    n: int
    time: str
    handling: float | None
    n_handled: int
    first: date | None = None
    last: date | None = None
    bins: Bins = field(default=(), repr=False)

    def quantile(self, p: float) -> float | None:
        """Return a quantile of the time over the whole week, seconds."""
        return quantile(self.bins, p) if self.bins else None


def by_hour(
    lake: Source,
    *,
    time: str = "waiting_time",
    kinds: Iterable[str] | None = None,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    zone: str = ZONE,
    min_n: int = 5,
) -> Week:
    """Count the contacts of each hour of the week, and how long their customers waited.

    Parameters
    ----------
    lake : Lake
    time : {'waiting_time', 'first_response_time'}
        The metric whose rows are timed.
    kinds : iterable of str, optional
        Only conversations of these kinds: ``call``, ``chat``, ``mail`` …
    where, since, until
        As for `measure`. Only whole days are asked for: ``until`` is exclusive.
    zone : str
        The time zone of the hours.
    min_n : int
        Under this no time is given; the count is.

    Returns
    -------
    Week

    Raises
    ------
    AnalyticsError
        For a time that is none of `TIMES`, and as `measure` does.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> week = by_hour(tiny_lake())
    >>> week.n, len(week.hours), week.hours[25].weekday, week.hours[25].clock
    (0, 168, 1, 1)
    """
    if time not in TIMES:
        raise AnalyticsError(f"No such time: {time}.", f"没有时间指标“{time}”。")
    asked: dict[str, Any] = {"where": _narrowed(where, kinds), "since": since, "until": until}
    hour = hour_sql(zone, since, until)
    metric, worked = registry.metric(time), registry.metric("average_handling_time")
    volume = _read(lake, CAME, f"{hour} AS h", "count(*) AS n", asked)
    timed = _read(lake, metric, f"{hour} AS h, {bin_sql(metric.adds)} AS b", "count(*) AS n", asked)
    handled = _read(lake, worked, "", "count(*) AS n, avg(handle_seconds) AS m", asked)
    counts = {int(h): int(n) for h, n in volume}
    first, last = _days(lake, _narrowed(None, kinds), since, until)
    bins: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for h, b, n in timed:
        bins[int(h)].append((int(b), float(n)))
    occurred = _occurrences(first, last) if first and last else [0] * 7
    n_handled, mean = handled[0] if handled else (0, None)
    return Week(
        tuple(_hour(h, counts.get(h, 0), occurred[h // 24], bins.get(h, []), min_n) for h in range(HOURS)),
        sum(counts.values()),
        time,
        float(mean) if n_handled and int(n_handled) >= min_n else None,
        int(n_handled),
        first,
        last,
        merged_bins(tuple(sorted(one)) for one in bins.values()),
    )


def hour_sql(zone: str, since: date | None = None, until: date | None = None) -> str:
    """Return the hour of the week of ``at``, 0–167 from Monday 0:00 local time, as SQL.

    The offsets of the zone are written out, so that every engine counts alike and none needs its own
    table of zones; a change to or from summer time within the period is one more branch.

    Examples
    --------
    >>> hour_sql("Asia/Shanghai", date(2026, 1, 1), date(2026, 2, 1))
    '(CAST(FLOOR((EPOCH("at") + 28800) / 3600) AS BIGINT) + 72) % 168'
    """
    spans = _offsets(zone, since or date(1992, 1, 1), until or date(2040, 1, 1))
    offset = str(spans[-1][1])
    if len(spans) > 1:
        arms = " ".join(f'WHEN EPOCH("at") < {end} THEN {seconds}' for end, seconds in spans[:-1])
        offset = f"CASE {arms} ELSE {offset} END"
    return f'(CAST(FLOOR((EPOCH("at") + {offset}) / 3600) AS BIGINT) + {_SINCE_MONDAY}) % {HOURS}'


def _offsets(zone: str, since: date, until: date) -> list[tuple[int, int]]:
    """Until which second each offset from UTC holds."""
    known, hour = ZoneInfo(zone), timedelta(hours=1)
    at = datetime(since.year, since.month, since.day, tzinfo=UTC) - timedelta(days=2)
    end = datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=2)

    def offset(moment: datetime) -> int:
        return int((moment.astimezone(known).utcoffset() or timedelta()).total_seconds())

    found: list[tuple[int, int]] = []
    while at < end:
        after = min(at + timedelta(days=7), end)
        if offset(after) != offset(at):
            while offset(at + hour) == offset(at):
                at += hour
            found.append((int((at + hour).timestamp()), offset(at)))
            at += hour
        else:
            at = after
    return [*found, (int(end.timestamp()), offset(end))]


def _read(
    lake: Source, metric: Metric, keys: str, sums: str, asked: dict[str, Any], more: str = ""
) -> list[tuple[Any, ...]]:
    """Sums of the contacts that a metric counts; of customers who came to us, unless it is of ours."""
    question = ask(lake, metric, **asked)
    # A file of calls knows no cases of ours: all of it are customers who came.
    tells_whose = {"kind", "case_id"} <= set(question.columns)
    whose = f" AND {_THEIRS}" if tells_whose and metric is not WENT else ""
    text = f'SELECT {f"{keys}, " if keys else ""}{sums} FROM facts WHERE "at" IS NOT NULL{whose}{more}'
    query = cast("exp.Select", sqlglot.parse_one(text, dialect="duckdb")).where(*filters(question))
    n_keys = len(query.expressions) - sums.count(" AS ")
    query = query.group_by(*(exp.Literal.number(i + 1) for i in range(n_keys))) if n_keys else query
    scan = lake.scan("conversations", question.since, question.until)
    return [tuple(row) for row in engine().run(engine().sql(query), scan)]


def _days(
    lake: Source, kinds: Where, since: date | None, until: date | None
) -> tuple[date | None, date | None]:
    """The first and the last day of the period on which anybody's contacts of these kinds were kept."""
    asked = {"where": kinds, "since": since, "until": until}
    rows = _read(lake, CAME, "", "min(day) AS a, max(day) AS b", asked)
    return cast("tuple[date | None, date | None]", rows[0])


def _narrowed(where: Where | None, kinds: Iterable[str] | None) -> dict[str, Any]:
    return {**(where or {}), **({"kind": list(kinds)} if kinds is not None else {})}


def _occurrences(first: date, last: date) -> list[int]:
    """How often each weekday lies between two days, both included."""
    whole, rest = divmod((last - first).days + 1, 7)
    return [whole + ((day - first.weekday()) % 7 < rest) for day in range(7)]


def _hour(at: int, n: int, days: int, bins: list[tuple[int, float]], min_n: int) -> Hour:
    known: Bins = tuple(sorted(bins))
    n_timed = int(sum(weight for _, weight in known))
    if n_timed < max(min_n, 1):
        return Hour(at, n, days, n_timed)
    low, high = quantile_interval(known, n_timed, 0.9) or (None, None)
    return Hour(at, n, days, n_timed, quantile(known, 0.5), quantile(known, 0.9), low, high)
