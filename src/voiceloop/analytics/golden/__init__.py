"""A fixed sample of each table, small enough to count by hand: every metric has one known value on it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from voiceloop.analytics.lake import Lake
from voiceloop.analytics.schema import TABLES

FOLDER = Path(__file__).parent

_READ: dict[str, Callable[[str], Any]] = {
    "int64": int,
    "int32": int,
    "int8": int,
    "double": float,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
}


@cache
def golden_lake() -> Lake:
    """Return a lake that holds the sample.

    Examples
    --------
    >>> golden_lake().months("reviews")
    ('2026-01',)
    """
    lake = Lake(tempfile.mkdtemp(prefix="voiceloop-"))
    for path in sorted(FOLDER.glob("*.csv")):
        lake.append(path.stem, rows(path.stem))
    return lake


def rows(table: str) -> list[dict[str, Any]]:
    """Return the rows of one table, None where nothing is known.

    Parameters
    ----------
    table : str
        A table of `schema.TABLES`.

    Examples
    --------
    >>> rows("reviews")[0]["item"]
    'accuracy'
    """
    kinds = TABLES[table].columns
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [
            {name: _READ.get(kinds[name], str)(cell) if cell else None for name, cell in row.items()}
            for row in csv.DictReader(file)
        ]
