"""A system's figures in one slice: every cell with its points, its interval and the way to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import get_language

from voiceloop.analytics.evaluation import MISSING, Points, Reading, composite, points
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Row
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.benchmarks_models import SeriesPoint
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.evaluation import DIMENSIONS, Entry, entries, metric_of
from voiceloop.server.measure.evaluation_models import Evaluation, EvaluationVersion
from voiceloop.server.measure.slices import Slice


@dataclass(frozen=True)
class Cell:
    """One indicator as it stands."""

    entry: Entry
    label: str
    definition: str
    points: Points
    share: float
    fmt: str = "score"
    row: Row | None = None
    outside: SeriesPoint | None = None
    owner: str = ""
    query: str = ""

    @property
    def value(self) -> float | None:
        return self.row.value if self.row else self.outside.value if self.outside else None


@dataclass(frozen=True)
class Dimension:
    code: str
    label: str
    weight: float
    share: float
    points: Points
    cells: list[Cell]


@dataclass(frozen=True)
class Scorecard:
    version: EvaluationVersion
    dimensions: list[Dimension]
    total: Points

    @property
    def missing(self) -> list[Cell]:
        return [cell for one in self.dimensions for cell in one.cells if cell.points.missing]


def scorecard(version: EvaluationVersion, part: Slice, user: User) -> Scorecard:
    content = entries(version)
    people = User.objects.filter(pk__in=[one.owner for one in content if one.owner])
    owners = {person.pk: str(person) for person in people}
    order = list(DIMENSIONS[version.evaluation.kind])
    content = sorted(content, key=lambda one: order.index(one.dimension) if one.dimension in order else 99)
    groups = [(code, list(of)) for code, of in groupby(content, key=lambda one: one.dimension)]
    weights = {code: of[0].of_dimension for code, of in groups}
    whole = sum(weights.values()) or 1.0
    found = [
        _dimension(version.evaluation, code, of, weights[code] / whole, part, user, owners)
        for code, of in groups
    ]
    total = composite([(one.weight, one.points) for one in found]) if sum(weights.values()) else MISSING
    return Scorecard(version, found, total)


def _dimension(
    evaluation: Evaluation,
    code: str,
    content: list[Entry],
    share: float,
    part: Slice,
    user: User,
    owners: dict[int, str],
) -> Dimension:
    whole = sum(one.weight for one in content)
    cells = [
        _cell(one, one.weight / whole * share if whole else 0.0, part, user, owners.get(one.owner or 0, ""))
        for one in content
    ]
    together = composite([(one.entry.weight, one.points) for one in cells]) if whole else MISSING
    label = str(DIMENSIONS[evaluation.kind].get(code, code))
    return Dimension(code, label, content[0].of_dimension, share, together, cells)


def _cell(entry: Entry, share: float, part: Slice, user: User, owner: str) -> Cell:
    if entry.series:
        return _outside(entry, share, user, owner)
    metric = metric_of(entry)
    if metric is None:
        return Cell(entry, entry.name, "", MISSING, share, owner=owner)
    row = numbers.result(metric, part).one
    reading = Reading(row.value, row.low, row.high)
    return Cell(
        entry, metric_label(metric), definition_of(metric), points(reading, entry.floor, entry.goal), share,
        FORMATS.get(metric.unit, "score"), row, None, owner, part.query(metric=metric.name),
    )  # fmt: skip


def _outside(entry: Entry, share: float, user: User, owner: str) -> Cell:
    """The newest value of an external series; nobody published how sure it is."""
    rows = SeriesPoint.objects.visible_to(user).valid().filter(series=entry.series, at__lte=localdate())
    newest = rows.order_by("-at").first()
    read = points(Reading(newest.value if newest else None), entry.floor, entry.goal)
    definition = newest.source if newest else ""
    return Cell(entry, entry.series, definition, read, share, outside=newest, owner=owner)


def definition_of(metric: Metric) -> str:
    return metric.definition_en if get_language() == "en" else metric.definition_zh


def as_json(card: Scorecard) -> dict[str, Any]:
    """The scorecard as plain JSON types, with nothing left out that the page says."""
    return {
        "version": card.version.number,
        "published_at": card.version.at,
        "by_id": card.version.by_id,
        **_points(card.total),
        "dimensions": [
            {
                "code": one.code,
                "weight": one.share,
                **_points(one.points),
                "indicators": [_json(cell) for cell in one.cells],
            }
            for one in card.dimensions
        ],
    }


def _json(cell: Cell) -> dict[str, Any]:
    row, entry = cell.row, cell.entry
    figure = {"value": cell.value, "low": row.low if row else None, "high": row.high if row else None}
    ends = {"floor": entry.floor, "goal": entry.goal, "weight": cell.share, "owner_id": entry.owner}
    read = {"points": cell.points.value, "points_low": cell.points.low, "points_high": cell.points.high}
    return {"metric": entry.metric, "n": row.n if row else None, **figure, **ends, **read}


def _points(points: Points) -> dict[str, Any]:
    return {"points": points.value, "low": points.low, "high": points.high, "missing": points.missing}
