"""Attempts to reach somebody, and those that failed: given up, missed, left without a reply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.hours import CAME, WENT, ZONE, _narrowed, _read, hour_sql
from voiceloop.analytics.plan import Where
from voiceloop.analytics.scan import Source
from voiceloop.analytics.stats.intervals import share_interval
from voiceloop.analytics.stats.parts import Parts

# The ends in which the two sides did not reach each other, as in the metric channel_response_rate.
FAILED = ("abandoned", "missed", "no_reply", "no_answer")
# Kinds that wait in a mailbox, not in a queue.
WRITTEN = ("mail", "message")


@dataclass(frozen=True)
class Attempts:
    """Contacts of one channel, or of one hour of it, and those that reached nobody; shares 0–100."""

    channel: str | None
    at: int | None
    n: int
    failed: int
    unknown: int
    share: float | None = None
    low: float | None = None
    high: float | None = None
    ends: Mapping[str, int] = field(default_factory=dict)


def attempts(
    lake: Source,
    *,
    whose: Literal["theirs", "ours"] = "theirs",
    hourly: bool = False,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    zone: str = ZONE,
    min_n: int = 5,
) -> list[Attempts]:
    """Count the contacts of each channel and those that failed: given up, missed, left without a reply.

    The share is that of the failed among those with a known end; the others are counted as ``unknown``.
    Its interval is that of `measure` for shares.

    Parameters
    ----------
    lake : Lake
    whose : {'theirs', 'ours'}
        Customers who tried to reach us, or we who tried to reach a customer about a case.
    hourly : bool
        One row for each hour of the week of each channel instead, ``at`` 0–167.
    where, since, until, zone, min_n
        As for `by_hour`.

    Returns
    -------
    list of Attempts
        Most contacts first.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> attempts(tiny_lake())
    []
    """
    asked: dict[str, Any] = {"where": where, "since": since, "until": until}
    hour = hour_sql(zone, since, until) if hourly else "-1"
    metric = CAME if whose == "theirs" else WENT
    rows = _read(lake, metric, f"channel, {hour} AS h, outcome", "count(*) AS n", asked)
    found: dict[tuple[str | None, int], dict[str | None, int]] = defaultdict(dict)
    for channel, h, outcome, n in rows:
        found[channel, int(h)][outcome] = int(n)
    cells = [_attempts(channel, h, ends, min_n) for (channel, h), ends in found.items()]
    return sorted(cells, key=lambda one: (-one.n - one.unknown, str(one.channel), one.at or 0))


def unanswered(
    lake: Source,
    hours: float,
    *,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    now: datetime | None = None,
    min_n: int = 5,
) -> list[Attempts]:
    """Count the letters and messages that had no reply within some hours, by channel.

    What came in less than ``hours`` ago is not counted yet. A message without a known reply counts as
    unanswered, unless its end says otherwise.

    Parameters
    ----------
    lake : Lake
    hours : float
        Hours of the clock on the wall, above 0.
    where, since, until, min_n
        As for `by_hour`.
    now : datetime, optional
        Aware; the present moment by default.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> unanswered(tiny_lake(), 24)
    []
    """
    if not 0 < hours <= 24 * 365:
        raise AnalyticsError("Give hours between 0 and a year.", "小时数须大于 0 且不超过一年。")
    moment = now or datetime.now(UTC)
    asked: dict[str, Any] = {"where": _narrowed(where, WRITTEN), "since": since, "until": until}
    seconds = round(hours * 3600)
    late = f"""SUM(CASE WHEN first_response_seconds <= {seconds}
        OR first_response_seconds IS NULL AND outcome IS NOT NULL
            AND outcome NOT IN {FAILED} THEN 0 ELSE 1 END)"""
    old = f' AND EPOCH("at") <= {int(moment.timestamp()) - seconds}'
    rows = _read(lake, CAME, "channel", f"count(*) AS n, {late} AS late", asked, old)
    cells = [_with_share(channel, None, int(n), int(bad), 0, {}, min_n) for channel, n, bad in rows]
    return sorted(cells, key=lambda one: (-one.n, str(one.channel)))


def pooled(cells: Iterable[Attempts], channel: str | None = None, *, min_n: int = 5) -> Attempts:
    """Return several cells as one.

    Examples
    --------
    >>> pooled([Attempts("phone", None, 30, 3, 0), Attempts("chat", None, 10, 1, 2)]).failed
    4
    """
    several = list(cells)
    ends: dict[str, int] = defaultdict(int)
    for one in several:
        for code, n in one.ends.items():
            ends[code] += n
    n, failed = sum(one.n for one in several), sum(one.failed for one in several)
    return _with_share(channel, None, n, failed, sum(one.unknown for one in several), dict(ends), min_n)


def _attempts(channel: str | None, hour: int, ends: dict[str | None, int], min_n: int) -> Attempts:
    known = {code: n for code, n in ends.items() if code is not None}
    failed = {code: n for code, n in known.items() if code in FAILED}
    at = None if hour < 0 else hour
    n, unknown = sum(known.values()), ends.get(None, 0)
    return _with_share(channel, at, n, sum(failed.values()), unknown, failed, min_n)


def _with_share(
    channel: str | None, at: int | None, n: int, failed: int, unknown: int, ends: dict[str, int], min_n: int
) -> Attempts:
    if n < max(min_n, 1):
        return Attempts(channel, at, n, failed, unknown, ends=ends)
    hits = float(failed)
    low, high = share_interval(Parts(n, float(n), float(n), hits, hits))
    return Attempts(
        channel, at, n, failed, unknown, 100 * hits / n, 100 * float(low), 100 * float(high), ends
    )
