"""The touchpoint board: three metrics side by side, each touchpoint with its trend and control status."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from voiceloop.analytics.control import ControlChart, control_charts
from voiceloop.analytics.result import Row
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure import numbers
from voiceloop.server.measure.cards import card
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.heat import heat
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice, in_words

THREE = ("nps", "csat", "ces")
WEEKS = 26


@dataclass(frozen=True)
class Line:
    """One touchpoint."""

    code: str
    name: str
    figures: dict[str, Row]
    spark: list[float]
    chart: ControlChart | None
    query: str

    @property
    def since(self) -> date | None:
        """Since when it has been off its usual level; None while it is on it."""
        points = self.chart.points if self.chart else ()
        return points[-1].since if points else None

    @property
    def rose(self) -> bool | None:
        last = self.chart.points[-1] if self.chart and self.chart.points else None
        if last is None or last.value is None or last.centre is None:
            return None
        return last.value > last.centre

    @property
    def weeks(self) -> int:
        return len(self.chart.points) if self.chart else 0

    @property
    def of_metric(self) -> list[tuple[str, Row | None]]:
        return [(name, self.figures.get(name)) for name in THREE]


def board(part: Slice) -> list[Line]:
    """By number of answers, never by score: a rank on score alone punishes the hard touchpoints."""
    figures: dict[str, dict[str, Row]] = defaultdict(dict)
    for name in THREE:
        for row in numbers.result(name, part, by=("touchpoint",)).rows:
            if row.key["touchpoint"] is not None:
                figures[str(row.key["touchpoint"])][name] = row
    charts, sparks = watched(part)
    lines = [
        Line(
            code, label("touchpoint", code), rows, sparks.get(code, []), charts.get(code),
            part.narrowed(touchpoint=code).query(metric="nps"),
        )
        for code, rows in figures.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-sum(row.n for row in line.figures.values()), line.code))


def watched(part: Slice) -> tuple[dict[str, ControlChart], dict[str, list[float]]]:
    """Whole weeks up to the last one that has ended, whatever period the page shows."""
    monday = localdate() - timedelta(days=localdate().weekday())
    span = replace(part, since=monday - timedelta(weeks=WEEKS), until=monday, days=None)
    found = numbers.result("nps", span, by=("touchpoint",), every="week")
    series: dict[str, list[Any]] = defaultdict(list)
    sparks: dict[str, list[float]] = defaultdict(list)
    for row in found.rows:
        if row.key["touchpoint"] is None or not row.n:
            continue
        code = str(row.key["touchpoint"])
        series[code].append((row.key["period"], row.parts))
        if row.value is not None:
            sparks[code].append(row.value)
    return control_charts(series, "nps", found.scale), sparks


@requires("measure.see")
def page(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # behind LoginRequiredMiddleware
    part = Slice.of(user, request.GET)
    context = {
        "cards": [card(name, part, span=4) for name in THREE],
        "lines": board(part),
        "heat": heat(numbers.result("nps", part, by=("touchpoint", "tier")), part),
        "choices": choices(user, part),
        "words": in_words(part),
        "part": part,
        "weeks": WEEKS,
    }
    return render(request, "measure/touchpoints.html", context)
