"""One metric group by group, each against the others, with a budget for false alarms."""

from __future__ import annotations

from dataclasses import dataclass

from voiceloop.analytics.measure import compare
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Comparison, Row
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.measure import numbers
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice


@dataclass(frozen=True)
class Group:
    name: str
    row: Row
    against_rest: Comparison | None
    is_signal: bool
    query: str

    @property
    def better(self) -> bool | None:
        look = self.against_rest
        if look is None or look.difference is None:
            return None
        return (look.difference > 0) == (self.row.metric.better == "higher")


def breakdown(metric: Metric, part: Slice, by: str) -> list[Group]:
    rows = [row for row in numbers.result(metric, part, by=(by,)).rows if row.n]
    # What has no name is nobody's: answers without an agent are no colleague to be compared with.
    named = [row for row in rows if row.key[by] is not None]
    looks = [_against_rest(row, named) if row.key[by] is not None else None for row in rows]
    sure = within_budget([look.p_value if look else None for look in looks])
    groups = [
        Group(label(by, row.key[by]), row, look, is_sure, _query(part, metric, by, row))
        for row, look, is_sure in zip(rows, looks, sure, strict=True)
    ]
    return sorted(groups, key=lambda group: (group.row.value is None, -group.row.n))


def _query(part: Slice, metric: Metric, by: str, row: Row) -> str:
    code = row.key[by]
    return part.narrowed(**{by: None if code is None else str(code)}).query(metric=metric.name, by=by)


def _against_rest(row: Row, rows: list[Row]) -> Comparison | None:
    others = sum((other.parts for other in rows if other is not row and other.scale == row.scale), Parts())
    if row.value is None or others.n < numbers.MIN_N:
        return None
    rest = Row({}, others.n, others.mean, None, None, others, row.metric, row.scale)
    return compare(row, rest)
