"""What a question is answered with: figures that carry their n, interval, method and date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from voiceloop.analytics.groups import Groups
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.stats.difference import Verdict
from voiceloop.analytics.stats.parts import Parts

if TYPE_CHECKING:
    import pyarrow as pa

Key = Mapping[str, str | int | date | None]


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes
    ----------
    key : mapping
        The group: dimension → code, and 'period' → first day when asked per period.
    n : int
        Rows counted.
    value, low, high : float or None
        Figure and interval in the metric's unit; None when n is 0 or below ``min_n``.
    parts : Parts
        The sums behind it.
    metric : Metric
    scale : str or None
        Scale on which it was measured.
    """

    key: Key
    n: int
    value: float | None
    low: float | None
    high: float | None
    parts: Parts
    metric: Metric = field(repr=False)
    scale: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as plain JSON types."""
        key = {name: f"{k:%Y-%m-%d}" if isinstance(k, date) else k for name, k in self.key.items()}
        figure = {"key": key, "n": self.n, "value": self.value, "low": self.low, "high": self.high}
        return figure | ({"more": dict(self.more)} if self.more else {})

    @property
    def more(self) -> Mapping[str, float | None]:
        """What else the metric tells of a group that is shown, such as a duration's mean, p90 and p99."""
        return {} if self.value is None else self.metric.more(self.parts)


@dataclass(frozen=True)
class Result:
    """The answer to one question.

    Attributes
    ----------
    metric : Metric
    groups : Groups
        The sums of every group, on which all figures rest.
    figures : (values, lows, highs)
        Arrays in the order of ``groups``, NaN where withheld.
    method : str
        How the intervals are made.
    as_of : datetime or None
        When the data last changed.
    filter : tuple of (name, values)
        What was asked of the rows.
    by : tuple of str
    every : str or None
    scale : str or None
        The one scale measured on; None when grouped by scale or without scales.
    left_out : mapping of str to int
        Answers on other scales, which are never pooled: scale → n.
    source : str
        What was read: 'rows', or the name of the cube that held the sums already.
    """

    metric: Metric
    groups: Groups
    figures: tuple[Any, Any, Any]
    method: str
    as_of: datetime | None
    filter: tuple[tuple[str, Any], ...]
    by: tuple[str, ...]
    every: str | None = None
    weighted: bool = False
    confidence: float = 0.95
    scale: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    source: str = "rows"

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """One figure a group, in the order of the periods, then of the keys."""
        values, lows, highs = ([None if np.isnan(x) else x for x in f.tolist()] for f in self.figures)
        names, columns = list(self.groups.keys), self.groups.keys.values()
        keys = [dict(zip(names, key, strict=True)) for key in zip(*columns, strict=True)] if names else [{}]
        found = [
            Row(key, int(parts.n), value, low, high, parts, self.metric, self.scale or key.get("scale"))
            for key, parts, value, low, high in zip(keys, self.groups.parts, values, lows, highs, strict=True)
        ]
        return tuple(sorted(found, key=_order))

    @property
    def one(self) -> Row:
        """The figure of a question without groups.

        Raises
        ------
        ValueError
            When there are groups.
        """
        (row,) = self.rows
        return row

    @property
    def total(self) -> Parts:
        """The sums of all rows together."""
        return sum((row.parts for row in self.rows), Parts())

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain JSON types."""
        return {
            "metric": self.metric.name,
            "unit": self.metric.unit,
            "method": self.method,
            "confidence": self.confidence,
            "weighted": self.weighted,
            "scale": self.scale,
            "left_out": dict(self.left_out),
            "source": self.source,
            "version": self.metric.version,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "filter": {
                name: [str(v) if isinstance(v, date) else v for v in values] for name, values in self.filter
            },
            "by": list(self.by),
            "every": self.every,
            "rows": [row.to_dict() for row in self.rows],
        }

    def to_arrow(self) -> pa.Table:
        """Return the rows as an Arrow table: key columns, n, value, low, high."""
        import pyarrow as pa

        names = [*self.by, *(["period"] if self.every else [])]
        keys = {name: [row.key[name] for row in self.rows] for name in names}
        figures = {name: [getattr(row, name) for row in self.rows] for name in ("value", "low", "high")}
        table = pa.table({**keys, "n": pa.array([row.n for row in self.rows], pa.int64())})
        for name, column in figures.items():
            table = table.append_column(name, pa.array(column, pa.float64()))
        return table


def _order(row: Row) -> tuple[Any, ...]:
    period = row.key.get("period") or date.min
    return (period, *((value is None, str(value)) for name, value in row.key.items() if name != "period"))


@dataclass(frozen=True)
class Comparison:
    """a − b in the metric's unit, with its interval, and whether it is more than chance."""

    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    verdict: Verdict
