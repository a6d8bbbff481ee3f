"""Answers of a lake beside everything that may explain them: reasons, ratings, waits, contacts, deeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlglot import exp

from voiceloop.analytics.drivers.columns import Column, column
from voiceloop.analytics.drivers.outcome import Outcome, of_nps, outcome
from voiceloop.analytics.drivers.screening import SetAside, known_share
from voiceloop.analytics.drivers.timeline import Timeline
from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.measure import ask
from voiceloop.analytics.plan import Where, counted
from voiceloop.analytics.scan import Source

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OUTCOMES = ("nps", "csat", "ces")
# Who the customer is and where they were asked: held equal.
CONTEXT = ("touchpoint", "channel", "segment", "tier", "language")
KEPT = (*CONTEXT, "programme", "region", "unit", "team", "agent")
# Our choices: an explanation rests on so many answers at most, drawn by their identity.
MOST_ANSWERS = 200_000
MOST_DRIVERS = 20
LEAST_KNOWN, LEAST_MENTIONS = 100, 20
# What happened in the days before the answer belongs to it.
DAYS_BEFORE, CONTACT_DAYS = 3, 14
DAY = 86_400.0
MOMENT = 'epoch("at") AS moment'


@dataclass(frozen=True, eq=False)
class Facts:
    """Answers to one question, one a row, and what may drive them.

    Attributes
    ----------
    kept : mapping of dimension to (n,) array of str or None
    drivers : tuple of Column
        Named 'reason:CODE', 'rating:QUESTION', 'fact:NAME'.
    commented : (n,) array of bool
        Something was written and read.
    """

    question: str
    scale: str
    n_total: int
    response: Places
    customer: Places
    at: Array
    score: Array
    weight: Array
    kept: Mapping[str, npt.NDArray[Any]]
    drivers: tuple[Column, ...]
    aside: tuple[SetAside, ...]
    commented: Flags
    mentions: Mapping[str, Array] = field(default_factory=dict, repr=False)
    waits: Mapping[str, Array] = field(default_factory=dict, repr=False)

    @cached_property
    def outcome(self) -> Outcome:
        """The answers as they are explained: NPS points, or the average."""
        if self.question == "nps":
            return of_nps("nps", self.score)
        return outcome(self.question, self.score)

    @cached_property
    def context(self) -> tuple[Column, ...]:
        found = []
        for name in CONTEXT:
            made = column(name, self.kept[name], kind="category")
            if isinstance(made, Column) and len(made.levels) > 1:
                found.append(made)
        return tuple(found)

    @cached_property
    def fine(self) -> Flags:
        """Nothing is known to have gone wrong: not late, solved; without such records, no complaint.

        Words stand in only where there is no record of what happened: who is unhappy complains, so that
        leaving out all who complain would leave no unhappy customers to find.
        """
        late = self.waits.get("minutes_late")
        solved = [one.values for one in self.drivers if one.name == "rating:fcr"]
        bad = np.zeros(len(self.score), bool)
        if late is not None:
            bad |= np.nan_to_num(late) > 0
        for values in solved:
            bad |= values == 0
        if late is None and not solved:
            for values in self.mentions.values():
                bad |= np.nan_to_num(values) < 0
        return ~bad


def facts(
    lake: Source,
    question: str = "nps",
    *,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Facts:
    """Return the answers to a question and what may drive them.

    Parameters
    ----------
    lake : Source
    question : {'nps', 'csat', 'ces'}
    where, since, until
        As for `measure`.

    Raises
    ------
    AnalyticsError
        When nobody answered it.
    """
    if question not in OUTCOMES:
        raise AnalyticsError(
            f"{question} is not one of nps, csat, ces.", f"{question} 不是 nps、csat、ces 之一。"
        )
    rows, n_total = _answers(lake, question, where, since, until)
    if not len(rows["response_id"]):
        raise AnalyticsError("Nobody answered in this slice.", "此范围内没有作答。")
    made = _Made(lake, question, rows, since, until)
    return made.facts(n_total)


def _answers(
    lake: Source, question: str, where: Where | None, since: date | None, until: date | None
) -> tuple[dict[str, Any], int]:
    asked = ask(lake, question, where=where, since=since, until=until)
    condition = exp.and_(*counted(asked)).sql(dialect="duckdb") or "TRUE"
    scan = lake.scan("answers", since, until)
    scales = engine().run(
        f"SELECT scale, count(*) FROM facts WHERE {condition} GROUP BY 1 ORDER BY 2 DESC, 1", scan
    )
    if not scales:
        return {"response_id": []}, 0
    # Scales are never pooled: the one most used is explained.
    scale, total = scales[0]
    every = max(-(-total // MOST_ANSWERS), 1)
    kept = ", ".join(KEPT)
    columns = ("response_id", "coalesce(customer_key, -response_id) AS customer_key", MOMENT, "score")
    sql = f"""
        SELECT {", ".join(columns)}, weight, scale, {kept} FROM facts
        WHERE {condition} AND scale = '{scale}' AND hash(response_id) % {every} = 0 ORDER BY response_id
    """
    return _plain(engine().arrays(sql, scan)), int(total)


def _plain(arrays: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, values in arrays.items():
        gaps, data = np.ma.getmaskarray(values), np.ma.getdata(values)
        if data.dtype.kind in "fiub":
            data = (
                np.where(gaps, np.nan, data.astype(float)) if gaps.any() or data.dtype.kind == "f" else data
            )
        else:
            data = np.array(data, dtype=object)
            data[gaps] = None
        found[name] = data
    return found


class _Made:
    """The columns of one set of answers while they are gathered, a table of the lake at a time."""

    def __init__(
        self, lake: Source, question: str, rows: dict[str, Any], since: date | None, until: date | None
    ) -> None:
        self.lake, self.question, self.rows = lake, question, rows
        self.since, self.until = since, until
        self.response = np.asarray(rows["response_id"], dtype=np.int64)
        self.customer = np.asarray(rows["customer_key"], dtype=np.int64)
        self.at = np.asarray(rows["moment"], dtype=float)
        self.commented = np.zeros(len(self.response), bool)

    def facts(self, n_total: int) -> Facts:
        mentions, waits = self._mentions(), self._waits()
        found = [Column(f"reason:{code}", "mention", values) for code, values in mentions.items()]
        aside: list[SetAside] = []
        more = {
            **{f"rating:{n}": v for n, v in self._ratings().items()},
            **{f"fact:{n}": v for n, v in waits.items()},
        }
        for name, values in more.items():
            made = column(name, values)
            if isinstance(made, Column):
                found.append(made)
        score = np.asarray(self.rows["score"], dtype=float)
        drivers, few = _enough(found)
        drivers, weak = _strongest(drivers, of_nps("nps", score).y if self.question == "nps" else score)
        return Facts(
            self.question, str(self.rows["scale"][0]), n_total, self.response, self.customer, self.at, score,
            np.asarray(self.rows["weight"], dtype=float), {name: self.rows[name] for name in KEPT},
            tuple(drivers), (*aside, *few, *weak), self.commented, mentions, waits,
        )  # fmt: skip

    def _mentions(self) -> dict[str, Array]:
        """−1, 0, 1 for each reason of those who wrote something; NaN for those who did not."""
        scan = self.lake.scan("annotations", self.since, self.until)
        read = _plain(
            engine().arrays("SELECT DISTINCT response_id FROM facts WHERE kind = 'sentiment'", scan)
        )
        place, there = self._places(read["response_id"])
        self.commented[place[there]] = True
        sql = """SELECT response_id, label, sign(sum(polarity)) AS side FROM facts
                 WHERE kind = 'reason' AND polarity IS NOT NULL GROUP BY ALL"""
        noted = _plain(engine().arrays(sql, scan))
        place, there = self._places(noted["response_id"])
        labels, sides = (
            np.asarray(noted["label"], dtype=object)[there],
            np.asarray(noted["side"], float)[there],
        )
        place = place[there]
        found: dict[str, Array] = {}
        for label in sorted({str(one) for one in labels}):
            values = np.where(self.commented, 0.0, np.nan)
            own = labels == label
            values[place[own]] = sides[own]
            found[label] = values
        return found

    def _ratings(self) -> dict[str, Array]:
        """Other questions of the same survey; other verdicts and what others were told are no cause of it."""
        scan = self.lake.scan("answers", self.since, self.until)
        told = ", ".join(f"'{name}'" for name in OUTCOMES)
        sql = f"""SELECT response_id, question, score FROM facts
                  WHERE question NOT IN ({told}) AND score IS NOT NULL
                      AND scale IS DISTINCT FROM 'people_0_10'"""
        rows = _plain(engine().arrays(sql, scan))
        place, there = self._places(rows["response_id"])
        questions = np.asarray(rows["question"], dtype=object)[there]
        scores, place = np.asarray(rows["score"], float)[there], place[there]
        found: dict[str, Array] = {}
        for name in sorted({str(one) for one in questions}):
            values = np.full(len(self.response), np.nan)
            own = questions == name
            values[place[own]] = scores[own]
            found[name] = values
        return found

    def _waits(self) -> dict[str, Array]:
        """What happened before: the last purchase of the days before, the contacts of two weeks."""
        since = self.since - timedelta(days=CONTACT_DAYS) if self.since else None
        sql = f"""SELECT customer_key, {MOMENT}, wait_minutes, promised_minutes, amount FROM facts
                 WHERE customer_key IS NOT NULL AND kind <> 'return'"""
        bought = _plain(engine().arrays(sql, self.lake.scan("transactions", since, self.until)))
        last, has = Timeline.of(bought).last(self.customer, self.at, DAYS_BEFORE * DAY)
        found: dict[str, Array] = {}
        if len(bought["moment"]):
            wait = _taken(bought["wait_minutes"], last, has)
            late = wait - _taken(bought["promised_minutes"], last, has)
            found |= {
                "wait_minutes": wait,
                "minutes_late": late,
                "amount": _taken(bought["amount"], last, has),
            }
        sql = f"SELECT customer_key, {MOMENT}, wait_seconds FROM facts WHERE customer_key IS NOT NULL"
        talked = _plain(engine().arrays(sql, self.lake.scan("conversations", since, self.until)))
        if len(talked["moment"]):
            line = Timeline.of(talked)
            found["contacts"], _sums = line.within(self.customer, self.at - CONTACT_DAYS * DAY, self.at)
            last, has = line.last(self.customer, self.at, DAYS_BEFORE * DAY)
            found["wait_seconds"] = _taken(talked["wait_seconds"], last, has)
        return found

    def _places(self, responses: Any) -> tuple[Places, Flags]:
        """Where responses stand among ours, and whether they do."""
        wanted = np.asarray(responses, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.response, wanted), len(self.response) - 1)
        return place, self.response[place] == wanted


def _taken(values: Any, row: Places, there: Flags) -> Array:
    return np.where(there, np.asarray(values, dtype=float)[row], np.nan)


def _enough(found: list[Column]) -> tuple[list[Column], list[SetAside]]:
    kept: list[Column] = []
    aside: list[SetAside] = []
    for one in found:
        known = one.values[~np.isnan(one.values)]
        rest = len(known) - (np.unique(known, return_counts=True)[1].max() if len(known) else 0)
        if len(known) >= LEAST_KNOWN and rest >= LEAST_MENTIONS:
            kept.append(one)
        else:
            words = f"{one.name}: known or mentioned too rarely ({rest})"
            aside.append(SetAside(one.name, "empty", words, f"{one.name}：已知或提及过少（{rest}）"))
    return kept, aside


def _strongest(found: list[Column], y: Array) -> tuple[list[Column], list[SetAside]]:
    if len(found) <= MOST_DRIVERS:
        return found, []
    told = {one.name: known_share(one.values, y) * float(np.isfinite(one.values).sum()) for one in found}
    first = set(sorted(told, key=lambda name: -told[name])[:MOST_DRIVERS])
    weak = [
        SetAside(one.name, "weak", f"{one.name}: weaker than those shown", f"{one.name}：弱于所示因素")
        for one in found
        if one.name not in first
    ]
    return [one for one in found if one.name in first], weak
