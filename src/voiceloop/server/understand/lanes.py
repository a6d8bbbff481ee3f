"""The three voices side by side: how many, what share, against the period before, and over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.analytics import registry
from voiceloop.analytics.chart import CAPTION, SPLIT
from voiceloop.analytics.charts.trend import period_label
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.analytics.voices import looks
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.tally import VOICES, Tally

ICONS = {"praise": "mood-smile", "problem": "mood-sad", "suggestion": "bulb"}
COLOURS = {"praise": "--nps-promoter", "problem": "--nps-detractor", "suggestion": "--tblr-primary"}
METRICS = {name: f"{name}_share" for name in VOICES}


@dataclass(frozen=True)
class Lane:
    """One voice: its comments, its share of all three, and what became of it."""

    code: str
    n: int
    row: Row
    trend: Result
    change: Comparison | None = None

    @property
    def name(self) -> str:
        return label("voice", self.code)

    @property
    def title(self) -> str:
        return metric_label(self.row.metric)

    @property
    def icon(self) -> str:
        return ICONS[self.code]

    @property
    def spark(self) -> list[float]:
        known = [row.value for row in self.trend.rows if row.value is not None]
        return known if len(known) > 1 else []

    @property
    def better(self) -> bool | None:
        if self.change is None or not self.change.difference:
            return None
        return (self.change.difference > 0) == (self.row.metric.better == "higher")

    def to_dict(self) -> dict[str, Any]:
        change = self.change
        return {
            "voice": self.code,
            "n_comments": self.n,
            "share": self.row.to_dict() | {"metric": self.row.metric.name},
            "change": None if change is None else vars(change),
            "trend": [row.to_dict() for row in self.trend.rows],
        }


def lanes(now: Tally, before: Tally | None) -> list[Lane]:
    """Three comparisons are three looks: of those called a signal at most one in twenty is chance."""
    rows = [_share(now, voice) for voice in VOICES]
    then = [_share(before, voice) for voice in VOICES] if before else [None] * len(VOICES)
    pairs = [
        (a, b) for a, b in zip(rows, then, strict=True) if b and a.value is not None and b.value is not None
    ]
    changes = dict(zip((a.metric.name for a, _b in pairs), looks(pairs), strict=True))
    return [
        Lane(voice, now.n("voice", voice), row, _trend(now, voice), changes.get(row.metric.name))
        for voice, row in zip(VOICES, rows, strict=True)
    ]


def _share(tally: Tally, voice: str) -> Row:
    return tally.share(registry.metric(METRICS[voice]), "voice", [voice], VOICES).one


def _trend(tally: Tally, voice: str) -> Result:
    return tally.trend(registry.metric(METRICS[voice]), "voice", [voice], VOICES)


def understood(tally: Tally) -> Row:
    """The share of comments that the model could read at all."""
    names = [name for name, _n in tally.labels("sentiment")]
    known = [name for name in names if name != "unknown"]
    return tally.share(registry.metric("understood_share"), "sentiment", known, names).one


def picture(found: list[Lane]) -> dict[str, Any]:
    """Three shares over time on one axis, the number of comments as faint bars at the foot."""
    rows = found[0].trend.rows
    periods = [period_label(row.key["period"], found[0].trend.every) for row in rows]
    most = max((row.n for row in rows), default=0)
    small = {"fontSize": 11, "color": CAPTION}
    bars = {
        "name": "n", "type": "bar", "yAxisIndex": 1, "data": [row.n for row in rows], "barWidth": "46%",
        "itemStyle": {"color": "#eef0f3", "borderRadius": [2, 2, 0, 0]},
    }  # fmt: skip
    return {
        "animation": False,
        "aria": {"enabled": True, "label": {"description": finding(found)}},
        "grid": {"left": 40, "right": 76, "top": 16, "bottom": 24},
        "tooltip": {"trigger": "axis", "backgroundColor": "#fff", "borderColor": "#e4e7ec"},
        "xAxis": {"type": "category", "data": periods, "axisTick": {"show": False}, "axisLabel": small},
        "yAxis": [
            {"type": "value", "min": 0, "axisLabel": {**small, "formatter": {"$fmt": "pct"}},
             "splitLine": {"lineStyle": {"color": SPLIT}}},
            {"type": "value", "min": 0, "max": max(most * 5, 1), "show": False},
        ],
        "series": [bars, *(_line(lane) for lane in found)],
    }  # fmt: skip


def _line(lane: Lane) -> dict[str, Any]:
    colour = {"$css": COLOURS[lane.code]}
    return {
        "name": lane.name,
        "type": "line",
        "data": [None if row.value is None else round(row.value, 1) for row in lane.trend.rows],
        "symbol": "circle",
        "symbolSize": 5,
        "lineStyle": {"width": 2.5, "color": colour},
        "itemStyle": {"color": colour},
        "endLabel": {"show": True, "formatter": "{a}", "color": colour, "fontSize": 12, "fontWeight": 600},
        "tooltip": {"valueFormatter": {"$fmt": "pct"}},
        "labelLayout": {"moveOverlap": "shiftY"},
    }


def finding(found: list[Lane]) -> str:
    """What the chart shows, in one sentence."""
    moved = [lane for lane in found if lane.change and lane.change.verdict == "signal"]
    if not moved:
        return _("Praise, problems and suggestions over time; none moved by more than chance")
    words = [
        (_("%(voice)s rose") if (lane.change and (lane.change.difference or 0) > 0) else _("%(voice)s fell"))
        % {"voice": lane.name}
        for lane in moved
    ]
    return (", " if get_language() == "en" else "，").join(words)


def table(found: list[Lane]) -> dict[str, Any]:
    """The same as a table."""
    trend = found[0].trend
    head = [_("Period"), "n", *(lane.title for lane in found)]
    lines = [
        [
            period_label(row.key["period"], trend.every),
            f"{row.n:,}",
            *(_said(lane.trend.rows[at]) for lane in found),
        ]
        for at, row in enumerate(trend.rows)
    ]
    return {"head": head, "rows": lines}


def _said(row: Row) -> str:
    return "—" if row.value is None else f"{row.value:.1f}% ({row.low:.0f}–{row.high:.0f})"
