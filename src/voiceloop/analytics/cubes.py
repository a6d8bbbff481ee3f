"""Sums of whole months that the lake keeps beside its rows, so that a dashboard need not read them.

A cube holds, for each combination of a few dimensions, what every metric of scores is made of. It is made
month by month and kept with the files it was made from: a month whose files have changed since is read
from its rows, until the cube has been made again. So a figure is the same with cubes and without.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sqlglot import exp

from voiceloop.analytics import plan
from voiceloop.analytics.engines.duck import DuckEngine
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.metric import Average, in_classes
from voiceloop.analytics.plan import SCORE_CLASS, Question
from voiceloop.analytics.scales import DETRACTOR, PASSIVE, PROMOTER, SCALES
from voiceloop.analytics.scan import Scan

TABLE = "answers"
# Our choice: readers hold a list of files for moments only; old cubes stay for this long all the same.
KEPT_SECONDS = 600
_CLASSES = (PROMOTER, PASSIVE, DETRACTOR)


@dataclass(frozen=True)
class Cube:
    """Sums of the answers of each month by some dimensions; ``day`` and ``score`` may be among them.

    Attributes
    ----------
    name : str
    dimensions : tuple of str
        In the order in which rows are stored: what is filtered by most comes first.
    of : str
        The finer cube from which it is made; rows, when empty.
    """

    name: str
    dimensions: tuple[str, ...]
    of: str = ""

    @property
    def keeps_scores(self) -> bool:
        """Whether every score is kept apart, so that any classes can be made of them."""
        return "score" in self.dimensions


# A question is answered from the smallest that knows enough, so each comes fine and coarse.
CUBES = (
    Cube("day", ("touchpoint", "channel", "segment", "day")),
    Cube("day_channel", ("touchpoint", "channel", "day"), of="day"),
    Cube("day_segment", ("touchpoint", "segment", "day"), of="day"),
    Cube("month", ("touchpoint", "channel", "segment"), of="day"),
    Cube("agent_day", ("region", "unit", "team", "agent", "day")),
    Cube("agent", ("region", "unit", "team", "agent"), of="agent_day"),
    Cube("unit_day", ("region", "unit", "day"), of="agent_day"),
    Cube("region", ("region", "touchpoint", "channel", "segment")),
    Cube("region_segment", ("region", "touchpoint", "segment"), of="region"),
    Cube("region_channel", ("region", "channel", "segment"), of="region"),
    Cube("unit", ("region", "unit", "touchpoint", "channel")),
    Cube("unit_touchpoint", ("region", "unit", "touchpoint"), of="unit"),
    Cube("person", ("region", "segment", "tier", "language")),
    Cube("score", ("touchpoint", "channel", "score", "day")),
    Cube("score_day", ("touchpoint", "score", "day"), of="score"),
    Cube("score_month", ("touchpoint", "channel", "score"), of="score"),
)


@dataclass(frozen=True)
class Part:
    """One month of one cube: its file, the state of the rows it was made from, and its size."""

    file: str
    token: str
    version: int
    n_rows: int
    n_bytes: int


@dataclass(frozen=True)
class Covered:
    """What a question can be answered with: a cube's files for some months, rows for the others."""

    cube: Cube
    cube_scan: Scan
    rows_scan: Scan | None


class Cubes:
    """The cubes of one lake.

    Parameters
    ----------
    lake : Lake

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> Cubes(tiny_lake()).status()["n_bytes"]
    0
    """

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.folder = lake.path / "cubes"

    def rebuild(self, months: frozenset[str] | None = None) -> int:
        """Make anew every month that has changed, or those of some months; return how many were made.

        One process at a time, the one that writes the lake. Readers see each month before or after.
        """
        tokens = self.lake.tokens(TABLE)
        kept = {cube: dict(parts) for cube, parts in self.parts().items()}
        n_made = 0
        for month, token in tokens.items():
            stale = [cube for cube in CUBES if _token_of(kept, cube, month) != token]
            if not stale or (months is not None and month not in months):
                continue
            for cube in stale:
                kept.setdefault(cube.name, {})[month] = self._make(cube, month, token)
            n_made += 1
            self._publish(kept)
        gone = {month for parts in kept.values() for month in parts} - set(tokens)
        if gone:
            self._publish(
                {cube: {m: p for m, p in parts.items() if m in tokens} for cube, parts in kept.items()}
            )
        if n_made or gone:
            self._sweep()
        return n_made

    def stale(self) -> tuple[str, ...]:
        """Return the months whose rows have changed since their cubes were made."""
        kept = self.parts()
        tokens = self.lake.tokens(TABLE)
        return tuple(m for m, token in tokens.items() if any(_token_of(kept, c, m) != token for c in CUBES))

    def status(self) -> dict[str, Any]:
        """Return sizes by cube, for the health page and the benchmark."""
        parts = self.parts()
        sizes = {
            cube: {
                "n_rows": sum(p.n_rows for p in kept.values()),
                "n_bytes": sum(p.n_bytes for p in kept.values()),
            }
            for cube, kept in parts.items()
        }
        return {
            "cubes": sizes,
            "n_bytes": sum(size["n_bytes"] for size in sizes.values()),
            "stale": self.stale(),
        }

    def parts(self) -> Mapping[str, Mapping[str, Part]]:
        """Return cube → month → part, as last published."""
        manifest = self.folder / "manifest.json"
        try:
            stamp = manifest.stat()
        except FileNotFoundError:
            return {}
        return _published(str(manifest), stamp.st_mtime_ns, stamp.st_ino)

    def covering(self, question: Question) -> Covered | None:
        """Return what a question can be answered with; None when no cube knows enough."""
        if not is_additive(question):
            return None
        kept, tokens = self.parts(), self.lake.tokens(TABLE)
        best: tuple[int, Cube, list[str]] | None = None
        for cube in CUBES:
            if not _knows(cube, question):
                continue
            months = [
                month
                for month, part in kept.get(cube.name, {}).items()
                if part.token == tokens.get(month) and _is_within(month, question, cube)
            ]
            size = sum(kept[cube.name][month].n_rows for month in months)
            if months and (best is None or (-len(months), size) < (-len(best[2]), best[0])):
                best = (size, cube, months)
        return self._covered(best[1], sorted(best[2]), question) if best else None

    def _covered(self, cube: Cube, months: list[str], question: Question) -> Covered | None:
        parts = self.parts()[cube.name]
        files = tuple(str(self.folder / cube.name / f"month={month}" / parts[month].file) for month in months)
        others = [
            month for month in self.lake.tokens(TABLE) if month not in months and _touches(month, question)
        ]
        rows = self.lake.scan_months(TABLE, others) if others else None
        return Covered(cube, Scan(TABLE, (str(self.folder), cube.name), files), rows)

    def _make(self, cube: Cube, month: str, token: str) -> Part:
        folder = self.folder / cube.name / f"month={month}"
        folder.mkdir(parents=True, exist_ok=True)
        final = folder / f"{token}.parquet"
        part = folder / f".{token}.{os.getpid()}"
        n_rows = _duck().write(_making(cube), self._made_from(cube, month, token), str(part))
        os.replace(part, final)
        return Part(final.name, token, self.lake.version(TABLE), n_rows, final.stat().st_size)

    def _made_from(self, cube: Cube, month: str, token: str) -> Scan:
        if not cube.of:
            return self.lake.scan_months(TABLE, [month])
        file = self.folder / cube.of / f"month={month}" / f"{token}.parquet"
        return Scan(TABLE, (str(self.folder), cube.of), (str(file),))

    def _publish(self, kept: Mapping[str, Mapping[str, Part]]) -> None:
        said = {cube: {month: vars(part) for month, part in parts.items()} for cube, parts in kept.items()}
        draft = self.folder / f".manifest.{os.getpid()}"
        draft.write_text(json.dumps(said))
        os.replace(draft, self.folder / "manifest.json")

    def _sweep(self) -> None:
        """Remove files that no reader can still be holding."""
        named = {
            (cube, month, part.file) for cube, parts in self.parts().items() for month, part in parts.items()
        }
        for path in self.folder.glob("*/month=*/*"):
            where = (path.parent.parent.name, path.parent.name.removeprefix("month="), path.name)
            if where not in named and path.stat().st_mtime < time.time() - KEPT_SECONDS:
                path.unlink(missing_ok=True)


def is_additive(question: Question) -> bool:
    """Say whether a figure can be put together from sums: not with weights, clusters or other tables."""
    metric = question.metric
    plain = metric.table == TABLE and not metric.derived and not metric.where
    return plain and not question.weighted and question.cluster is None and bool(metric.scales)


def cube_sums(question: Question, cube: Cube) -> exp.Select:
    """Return `plan.sums` for the rows of a cube in place of answers."""
    n = exp.column("n")
    totals: dict[str, exp.Expr] = {"n": exp.Sum(this=n)}
    conditions = plan.hit_conditions(question)
    if conditions is None:
        x = exp.column("score")
        totals |= (
            {"t": exp.Sum(this=x * n), "s": exp.Sum(this=x * x * n)}
            if cube.keeps_scores
            else {"t": exp.Sum(this=exp.column("total")), "s": exp.Sum(this=exp.column("squares"))}
        )
    elif cube.keeps_scores:
        for i, condition in enumerate(conditions):
            totals[f"h{i}"] = exp.Sum(this=exp.Case().when(condition, n).else_(exp.Literal.number(0)))
    else:
        for i, classes in enumerate(plan.hit_classes(question)):
            added = [exp.column(name) for name in classes]
            totals[f"h{i}"] = exp.Sum(this=sum(added[1:], start=added[0]))
    keys = plan.keys_of(question)
    found = exp.select(*keys, *(total.as_(name) for name, total in totals.items())).from_("facts")
    # Where no day is kept, only months that lie whole within the period are read.
    kept = question if "day" in cube.dimensions else replace(question, since=None, until=None)
    found = found.where(*plan.filters(kept), copy=False)
    return found.group_by(*(exp.Literal.number(i) for i, _ in enumerate(keys, 1))) if keys else found


def _knows(cube: Cube, question: Question) -> bool:
    metric = question.metric
    needed = {*question.by, *(name for name, _ in question.where)} - {"question", "scale", "month"}
    if question.every in ("day", "week"):
        needed.add("day")
    own_classes = metric.classes is not None or SCORE_CLASS in needed
    if own_classes or (metric.adds not in ("", "score")):
        needed.add("score")
    if isinstance(metric, Average) and metric.adds != "score":
        return False
    return needed - {SCORE_CLASS} <= set(cube.dimensions)


def _is_within(month: str, question: Question, cube: Cube) -> bool:
    """Say whether a cube can answer for a month: one without days only for whole months."""
    if not _touches(month, question):
        return False
    if "day" in cube.dimensions:
        return True
    first, after = _ends(month)
    starts_early = question.since is None or question.since <= first
    return starts_early and (question.until is None or question.until >= after)


def _touches(month: str, question: Question) -> bool:
    first, after = _ends(month)
    begins = question.until is None or first < question.until
    months = dict(question.where).get("month")
    return begins and (question.since is None or question.since < after) and (not months or month in months)


@lru_cache(maxsize=1024)
def _ends(month: str) -> tuple[date, date]:
    first = date(int(month[:4]), int(month[5:7]), 1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _token_of(kept: Mapping[str, Mapping[str, Part]], cube: Cube, month: str) -> str:
    part = kept.get(cube.name, {}).get(month)
    return part.token if part else ""


@lru_cache(maxsize=8)
def _published(manifest: str, stamp: int, inode: int) -> Mapping[str, Mapping[str, Part]]:
    said = json.loads(Path(manifest).read_text())
    return {cube: {month: Part(**part) for month, part in parts.items()} for cube, parts in said.items()}


def _making(cube: Cube) -> str:
    """SQL of a cube's rows, in the order in which they are stored."""
    names = ", ".join(("question", "scale", *cube.dimensions))
    counts = {"n": "COUNT(*)"} if not cube.of else {"n": "SUM(n)"}
    sums = {}
    if not cube.keeps_scores:
        counts |= {name: f"SUM({name})" if cube.of else f"COUNT_IF({_is_class(name)})" for name in _CLASSES}
        sums = (
            {"total": "total", "squares": "squares"}
            if cube.of
            else {"total": "score", "squares": "score * score"}
        )
    measures = [f"CAST({sql} AS INTEGER) AS {name}" for name, sql in counts.items()]
    measures += [f"SUM({sql}) AS {name}" for name, sql in sums.items()]
    known = "" if cube.of else "WHERE score IS NOT NULL "
    return f"SELECT {names}, {', '.join(measures)} FROM facts {known}GROUP BY ALL ORDER BY {names}"


def _is_class(name: str) -> str:
    arms = (
        f"WHEN '{scale.id}' THEN {condition}"
        for scale in SCALES.values()
        if (condition := in_classes(scale.classes.bounds, (name,)))
    )
    return f"CASE scale {' '.join(arms)} END"


@cache
def _duck() -> DuckEngine:
    # Cubes are made a month at a time, whatever engine answers: one process is enough for that.
    return DuckEngine()
