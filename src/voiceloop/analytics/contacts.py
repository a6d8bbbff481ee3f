"""Every occasion on which somebody could have asked a customer, with what came of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

import sqlglot
from sqlglot import exp

from voiceloop.analytics.engines import engine
from voiceloop.analytics.scales import scale as scale_of
from voiceloop.analytics.scan import Source

# Codes with which a person, and not a rule, kept a customer from being asked.
BY_HAND = ("by_agent", "agent_skipped")
ON_THE_SPOT = 120  # seconds from the message to the answer
# More occasions than this are counted where they lie, without regard to how each contact had gone.
MOST_JOINED = 1_000_000
_KNOWN = "agent IS NOT NULL AND status NOT IN ('queued', 'failed')"
_QUICK = f"answered_at < sent_at + INTERVAL '{ON_THE_SPOT}' SECOND"
_SOON = timedelta(days=2)  # an invitation this long after a conversation is about it (our choice)


@dataclass(frozen=True, slots=True)
class Contact:
    """Occasions of one kind: who could have asked, whether they did, and how the contact had gone.

    Attributes
    ----------
    who : str
    stratum : tuple
        Touchpoint and channel, and whether the contact was bad: the circumstances.
    is_asked : bool
        The message was sent.
    is_spared : bool
        A rule, and nobody in person, kept it back.
    is_bad : bool or None
        The contact solved nothing; None when that is not known.
    is_quick : bool or None
        The answer came on the spot; None without an answer.
    n : int
        How many.
    """

    who: str
    stratum: tuple[Any, ...]
    is_asked: bool
    is_spared: bool
    is_bad: bool | None
    is_quick: bool | None
    n: int


def contacts(lake: Source, who: str, since: date | None = None, until: date | None = None) -> list[Contact]:
    """Return the occasions of everybody, from the invitations and the conversations before them.

    Parameters
    ----------
    lake : Lake
    who : {'agent', 'unit'}
    since, until : date, optional

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> contacts(tiny_lake(), "agent")
    []
    """
    told = f"{_KNOWN} AND customer_key IS NOT NULL"
    if _count(lake, "invitations", told, since, until) > MOST_JOINED:
        return _grouped(lake, who, since, until)
    talks = _talks(lake, since, until)
    if not talks:
        return _grouped(lake, who, since, until)
    read = _read(
        lake,
        "invitations",
        f"{who} AS who, touchpoint, channel, status, reason, {_QUICK} AS quick, 1 AS n, "
        'agent, customer_key, "at"',
        f"{who} IS NOT NULL AND {_KNOWN}",
        since,
        until,
    )
    return [_contact(*row[:7], is_bad=_was_bad(talks, *row[7:])) for row in read]


def _grouped(lake: Source, who: str, since: date | None, until: date | None) -> list[Contact]:
    """The occasions, counted where they lie: how each contact had gone stays unknown."""
    keys = f"{who}, touchpoint, channel, status, reason, {_QUICK}"
    columns = f"{who} AS who, touchpoint, channel, status, reason, {_QUICK} AS quick, count(*) AS n"
    where = f"{who} IS NOT NULL AND {_KNOWN}"
    return [
        _contact(*row, is_bad=None) for row in _read(lake, "invitations", columns, where, since, until, keys)
    ]


def _contact(
    who: Any,
    touchpoint: Any,
    channel: Any,
    status: Any,
    reason: Any,
    quick: Any,
    n: Any,
    *,
    is_bad: bool | None,
) -> Contact:
    is_asked = status != "suppressed"
    return Contact(
        who=str(who),
        stratum=(touchpoint, channel, is_bad),
        is_asked=is_asked,
        is_spared=not is_asked and reason not in BY_HAND,
        is_bad=is_bad,
        is_quick=None if quick is None else bool(quick),
        n=int(n),
    )


def scores(
    lake: Source, who: str, since: date | None = None, until: date | None = None
) -> dict[str, dict[Any, tuple[float, float]]]:
    """Return the answers of everybody and how many of them stand at the best end of the scale.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> scores(tiny_lake(), "agent")
    {}
    """
    columns = f"{who} AS who, touchpoint, channel, question, scale, score, count(*) AS n"
    where = f"{who} IS NOT NULL AND agent IS NOT NULL AND score IS NOT NULL AND scale IS NOT NULL"
    keys = f"{who}, touchpoint, channel, question, scale, score"
    table: dict[str, dict[Any, tuple[float, float]]] = defaultdict(dict)
    for name, *stratum, scale, score, n in _read(lake, "answers", columns, where, since, until, keys):
        before = table[str(name)].get(tuple(stratum), (0.0, 0.0))
        is_top = score >= scale_of(str(scale)).high
        table[str(name)][tuple(stratum)] = (before[0] + n, before[1] + n * is_top)
    return dict(table)


_Talks = dict[tuple[Any, Any], tuple[list[datetime], list[bool]]]


def _talks(lake: Source, since: date | None, until: date | None) -> _Talks:
    """When each customer talked with each agent, and whether it solved nothing."""
    where = 'agent IS NOT NULL AND customer_key IS NOT NULL AND "at" IS NOT NULL AND solved IS NOT NULL'
    since = since - _SOON if since else None
    if _count(lake, "conversations", where, since, until) > MOST_JOINED:
        return {}
    found: dict[tuple[Any, Any], list[tuple[datetime, bool]]] = defaultdict(list)
    for agent, customer, at, solved in _read(
        lake, "conversations", 'agent, customer_key, "at", solved', where, since, until
    ):
        found[customer, agent].append((at, solved == 0))
    ordered = {key: sorted(several) for key, several in found.items()}
    return {
        key: ([at for at, _ in several], [is_bad for _, is_bad in several])
        for key, several in ordered.items()
    }


def _was_bad(talks: _Talks, agent: Any, customer: Any, at: datetime | None) -> bool | None:
    times, bad = talks.get((customer, agent), ([], []))
    last = bisect_right(times, at) - 1 if at is not None else -1
    return bad[last] if at is not None and last >= 0 and at - times[last] <= _SOON else None


def _count(lake: Source, table: str, where: str, since: date | None, until: date | None) -> int:
    return int(_read(lake, table, "count(*) AS n", where, since, until)[0][0])


def _read(
    lake: Source,
    table: str,
    columns: str,
    where: str,
    since: date | None,
    until: date | None,
    keys: str = "",
) -> list[tuple[Any, ...]]:
    days = [f"day >= DATE '{since}'"] if since else []
    days += [f"day < DATE '{until}'"] if until else []
    sql = f"SELECT {columns} FROM facts WHERE {' AND '.join([where, *days])}"
    query = sqlglot.parse_one(f"{sql} GROUP BY {keys}" if keys else sql, dialect="duckdb")
    read = engine().columns(engine().sql(cast("exp.Query", query)), lake.scan(table, since, until))
    return list(zip(*read.values(), strict=True))
