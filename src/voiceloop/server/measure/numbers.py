"""Numbers within the rights of their reader: every page, export and endpoint asks here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voiceloop.analytics import registry
from voiceloop.analytics.measure import compare, measure
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store.sync import lake

# Under this many answers nothing is shown: a cell could be one person.
MIN_N = 5


@dataclass(frozen=True)
class Figure:
    """One number with everything that must travel with it."""

    metric: Metric
    row: Row
    result: Result
    part: Slice
    change: Comparison | None = None

    @property
    def better(self) -> bool | None:
        """Whether the change is good news; None when there is none."""
        if self.change is None or self.change.difference is None:
            return None
        return (self.change.difference > 0) == (self.metric.better == "higher")


def result(metric: str | Metric, part: Slice, *, by: Sequence[str] = (), **more: Any) -> Result:
    return measure(lake(), metric, by=by, min_n=MIN_N, **part.arguments(), **more)


def figure(metric: str, part: Slice, *, weighted: bool = False) -> Figure:
    """The number now, and how it moved against the period before."""
    now = result(metric, part, weighted=weighted)
    before = part.before()
    change = None
    if before is not None:
        then = result(metric, before, weighted=weighted).one
        if then.value is not None and now.one.value is not None and then.scale == now.one.scale:
            change = compare(now.one, then)
    return Figure(registry.metric(metric), now.one, now, part, change)


def trend(metric: str | Metric, part: Slice, *, weighted: bool = False) -> Result:
    """The number over time, in steps that leave a readable number of points."""
    return result(metric, part, every=_step(part), weighted=weighted)


def _step(part: Slice) -> str:
    days = (part.until - part.since).days if part.since and part.until else 3650
    return "day" if days <= 14 else "week" if days <= 200 else "month" if days <= 1500 else "quarter"
