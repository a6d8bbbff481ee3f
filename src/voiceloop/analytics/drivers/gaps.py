"""Cells that nobody filled in: read as average, and told apart by an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from voiceloop.analytics.drivers.columns import Column

# Our choice: a gap of fewer rows is no column of its own.
LEAST_ROWS = 20


def filled(column: Column) -> Column:
    """Return the column with every empty cell ordinary: the mean, no mention, the most frequent level.

    Examples
    --------
    >>> filled(Column("speed", "rating", np.array([1.0, np.nan, 3.0]))).values.tolist()
    [1.0, 2.0, 3.0]
    """
    empty = np.isnan(column.values)
    if not empty.any():
        return column
    usual = 0.0 if column.kind in ("mention", "category") else float(np.nanmean(column.values))
    return replace(column, values=np.where(empty, usual, column.values))


def indicators(columns: Sequence[Column]) -> list[Column]:
    """Return a yes-or-no column for each pattern of gaps (Cohen and Cohen 1975).

    Examples
    --------
    >>> gappy = np.where(np.arange(100) < 40, np.nan, 1.0)
    >>> [one.name for one in indicators([Column("a", "number", gappy), Column("b", "number", gappy)])]
    ['a ?']
    """
    found: dict[bytes, Column] = {}
    for one in columns:
        empty = np.isnan(one.values)
        if LEAST_ROWS <= empty.sum() <= len(empty) - LEAST_ROWS:
            found.setdefault(empty.tobytes(), Column(f"{one.name} ?", "yes_no", empty.astype(float)))
    return list(found.values())
