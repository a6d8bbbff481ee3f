"""Synthetic NPS responses of a large company, a month at a time, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from voiceloop.analytics.schema import arrow_schema
from voiceloop.analytics.synth import plan, volume
from voiceloop.analytics.synth.clock import DAY, OFFSET, Array, Columns, Window

# DuckDB gives each row group to one thread. Our measurement on 12 months of 100 million, processor ms with
# 1, 2, 4 and 8 times 122,880 rows: figures of one store 10, 12, 14, 21; the full cube 946, 936, 921, 918.
BATCH_ROWS = 2 * 122_880
CUSTOMERS_SHARE = 4
_FINE = 1 << 16
_STORED = [field.name for field in arrow_schema("answers") if field.name != "month"]


class Month:
    """The responses of one month, in the order in which they are stored: by agent, then by day.

    Agents are numbered along the company (region, store, team), so that a file opens with the first region
    and ends with the last: figures of a region or a store touch few row groups, and those columns cost
    nothing. Sorted by day they would cost no less, and a store's figures eight times the time.

    Parameters
    ----------
    span : Window
        The months; days after its ``now`` have no rows.
    index : int
        Which of them.
    first, n : int
        How many responses come before, and how many there are.
    total : int
        Responses of all months: four to each customer.
    seed : int
        The same arguments give the same rows, whatever is made beside them.

    Examples
    --------
    >>> from datetime import date
    >>> from voiceloop.analytics.synth.clock import window
    >>> month = Month(window(date(2026, 11, 20), None, 36), 35, 0, 1_000, 36_000, 7)
    >>> month.name, sum(batch.num_rows for batch in month.batches())
    ('2026-11', 1000)
    """

    def __init__(self, span: Window, index: int, first: int, n: int, total: int, seed: int) -> None:
        self.name = span.month_date(index).strftime("%Y-%m")
        self.first, self.n = first, n
        self._days = days(span, index)
        self._customers = _customers_before(total)
        self._content = volume.content(index, span.n_months, seed)
        self._rng = np.random.default_rng([seed, index])
        # Rows up to and with each (agent, day): every agent as busy as the next.
        slots = len(self._days) * volume.AGENTS
        self._ends = np.rint(np.arange(1, slots + 1) * (n / slots)).astype(np.int64)

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """Yield the rows as stored: strings as dictionaries, without the month, which is in the path."""
        for start in range(0, self.n, rows):
            yield self._batch(start, min(rows, self.n - start))

    def _batch(self, start: int, size: int) -> pa.RecordBatch:
        agent, position = np.divmod(self._slots(start, size), len(self._days))
        day = self._days[position]
        region = volume.REGION_OF_AGENT[agent]
        customer = self._customer(region)
        codes = _place(agent) | _person(customer) | self._occasion(size)
        content = self._content[agent] + _shift(codes)
        identity = pa.array(np.arange(self.first + start + 1, self.first + start + size + 1))
        instant = (day * DAY + self._rng.integers(0, DAY, size) - OFFSET) * 1_000_000
        columns = {name: _coded(name, positions) for name, positions in codes.items()} | {
            "answer_id": identity,
            "response_id": identity,
            "score": pa.array(self._score(content)),
            "weight": pa.array(np.ones(size)),
            "day": pa.array(day.astype(np.int32)).cast(pa.date32()),
            "at": pa.array(instant).cast(pa.timestamp("us", tz="UTC")),
            "customer_key": pa.array(customer),
            "attributes": pa.nulls(size, arrow_schema("answers").field("attributes").type),
        }
        return pa.RecordBatch.from_arrays([columns[name] for name in _STORED], names=_STORED)

    def _slots(self, start: int, size: int) -> Array:
        """The slot of each row: as often as its share of the rows lies in this batch."""
        low = int(np.searchsorted(self._ends, start, side="right"))
        high = int(np.searchsorted(self._ends, start + size, side="left"))
        edges = np.concatenate([[start], self._ends[low:high], [start + size]])
        return np.asarray(np.repeat(np.arange(low, high + 1), np.diff(edges)))

    def _customer(self, region: Array) -> Array:
        """A customer of the region: each belongs to one."""
        before = self._customers[region].astype(np.uint64)
        some = self._customers[region + 1].astype(np.uint64) - before
        luck = self._rng.integers(0, 1 << 32, len(region), dtype=np.uint32)
        return np.asarray((before + (luck * some >> np.uint64(32))).astype(np.int64) + 1)

    def _occasion(self, size: int) -> Columns:
        touchpoint = _drawn(volume.TOUCHPOINT_SHARES, self._luck(size))
        programme = volume.PROGRAMME_OF_TOUCHPOINT[touchpoint]
        nothing = np.zeros(size, np.int8)
        return {
            "programme": programme,
            "survey": programme,
            "touchpoint": touchpoint,
            "stage": volume.STAGE_OF_TOUCHPOINT[touchpoint],
            "channel": _drawn(volume.CHANNEL_SHARES, self._luck(size)),
            "source": nothing,
            "question": nothing,
            "scale": nothing,
        }

    def _score(self, content: Array) -> Array:
        is_content = self._luck(len(content)) < content * _FINE
        return np.asarray(_scores()[is_content.astype(np.int8), self._luck(len(content))])

    def _luck(self, size: int) -> Array:
        return self._rng.integers(0, _FINE, size, dtype=np.uint16)


def days(span: Window, index: int) -> Array:
    """Return the days of a month that have begun, counted from 1970-01-01.

    Examples
    --------
    >>> from datetime import date
    >>> from voiceloop.analytics.synth.clock import window
    >>> len(days(window(date(2026, 11, 20), None, 36), 35))
    20
    """
    after = min(int(span.month_starts[index + 1]), span.today + 1)
    return np.arange(int(span.month_starts[index]), after)


def _place(agent: Array) -> Columns:
    return {
        "agent": agent,
        "team": volume.TEAM_OF_AGENT[agent],
        "unit": volume.UNIT_OF_AGENT[agent],
        "region": volume.REGION_OF_AGENT[agent],
    }


def _person(customer: Array) -> Columns:
    """What a customer is, always the same: drawn from the key itself (Knuth's multiplicative hash)."""
    found: Columns = {}
    mixed = customer.astype(np.uint32)
    for name, shares in (
        ("segment", volume.SEGMENT_SHARES),
        ("tier", volume.TIER_SHARES),
        ("language", volume.LANGUAGE_SHARES),
    ):
        mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(2_654_435_761)
        found[name] = _drawn(shares, mixed >> np.uint32(16))
    return found


def _shift(codes: Columns) -> Array:
    return np.asarray(
        volume.CONTENT_BY_CHANNEL[codes["channel"]]
        + volume.CONTENT_BY_TOUCHPOINT[codes["touchpoint"]]
        + volume.CONTENT_BY_SEGMENT[codes["segment"]]
        + volume.CONTENT_BY_TIER[codes["tier"]]
    )


def _customers_before(total: int) -> Array:
    """How many customers the regions before each have."""
    agents = np.bincount(volume.REGION_OF_AGENT, minlength=len(volume.REGIONS))
    each = np.maximum(np.rint(agents / volume.AGENTS * total / CUSTOMERS_SHARE), 1)
    return np.concatenate([[0], np.cumsum(each)]).astype(np.int64)


@cache
def _codes(name: str) -> pa.Array[Any]:
    return pa.array(volume.CODES[name])


def _coded(name: str, positions: Array) -> pa.Array[Any]:
    return pa.DictionaryArray.from_arrays(positions.astype(np.int16), _codes(name))


def _drawn(shares: Array, luck: Array) -> Array:
    return np.asarray(_table(tuple(shares.tolist()))[luck])


@cache
def _table(shares: tuple[float, ...]) -> Array:
    """A position for each of 65,536 chances: a draw is one look-up."""
    edges = np.cumsum(shares) / np.sum(shares)
    return np.searchsorted(edges, (np.arange(_FINE) + 0.5) / _FINE).astype(np.int8)


@cache
def _scores() -> Array:
    """Score by (content or not, chance)."""
    mixes = (plan.NPS_UNHAPPY, plan.NPS_CONTENT)
    return np.stack([_table(tuple(mix.tolist())) for mix in mixes]).astype(np.float64)
