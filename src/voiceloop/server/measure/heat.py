"""A table of one metric by two dimensions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from voiceloop.analytics.result import Result, Row
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice

# Columns and rows that a person can take in at once.
MOST_ROWS, MOST_COLUMNS = 12, 6
COLOURED_FROM = 30


@dataclass(frozen=True)
class Cell:
    row: Row | None
    query: str

    @property
    def is_coloured(self) -> bool:
        return self.row is not None and self.row.n >= COLOURED_FROM

    @property
    def is_shown(self) -> bool:
        return self.row is not None and self.row.value is not None


@dataclass(frozen=True)
class Heat:
    columns: list[str]
    lines: list[tuple[str, list[Cell]]]


def heat(result: Result, part: Slice) -> Heat:
    """Largest groups first; what does not fit is found on the explore page."""
    down, across = result.by
    cells = {(row.key[down], row.key[across]): row for row in result.rows}
    rows = _largest(result, down)[:MOST_ROWS]
    columns = _largest(result, across)[:MOST_COLUMNS]

    def cell(a: str, b: str) -> Cell:
        return Cell(cells.get((a, b)), part.narrowed(**{down: a, across: b}).query(metric=result.metric.name))

    return Heat(
        [label(across, code) for code in columns],
        [(label(down, code), [cell(code, column) for column in columns]) for code in rows],
    )


def _largest(result: Result, dimension: str) -> list[str]:
    n: dict[str, int] = defaultdict(int)
    for row in result.rows:
        code = row.key[dimension]
        if code is not None:
            n[str(code)] += row.n
    return sorted(n, key=lambda code: (-n[code], code))
