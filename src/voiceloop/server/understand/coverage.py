"""How much of what customers wrote was understood: shown beside every chart about labels."""

from __future__ import annotations

from dataclasses import dataclass

from voiceloop.analytics.result import Row
from voiceloop.server.measure import numbers
from voiceloop.server.measure.slices import Slice

METRIC = "understood_share"


@dataclass(frozen=True)
class Coverage:
    """Share of comments with a feeling that could be told; None where too few were written."""

    n: int
    share: float | None
    low: float | None
    high: float | None

    @property
    def missed(self) -> float | None:
        return None if self.share is None else 100.0 - self.share


def coverage(part: Slice) -> Coverage:
    """For `understand/_coverage.html`."""
    return _of(numbers.result(METRIC, part).one)


def trend(part: Slice) -> list[tuple[str, Coverage]]:
    """Month by month."""
    rows = numbers.result(METRIC, part, every="month").rows
    return [(f"{row.key['period']:%Y-%m}", _of(row)) for row in rows]


def _of(row: Row) -> Coverage:
    return Coverage(row.n, row.value, row.low, row.high)
