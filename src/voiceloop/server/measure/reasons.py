"""How often each reason is named, and how people feel about it."""

from __future__ import annotations

from dataclasses import dataclass

from voiceloop.analytics.many import compare_among_many
from voiceloop.analytics.result import Row
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.server.measure import numbers
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice


@dataclass(frozen=True)
class Reason:
    code: str
    name: str
    n: int
    negative: int
    positive: int

    @property
    def neutral(self) -> int:
        return self.n - self.negative - self.positive


@dataclass(frozen=True)
class Alarm:
    """A reason whose negative share moved by more than chance."""

    name: str
    code: str
    before: float
    now: float

    @property
    def rose(self) -> bool:
        return self.now > self.before


def reasons(part: Slice, most: int = 6) -> list[Reason]:
    negative = _by_reason("reason_negative_share", part)
    positive = _by_reason("reason_positive_share", part)
    found = [
        Reason(code, label("reason", code), row.n, _count(row), _count(positive.get(code)))
        for code, row in negative.items()
        if row.n >= numbers.MIN_N
    ]
    return sorted(found, key=lambda reason: -reason.n)[:most]


def alarm(part: Slice) -> Alarm | None:
    """The surest change for the worse, if it is more than the chance of looking at so many reasons."""
    before = part.before()
    if before is None:
        return None
    then, now = _by_reason("reason_negative_share", before), _by_reason("reason_negative_share", part)
    codes = [code for code in now if code in then]
    looks = [compare_among_many(now[code], then[code]) for code in codes]
    sure = within_budget([look.p_value for look in looks])
    worse = [
        (look.p_value, code)
        for look, code, is_sure in zip(looks, codes, sure, strict=True)
        if is_sure and (look.difference or 0) > 0
    ]
    if not worse:
        return None
    code = min(worse)[1]
    return Alarm(label("reason", code), code, then[code].value or 0, now[code].value or 0)


def _by_reason(metric: str, part: Slice) -> dict[str, Row]:
    rows = numbers.result(metric, part, by=("label",)).rows
    return {str(row.key["label"]): row for row in rows if row.key["label"] is not None}


def _count(row: Row | None) -> int:
    return round((row.parts.mean or 0) * row.n) if row else 0
