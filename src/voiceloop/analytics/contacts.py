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
_NOT_YET = ("queued", "failed")
_SOON = timedelta(days=2)  # an invitation this long after a conversation is about it (our choice)


@dataclass(frozen=True, slots=True)
class Contact:
    """One occasion: who could have asked, whether they did, and how the contact had gone.

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
    seconds : float or None
        From the message to the answer.
    """

    who: str
    stratum: tuple[Any, ...]
    is_asked: bool
    is_spared: bool
    is_bad: bool | None
    seconds: float | None


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
    talks = _talks(lake, since, until)
    asked = _read(
        lake,
        "invitations",
        f'{who} AS who, agent, touchpoint, channel, status, reason, customer_key, "at", sent_at, answered_at',
        f"{who} IS NOT NULL AND agent IS NOT NULL",
        since,
        until,
    )
    found = []
    for one in asked:
        if one["status"] in _NOT_YET:
            continue
        is_bad = _was_bad(talks, one)
        answered = one["answered_at"] is not None and one["sent_at"] is not None
        found.append(
            Contact(
                who=str(one["who"]),
                stratum=(one["touchpoint"], one["channel"], is_bad),
                is_asked=one["status"] != "suppressed",
                is_spared=one["status"] == "suppressed" and one["reason"] not in BY_HAND,
                is_bad=is_bad,
                seconds=(one["answered_at"] - one["sent_at"]).total_seconds() if answered else None,
            )
        )
    return found


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
    read = _read(
        lake,
        "answers",
        f"{who} AS who, touchpoint, channel, question, scale, score, count(*) AS n",
        f"{who} IS NOT NULL AND agent IS NOT NULL AND score IS NOT NULL AND scale IS NOT NULL",
        since,
        until,
        group=f"{who}, touchpoint, channel, question, scale, score",
    )
    table: dict[str, dict[Any, tuple[float, float]]] = defaultdict(dict)
    for one in read:
        stratum = (one["touchpoint"], one["channel"], one["question"])
        n, hits = table[str(one["who"])].get(stratum, (0.0, 0.0))
        is_top = one["score"] >= scale_of(str(one["scale"])).high
        table[str(one["who"])][stratum] = (n + one["n"], hits + one["n"] * is_top)
    return dict(table)


_Talks = dict[tuple[Any, Any], tuple[list[datetime], list[bool]]]


def _talks(lake: Source, since: date | None, until: date | None) -> _Talks:
    """When each customer talked with each agent, and whether it solved nothing."""
    read = _read(
        lake,
        "conversations",
        'agent, customer_key, "at", solved',
        'agent IS NOT NULL AND customer_key IS NOT NULL AND "at" IS NOT NULL AND solved IS NOT NULL',
        since - _SOON if since else None,
        until,
    )
    found: dict[tuple[Any, Any], list[tuple[datetime, bool]]] = defaultdict(list)
    for one in read:
        found[one["customer_key"], one["agent"]].append((one["at"], one["solved"] == 0))
    ordered = {key: sorted(several) for key, several in found.items()}
    return {
        key: ([at for at, _ in several], [is_bad for _, is_bad in several])
        for key, several in ordered.items()
    }


def _was_bad(talks: _Talks, invitation: dict[str, Any]) -> bool | None:
    times, bad = talks.get((invitation["customer_key"], invitation["agent"]), ([], []))
    at = invitation["at"]
    last = bisect_right(times, at) - 1 if at is not None else -1
    return bad[last] if last >= 0 and at - times[last] <= _SOON else None


def _read(
    lake: Source,
    table: str,
    columns: str,
    where: str,
    since: date | None,
    until: date | None,
    *,
    group: str = "",
) -> list[dict[str, Any]]:
    days = [f"day >= DATE '{since}'"] if since else []
    days += [f"day < DATE '{until}'"] if until else []
    sql = f"SELECT {columns} FROM facts WHERE {' AND '.join([where, *days])}"
    query = sqlglot.parse_one(f"{sql} GROUP BY {group}" if group else sql, dialect="duckdb")
    read = engine().columns(engine().sql(cast("exp.Query", query)), lake.scan(table, since, until))
    return [dict(zip(read, row, strict=True)) for row in zip(*read.values(), strict=True)]
