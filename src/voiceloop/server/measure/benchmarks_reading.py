"""Own figures beside those of others: gaps with their uncertainty, and series without a claim of cause."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.analytics import registry
from voiceloop.analytics.benchmarks import Gap, ends, gap, interval
from voiceloop.analytics.chart import ACCENT, AXIS, CAPTION, SPLIT, option
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Row
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.benchmarks_models import Benchmark, OwnCircumstances, SeriesPoint
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.charts import Picture
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice

COLOURS = (ACCENT, "#0e7c86", "#d9541a", "#667085", "#b54708", "#93a8ee")


# What two figures must share, as people say that it differs.
FIELDS: dict[str, Any] = {
    "industry": gettext_lazy("other industry"),
    "size": gettext_lazy("other company size"),
    "country": gettext_lazy("other country"),
    "mode": gettext_lazy("asked in another way"),
}


def own_circumstances(user: User) -> OwnCircumstances:
    """What was said of the reader's unit, or of the nearest above it; nothing where nobody said it."""
    if user.unit is None:
        return OwnCircumstances()
    above = {unit.pk: place for place, unit in enumerate(user.unit.ancestors_and_self())}
    rows = OwnCircumstances.objects.filter(unit__in=above).order_by("pk")
    depth = {pk: len((path or "").split("/")) for pk, path in rows.values_list("pk", "unit__path")}
    found: OwnCircumstances | None = max(rows, key=lambda one: (depth[one.pk], one.pk), default=None)
    return found or OwnCircumstances()


@dataclass(frozen=True)
class Compared:
    """One benchmark with our own figure beside it."""

    benchmark: Benchmark
    metric: Metric
    own: Row
    gap: Gap
    query: str
    ours: OwnCircumstances

    @property
    def differs(self) -> list[str]:
        """What of the two is not the same, where both are known."""
        pairs = (
            (word, getattr(self.benchmark, name), getattr(self.ours, name)) for name, word in FIELDS.items()
        )
        return [
            _("%(what)s: %(theirs)s (ours: %(ours)s)") % {"what": word, "theirs": theirs, "ours": ours}
            for word, theirs, ours in pairs
            if theirs and ours and theirs.strip().casefold() != ours.strip().casefold()
        ]

    @property
    def unknown(self) -> list[str]:
        """What the benchmark says of itself and nobody has said of us."""
        return [
            getattr(self.benchmark, name)
            for name in FIELDS
            if getattr(self.benchmark, name) and not getattr(self.ours, name)
        ]

    @property
    def label(self) -> str:
        return metric_label(self.metric)

    @property
    def fmt(self) -> str:
        return FORMATS.get(self.metric.unit, "score")

    @property
    def theirs(self) -> tuple[float, float] | None:
        one = self.benchmark
        return interval(one.value, one.n, ends(self.metric, one.scale or None))

    @property
    def segment(self) -> str:
        return label("segment", self.benchmark.segment) if self.benchmark.segment else ""

    @property
    def word(self) -> str:
        words = {
            "ahead": _("ahead"),
            "behind": _("behind"),
            "open": _("cannot tell"),
            "no_own": _("no own figure"),
            "other_scale": _("other scale"),
        }
        return words[self.gap.verdict]

    @property
    def chip(self) -> str:
        # Ahead of another industry is neither good nor bad.
        if self.differs:
            return ""
        return {"ahead": "pos", "behind": "neg", "open": "warn"}.get(self.gap.verdict, "")


def compared(user: User, part: Slice) -> list[Compared]:
    """Newest first; a metric that this version no longer has is left out."""
    rows = Benchmark.objects.visible_to(user).valid().select_related("sheet").order_by("-as_of", "-pk")[:500]
    own: dict[tuple[str, str], tuple[Row, str]] = {}
    found, ours = [], own_circumstances(user)
    for one in rows:
        metric = registry.metrics().get(one.metric)
        if metric is None:
            continue
        key = one.metric, one.segment
        if key not in own:
            where = part.narrowed(segment=one.segment) if one.segment else part
            own[key] = numbers.result(metric, where).one, where.query(metric=metric.name)
        row, query = own[key]
        found.append(Compared(one, metric, row, gap(row, one.value, one.n, one.scale or None), query, ours))
    return found


@dataclass(frozen=True)
class Series:
    name: str
    points: list[SeriesPoint]

    @property
    def newest(self) -> SeriesPoint:
        return self.points[-1]


def series(user: User) -> list[Series]:
    """Of one day the point that was taken last."""
    rows = SeriesPoint.objects.visible_to(user).valid().order_by("series", "at", "pk")[:5000]
    found: dict[str, dict[date, SeriesPoint]] = defaultdict(dict)
    for one in rows:
        found[one.series][one.at] = one
    return [Series(name, list(points.values())) for name, points in found.items()]


def beside(metric: Metric, part: Slice, several: list[Series]) -> Picture:
    """The metric by month on the left axis, external series on the right one."""
    own = numbers.result(metric, part, every="month").rows
    months = sorted(
        {_month(row.key["period"]) for row in own} | {_month(p.at) for s in several for p in s.points}
    )
    values = {_month(row.key["period"]): row.value for row in own}
    small = {"fontSize": 11, "color": CAPTION}
    lines = [_line(metric_label(metric), [values.get(month) for month in months], 0, "solid")]
    for one, colour in zip(several, COLOURS[1:], strict=False):
        by_month = {_month(point.at): point.value for point in one.points}
        lines.append(_line(one.name, [by_month.get(month) for month in months], 1, "dashed", colour))
    said = _("%(metric)s beside %(series)s") % {
        "metric": metric_label(metric),
        "series": ", ".join(one.name for one in several),
    }
    axis = {"type": "value", "scale": True, "axisLabel": small, "splitLine": {"lineStyle": {"color": SPLIT}}}
    line = {"lineStyle": {"color": AXIS}}
    drawn = option(
        said,
        grid={"left": 40, "right": 44, "top": 34, "bottom": 24},
        legend={"top": 0, "left": 0, "itemWidth": 16, "textStyle": {"fontSize": 12, "color": CAPTION}},
        tooltip={"trigger": "axis"},
        xAxis={"type": "category", "data": months, "axisLine": line, "axisLabel": small},
        yAxis=[axis, {**axis, "splitLine": {"show": False}}],
        series=lines,
    )  # fmt: skip
    return Picture(drawn, said)


def _month(day: Any) -> str:
    return f"{day:%Y-%m}"


def _line(name: str, data: list[float | None], axis: int, kind: str, colour: str = ACCENT) -> dict[str, Any]:
    rounded = [None if value is None else round(value, 2) for value in data]
    look = {"lineStyle": {"width": 2, "type": kind, "color": colour}, "itemStyle": {"color": colour}}
    return {
        "type": "line", "name": name, "data": rounded, "yAxisIndex": axis, "connectNulls": True,
        "symbolSize": 5, **look,
    }  # fmt: skip
