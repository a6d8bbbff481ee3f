"""What rose and what fell in a week: every look at once, under one budget of false alarms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from voiceloop.analytics.groups import Groups
from voiceloop.analytics.many import compare_among_many
from voiceloop.analytics.metric import Share
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.voices import Side, counted, looks, named, shares
from voiceloop.server.measure import numbers
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store.sync import lake

# Under this many comments in the week nothing is looked at: a share of three people is no news.
LEAST = 10
THEMED = Share(
    name="theme_share",
    label_en="Comments on the theme",
    label_zh="主题提及率",
    definition_en="The share of comments that speak of the theme.",
    definition_zh="谈到该主题的原话占比。",
    table="annotations",
    better="lower",
    source="requirement 73",
)


@dataclass
class Move:
    """One figure of the week beside the weeks before. `subject` names what somebody can answer for."""

    subject: str
    what: str
    name: str
    now: Row
    then: Row
    change: Comparison
    href: str = ""
    owner: str = ""
    quotes: list[Any] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)

    @property
    def rose(self) -> bool:
        return (self.change.difference or 0) > 0

    @property
    def is_good(self) -> bool:
        return self.rose == (self.now.metric.better == "higher")

    @property
    def is_signal(self) -> bool:
        return self.change.verdict == "signal"

    @property
    def fmt(self) -> str:
        return "nps" if self.now.metric.unit == "points" else "pct"


def moves(part: Slice, before: Slice) -> list[Move]:
    """Every look, signals first, the largest difference first."""
    found = [*_of_reasons(part, before), *_of_touchpoints(part, before), *_of_voices(part, before)]
    found += _of_themes(part, before)
    holds = within_budget([move.change.p_value for move in found])
    judged = [
        replace(move, change=replace(move.change, verdict="signal" if holds_ else "noise"))
        for move, holds_ in zip(found, holds, strict=True)
    ]
    return sorted(judged, key=lambda move: (not move.is_signal, -abs(move.change.difference or 0)))


def _of_reasons(part: Slice, before: Slice) -> Iterable[Move]:
    sides: tuple[Side, ...] = ("negative", "positive")
    for side in sides:
        now, then = (
            named(lake(), side=side, min_n=numbers.MIN_N, **one.arguments()) for one in (part, before)
        )
        for a, b in _pairs(now, then, "label"):
            code = str(a.key["label"])
            yield _move(f"reason:{code}", metric_label(a.metric), label("reason", code), a, b)


def _of_touchpoints(part: Slice, before: Slice) -> Iterable[Move]:
    for metric in ("negative_share", "nps"):
        now, then = (numbers.result(metric, one, by=("touchpoint",)) for one in (part, before))
        for a, b in _pairs(now, then, "touchpoint"):
            code = str(a.key["touchpoint"])
            yield _move(f"touchpoint:{code}", metric_label(a.metric), label("touchpoint", code), a, b)


def _of_voices(part: Slice, before: Slice) -> Iterable[Move]:
    for voice in ("praise", "problem", "suggestion"):
        metric = f"{voice}_share"
        a, b = (numbers.result(metric, one).one for one in (part, before))
        if _is_enough(a, b):
            yield _move(f"voice:{voice}", metric_label(a.metric), label("voice", voice), a, b)


def _of_themes(part: Slice, before: Slice) -> Iterable[Move]:
    """The share of the comments that speak of a theme; neither more nor fewer is good by itself."""
    whole = [numbers.result("understood_share", one).one.n for one in (part, before)]
    of_theme = replace(THEMED, where="kind = 'theme'", hit="TRUE")
    now, then = (
        {row.key["label"]: row.n for row in numbers.result(of_theme, one, by=("label",)).rows}
        for one in (part, before)
    )
    for code, n in now.items():
        pairs = zip(whole, (n, then.get(code, 0)), strict=True)
        a, b = (
            counted(THEMED, Groups({}, shares([base], [k])), min_n=numbers.MIN_N).one for base, k in pairs
        )
        if _is_enough(a, b):
            yield _move(f"theme:{code}", metric_label(THEMED), label("theme", code), a, b)


def _pairs(now: Result, then: Result, key: str) -> Iterable[tuple[Row, Row]]:
    before = {row.key[key]: row for row in then.rows}
    for row in now.rows:
        other = before.get(row.key[key])
        if row.key[key] is not None and other and _is_enough(row, other) and row.scale == other.scale:
            yield row, other


def _is_enough(a: Row, b: Row) -> bool:
    return a.value is not None and b.value is not None and min(a.n, b.n) >= LEAST


def _move(subject: str, what: str, name: str, a: Row, b: Row) -> Move:
    [change] = looks([(a, b)]) if isinstance(a.metric, Share) else [compare_among_many(a, b)]
    return Move(subject, what, name, a, b, change)


def subject_word(subject: str) -> str:
    kind, _colon, code = subject.partition(":")
    words = {"touchpoint": dimension_label("touchpoint")}
    return f"{words.get(kind, '')} {label(kind, code)}".strip()
