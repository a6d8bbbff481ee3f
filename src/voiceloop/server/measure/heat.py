"""A table of one metric by two dimensions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from voiceloop.analytics.result import Result, Row
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice

# Columns and rows that a person can take in at once.
MOST_ROWS, MOST_COLUMNS = 12, 6
COLOURED_FROM = 30
# The ends of the colours: those of an NPS; other figures are laid between their own ends.
COLD, WARM = -40.0, 80.0

Codes = dict[str, str | None]


@dataclass(frozen=True)
class Cell:
    row: Row | None
    url: str
    shade: float = 0.0

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
    cold: float
    warm: float


def heat(
    result: Result,
    part: Slice,
    *,
    most: tuple[int, int] = (MOST_ROWS, MOST_COLUMNS),
    url: Callable[[Codes], str] | None = None,
) -> Heat:
    """Largest groups first; what does not fit is found on the explore page."""
    down, across = result.by
    cells = {(row.key[down], row.key[across]): row for row in result.rows}
    rows = _largest(result, down)[: most[0]]
    columns = _largest(result, across)[: most[1]]
    cold, warm = _ends(result)

    def to_explore(codes: Codes) -> str:
        return f"{reverse('explore')}?{part.narrowed(**codes).query(metric=result.metric.name)}"

    def cell(a: str, b: str) -> Cell:
        row = cells.get((a, b))
        shade = _shade(row.value, cold, warm) if row and row.value is not None else 0.0
        return Cell(row, (url or to_explore)({down: a, across: b}), shade)

    return Heat(
        [label(across, code) for code in columns],
        [(label(down, code), [cell(code, column) for column in columns]) for code in rows],
        cold,
        warm,
    )


def _ends(result: Result) -> tuple[float, float]:
    """The worst and the best value that have a colour."""
    if result.metric.unit == "points":
        return COLD, WARM
    known = [row.value for row in result.rows if row.value is not None and row.n >= COLOURED_FROM]
    ends = (min(known), max(known)) if known else (0.0, 1.0)
    return ends if result.metric.better == "higher" else (ends[1], ends[0])


def _shade(value: float, cold: float, warm: float) -> float:
    return COLD + (WARM - COLD) * (value - cold) / (warm - cold) if warm != cold else (COLD + WARM) / 2


def _largest(result: Result, dimension: str) -> list[str]:
    n: dict[str, int] = defaultdict(int)
    for row in result.rows:
        code = row.key[dimension]
        if code is not None:
            n[str(code)] += row.n
    return sorted(n, key=lambda code: (-n[code], code))
