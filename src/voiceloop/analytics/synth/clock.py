"""The window of time a demo company lives in: whole local months that end at a given instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]
Columns = dict[str, Array]

DAY = 86_400
HOUR = 3_600
# China has kept one offset without summer time since 1991, so a constant is exact and vectorises.
OFFSET = 8 * HOUR
SHANGHAI = timezone(timedelta(seconds=OFFSET))


@dataclass(frozen=True)
class Window:
    """Local calendar months up to `now`; instants are UTC seconds, days are local days since 1970."""

    now: int
    month_starts: Array

    @property
    def n_months(self) -> int:
        return len(self.month_starts) - 1

    @property
    def first_day(self) -> int:
        return int(self.month_starts[0])

    @property
    def opens(self) -> int:
        """First instant of the window."""
        return self.first_day * DAY - OFFSET

    @property
    def today(self) -> int:
        return (self.now + OFFSET) // DAY

    def month(self, at: Array) -> Array:
        """Index of the local month of each instant, 0 for the first month of the window."""
        found = np.searchsorted(self.month_starts, local_day(at), side="right") - 1
        return np.clip(found, 0, self.n_months - 1)

    def month_date(self, index: int) -> date:
        return date(1970, 1, 1) + timedelta(days=int(self.month_starts[index]))


def window(today: date | None, now: datetime | None, months: int) -> Window:
    """Make the window of `months` months whose last, unfinished one contains `today`.

    With neither `today` nor `now` it ends at the present moment; with `today` alone at 21:00 of that day.

    Examples
    --------
    >>> span = window(date(2026, 11, 20), None, 36)
    >>> span.n_months, span.month_date(0).isoformat()
    (36, '2023-12-01')
    """
    instant = _instant(today, now)
    last = instant.astimezone(SHANGHAI)
    newest = last.year * 12 + last.month - 1
    starts = [_epoch_day(newest + step) for step in range(1 - months, 2)]
    return Window(int(instant.timestamp()), np.array(starts, dtype=np.int64))


def local_day(at: Array) -> Array:
    """Local day, counted from 1970-01-01, of UTC seconds.

    Examples
    --------
    >>> local_day(np.array([0, 16 * HOUR])).tolist()
    [0, 1]
    """
    return (np.asarray(at) + OFFSET) // DAY


def instant_of(day: Array, second: Array) -> Array:
    """UTC seconds of a second of a local day.

    Examples
    --------
    >>> instant_of(np.array([1]), np.array([8 * HOUR])).tolist() == [DAY]
    True
    """
    return np.asarray(day * DAY + second - OFFSET).astype(np.int64)


def timestamps(at: Array, known: Array | None = None) -> pa.Array[Any]:
    """Turn UTC seconds into an Arrow timestamp column; NULL where not `known`.

    Examples
    --------
    >>> timestamps(np.array([0]))[0].as_py().isoformat()
    '1970-01-01T00:00:00+00:00'
    """
    missing = None if known is None else ~known
    return pa.array(at * 1_000_000, mask=missing, type=pa.int64()).cast(pa.timestamp("us", tz="UTC"))


def dates(day: Array, known: Array | None = None) -> pa.Array[Any]:
    """Turn local days into an Arrow date column; NULL where not `known`.

    Examples
    --------
    >>> dates(np.array([1]))[0].as_py().isoformat()
    '1970-01-02'
    """
    missing = None if known is None else ~known
    return pa.array(day.astype(np.int32), mask=missing, type=pa.int32()).cast(pa.date32())


def _instant(today: date | None, now: datetime | None) -> datetime:
    if now is not None:
        return now if now.tzinfo else now.replace(tzinfo=UTC)
    if today is None:
        return datetime.now(UTC)
    return datetime.combine(today, time(21), SHANGHAI)


def _epoch_day(month: int) -> int:
    return (date(month // 12, month % 12 + 1, 1) - date(1970, 1, 1)).days
