"""Purchases of any table: who bought when for how much, once a day, with returns and dirt counted."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.cells import Cells, Floats, Ints, cells_of, missing_column
from voiceloop.analytics.value.kinds import found_in

UNITS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}


@dataclass(frozen=True)
class Dirt:
    """Rows by what was wrong or special with them."""

    rows: int = 0
    no_customer: int = 0
    no_time: int = 0
    no_amount: int = 0
    repeated: int = 0
    returns: int = 0
    free: int = 0


@dataclass(frozen=True, eq=False)
class Purchases:
    """One row per customer and day with a purchase, ordered by customer and day; made by `purchases`.

    ``customer`` are positions in ``keys``; ``day`` days since 1970-01-01; ``amount`` what was bought that
    day; ``returned`` per customer what was given back, zero or above; ``until`` the last day that is known.
    """

    keys: tuple[str, ...]
    customer: Ints
    day: Ints
    amount: Floats
    returned: Floats
    until: int
    dirt: Dirt = field(default_factory=Dirt)

    @property
    def first_day(self) -> int:
        """The first day with a purchase."""
        return int(self.day.min())

    @property
    def kept_share(self) -> float:
        """The share of the money that was not given back."""
        sold = float(self.amount.sum())
        return max(0.0, 1 - float(self.returned.sum()) / sold) if sold > 0 else 1.0

    def before(self, day: int) -> Purchases:
        """Return what was known at the end of the day before ``day``, as if it were that day."""
        return self.between(-(10**9), day)

    def between(self, since: int, until: int) -> Purchases:
        """Return the purchases from ``since`` until the day before ``until``; keys without any are left out.

        Returns of money are not dated per purchase and keep their share of what was bought.
        """
        here = (self.day >= since) & (self.day < until)
        known, customer = np.unique(self.customer[here], return_inverse=True)
        amount, n = self.amount[here], len(known)
        sold = np.bincount(self.customer, weights=self.amount, minlength=len(self.keys))
        now = np.bincount(customer, weights=amount, minlength=n)
        share = now / np.maximum(sold[known], 1e-12)
        keys = tuple(self.keys[i] for i in known.tolist())
        returned = self.returned[known] * np.minimum(share, 1)
        return Purchases(
            keys, customer.astype(np.int64), self.day[here], amount, returned, until - 1, self.dirt
        )

    def summary(self, unit: str | None = None) -> Summary:
        """Return recency, frequency, age and mean spend of each customer.

        Parameters
        ----------
        unit : {'day', 'week', 'month'}, optional
            Unit of the times; chosen by the length of the data when left out.
        """
        unit = unit or _unit(self.until - self.first_day)
        n, size = len(self.keys), UNITS[unit]
        first, last = np.full(n, 10**9), np.full(n, -(10**9))
        np.minimum.at(first, self.customer, self.day)
        np.maximum.at(last, self.customer, self.day)
        count = np.bincount(self.customer, minlength=n)
        repeat = self.day > first[self.customer]
        spent = np.bincount(self.customer[repeat], weights=self.amount[repeat], minlength=n)
        return Summary(
            keys=self.keys,
            unit=unit,
            frequency=(count - 1).astype(np.float64),
            recency=(last - first) / size,
            age=(self.until - first) / size,
            monetary=spent / np.maximum(count - 1, 1),
            total=np.bincount(self.customer, weights=self.amount, minlength=n).astype(np.float64),
            returned=self.returned,
            first=first.astype(np.int64),
            last=last.astype(np.int64),
            until=self.until,
        )

    @cached_property
    def gaps(self) -> Ints:
        """Days between each purchase day and the customer's one before; 0 for the first."""
        same = np.concatenate([[False], self.customer[1:] == self.customer[:-1]])
        return np.where(same, np.diff(self.day, prepend=self.day[:1]), 0).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Summary:
    """What the models of lifetime need of each customer (Fader, Hardie and Lee 2005).

    ``frequency`` x: days with a purchase after the first; ``recency`` t_x: from the first purchase to the
    last; ``age`` T: from the first until now; ``monetary``: mean spend of the repeat days, 0 where none.
    """

    keys: tuple[str, ...]
    unit: str
    frequency: Floats
    recency: Floats
    age: Floats
    monetary: Floats
    total: Floats
    returned: Floats
    first: Ints
    last: Ints
    until: int

    @property
    def n(self) -> int:
        """How many customers."""
        return len(self.keys)

    @property
    def net(self) -> Floats:
        """What each customer spent, less what was given back."""
        return self.total - self.returned


def purchases(
    table: Any,
    customer: str,
    time: str,
    amount: str | None = None,
    *,
    times: str | None = None,
    until: int | None = None,
) -> Purchases:
    """Return the purchases of a table of transactions, one row a customer and day.

    Amounts below zero are returns: they are no purchase and are taken off the customer's value. Rows that
    repeat another in every column are dropped when the time has a clock and the table more columns than
    these three: the same customer buys the same thing twice a day, but not twice a minute. Rows without
    customer, time or amount are left out. All are counted in ``dirt``.

    Parameters
    ----------
    table : mapping of columns, Arrow table or data frame
        One transaction, or one line of one, a row.
    customer, time, amount : str
        Names of its columns; without ``amount`` each row is worth 1.
    times : str, optional
        A column that ``amount`` is multiplied by: a quantity, when ``amount`` is a price.
    until : int, optional
        The last day that is known, as days since 1970-01-01; the latest of the table when left out.

    Raises
    ------
    AnalyticsError
        When a column is missing or nothing is left.

    Examples
    --------
    >>> found = purchases({"who": ["a", "a", "b"], "at": ["2026-01-01", "2026-01-01", "2026-01-03"],
    ...                    "paid": [1, 2, -3]}, "who", "at", "paid")
    >>> found.keys, found.amount.tolist(), found.dirt.returns
    (('a',), [3.0], 1)
    """
    columns = cells_of(table)
    who, when = _column(columns, customer), _column(columns, time)
    worth = _worth(columns, amount, times, len(who))
    repeated = _repeated(columns, when)
    named, timed, valued = who.codes >= 0, np.isfinite(when.days), np.isfinite(worth)
    here = named & timed & valued & ~repeated
    dirt = Dirt(
        rows=len(who),
        no_customer=int((~named).sum()),
        no_time=int((named & ~timed).sum()),
        no_amount=int((named & timed & ~valued).sum()),
        repeated=int((repeated & named & timed & valued).sum()),
        returns=int((worth[here] < 0).sum()),
        free=int((worth[here] == 0).sum()),
    )
    day = np.floor(np.where(here, when.days, 0)).astype(np.int64)
    return _by_day(who, day, worth, here, until, dirt)


def facts(dirt: Dirt) -> dict[str, int]:
    """Return the counts by name.

    Examples
    --------
    >>> facts(Dirt(rows=3, returns=1))["returns"]
    1
    """
    return asdict(dirt)


def _by_day(
    who: Cells, day: Ints, worth: Floats, here: npt.NDArray[np.bool_], until: int | None, dirt: Dirt
) -> Purchases:
    bought = here & (worth >= 0)
    if not bought.any():
        raise AnalyticsError(
            "No row has a customer, a time and an amount of zero or more.",
            "没有一行同时具有客户、时间和不小于零的金额。",
        )
    last = int(day[here].max()) if until is None else until
    known, code = np.unique(who.codes[bought], return_inverse=True)
    span = int(day[bought].max() - day[bought].min()) + 1
    cell, at = np.unique(code * span + (day[bought] - day[bought].min()), return_inverse=True)
    back = here & (worth < 0) & np.isin(who.codes, known)
    returned = np.bincount(
        np.searchsorted(known, who.codes[back]), weights=-worth[back], minlength=len(known)
    )
    return Purchases(
        keys=tuple(who.words[i] for i in known.tolist()),
        customer=(cell // span).astype(np.int64),
        day=(cell % span + day[bought].min()).astype(np.int64),
        amount=np.bincount(at, weights=worth[bought], minlength=len(cell)).astype(np.float64),
        returned=returned.astype(np.float64),
        until=last,
        dirt=dirt,
    )


def _column(columns: dict[str, Cells], name: str) -> Cells:
    there = found_in(columns, name)
    if there is None:
        raise missing_column(name, list(columns))
    return columns[there]


def _worth(columns: dict[str, Cells], amount: str | None, times: str | None, n: int) -> Floats:
    worth = np.ones(n) if amount is None else _column(columns, amount).numbers
    return worth if times is None else worth * _column(columns, times).numbers


def _repeated(columns: dict[str, Cells], when: Cells) -> npt.NDArray[np.bool_]:
    """True for rows that repeat an earlier one in every column, where that can only be a mistake."""
    has_clock = bool((np.nan_to_num(when.days) % 1 > 0).any())
    if len(columns) <= 3 or not has_clock:
        return np.zeros(len(when), dtype=bool)
    row = np.zeros(len(next(iter(columns.values()))), dtype=np.int64)
    for column in columns.values():
        # Numbered anew after each column, so that the product stays small.
        row = np.unique(row * (len(column.words) + 1) + column.codes + 1, return_inverse=True)[1]
    first = np.zeros(len(row), dtype=bool)
    first[np.unique(row, return_index=True)[1]] = True
    found: npt.NDArray[np.bool_] = ~first
    return found


def _unit(days: int) -> str:
    """Our choice: some tens to some hundreds of units over the whole time."""
    return "day" if days < 90 else "week" if days < 3650 else "month"
