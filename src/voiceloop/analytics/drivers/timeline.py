"""What customers did in time: how much of it lies between two moments, and what came last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Timeline:
    """Rows of customers, sorted once, asked often.

    Parameters
    ----------
    customer : (n,) array of int
        Keys, in any order.
    at : (n,) array
        Moments, in one unit throughout.
    value : (n,) array, optional
        What each row is worth; 1 if left out.

    Examples
    --------
    >>> line = Timeline(np.array([7, 7, 8]), np.array([1.0, 5.0, 2.0]), np.array([10.0, 20.0, 40.0]))
    >>> times, sums = line.within(np.array([7, 8, 9]), np.zeros(3), np.full(3, 2.0))
    >>> times.tolist(), sums.tolist()
    ([1.0, 1.0, 0.0], [10.0, 40.0, 0.0])
    """

    def __init__(self, customer: Places, at: Array, value: Array | None = None) -> None:
        self._row = np.lexsort((at, customer))
        self._times = np.sort(at)
        self._customers, code = np.unique(customer[self._row], return_inverse=True)
        # Whole numbers that sort as (customer, moment), so that one search finds a place exactly.
        self._key = code * (len(at) + 1) + np.searchsorted(self._times, at[self._row])
        self._at = at
        worth = np.ones(len(at)) if value is None else value[self._row]
        self._sums = np.concatenate([[0.0], np.cumsum(worth)])

    @classmethod
    def of(cls, rows: Mapping[str, Any], value: Array | None = None, only: Flags | None = None) -> Timeline:
        """Return the timeline of rows with the columns `customer_key` and `moment`.

        Parameters
        ----------
        rows : mapping of name to (n,) array, masked or not
        value : (n,) array, optional
        only : (n,) array of bool, optional
            Which rows count; all if left out.
        """
        some = slice(None) if only is None else only
        customer = np.ma.getdata(rows["customer_key"]).astype(np.int64)[some]
        at = np.ma.getdata(rows["moment"]).astype(np.float64)[some]
        return cls(customer, at, None if value is None else value[some])

    def __len__(self) -> int:
        return len(self._row)

    def within(self, customer: Places, since: Array, until: Array) -> tuple[Array, Array]:
        """Return how often each customer occurs in ``(since, until]``, and what it adds up to.

        Parameters
        ----------
        customer : (m,) array of int
            Keys; those never seen did nothing.
        since, until : (m,) arrays

        Returns
        -------
        (m,) array, (m,) array
            Counts and sums.
        """
        owner = self._owner(customer)
        first, last = self._up_to(owner, since), self._up_to(owner, until)
        return (last - first).astype(np.float64), self._sums[last] - self._sums[first]

    def last(self, customer: Places, at: Array, within: float) -> tuple[Places, Flags]:
        """Return, for each customer, their last row up to a moment, and whether it is fresh.

        Parameters
        ----------
        customer : (m,) array of int
        at : (m,) array
        within : float
            A row is fresh when it is no older.

        Returns
        -------
        (m,) array of int, (m,) array of bool
            Places in the rows as given; where none is fresh the place means nothing.

        Examples
        --------
        >>> line = Timeline(np.array([2, 1, 1]), np.array([7.0, 9, 5]))
        >>> row, fresh = line.last(np.array([1, 2]), np.array([8.0, 3]), 9)
        >>> row.tolist()[0], fresh.tolist()
        (2, [True, False])
        """
        if not len(self):
            return np.zeros(len(customer), np.int64), np.zeros(len(customer), bool)
        owner = self._owner(customer)
        begin, end = np.searchsorted(self._key, owner[0]), self._up_to(owner, at)
        row = self._row[np.maximum(end - 1, 0)]
        return row, (end > begin) & (at - self._at[row] <= within)

    def _owner(self, customer: Places) -> tuple[Places, Flags]:
        """The least key of each customer, and whether they occur."""
        code = np.searchsorted(self._customers, customer)
        return code * (len(self) + 1), np.isin(customer, self._customers)

    def _up_to(self, owner: tuple[Places, Flags], at: Array) -> Places:
        """Where the rows of each customer up to the moment end."""
        least, is_known = owner
        before = np.where(is_known, np.searchsorted(self._times, at, side="right"), 0)
        return np.searchsorted(self._key, least + before)
