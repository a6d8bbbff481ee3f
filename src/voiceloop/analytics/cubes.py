"""Sums of whole months that the lake keeps beside its rows, so that a dashboard need not read them.

A cube holds, for each combination of a few dimensions, what every metric of scores is made of. It is made
month by month and kept with the names of the files it was made from. Files that came later are read beside
it; when one of its own is gone, the month is read from its rows until the cube has been made again. So a
figure is the same with cubes and without, at every moment.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from voiceloop.analytics.cube import CUBES, TABLE, Cube, is_additive, knows, making
from voiceloop.analytics.engines.duck import DuckEngine
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.plan import Question
from voiceloop.analytics.scan import Scan

# Our choice: readers hold a list of files for moments only; old cubes stay for this long all the same.
KEPT_SECONDS = 600
# Cubes of another version of this program, with other dimensions or classes, are made anew.
SHAPE = blake2b("".join(cube.name + making(cube) for cube in CUBES).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Part:
    """One month of one cube: its file, the files and the version of the lake it was made from, its size."""

    file: str
    made_from: tuple[str, ...]
    version: int
    n_rows: int
    n_bytes: int


@dataclass(frozen=True)
class Covered:
    """What a question can be answered with: a cube's files for some months, rows for the rest."""

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
        kept = {cube: dict(parts) for cube, parts in self.parts().items()}
        stale = [month for month in self.stale() if months is None or month in months]
        for month in stale:
            for cube in CUBES:
                kept.setdefault(cube.name, {})[month] = self._make(cube, month)
            self._publish(kept)
        present = set(self.lake.months(TABLE))
        if any(month not in present for parts in kept.values() for month in parts):
            self._publish({c: {m: p for m, p in parts.items() if m in present} for c, parts in kept.items()})
        self._sweep()
        return len(stale)

    def stale(self) -> tuple[str, ...]:
        """Return the months whose rows have changed since their cubes were made."""
        return tuple(month for month in self.lake.months(TABLE) if self._state(month) != "current")

    def broken(self) -> tuple[str, ...]:
        """Return the months whose cubes cannot be read any more: rows they were made from have changed."""
        return tuple(month for month in self.lake.months(TABLE) if self._state(month) == "broken")

    def _state(self, month: str) -> str:
        now, kept = set(self._files(month)), self.parts()
        made = [kept.get(cube.name, {}).get(month) for cube in CUBES]
        if not all(part is not None and now.issuperset(part.made_from) for part in made):
            return "broken"
        return "current" if all(part and len(part.made_from) == len(now) for part in made) else "behind"

    def _files(self, month: str) -> tuple[str, ...]:
        return tuple(uri.rsplit("/", 1)[1] for uri in self.lake.uris(TABLE, [month]))

    def made_at(self) -> float:
        """Return when a cube was last made, in seconds since 1970; 0 before the first."""
        manifest = self.folder / "manifest.json"
        return manifest.stat().st_mtime if manifest.exists() else 0.0

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
        best: tuple[int, int, Cube, list[str]] | None = None
        files = {month: uris for month, uris in self.lake.files(TABLE).items() if _touches(month, question)}
        names = {month: _names(uris) for month, uris in files.items()}
        for cube, parts in (
            (cube, self.parts().get(cube.name, {})) for cube in CUBES if knows(cube, question)
        ):
            months = [
                month
                for month in files
                if _is_within(month, question, cube)
                and (part := parts.get(month)) is not None
                and names[month].issuperset(part.made_from)
            ]
            found = (-len(months), sum(parts[month].n_rows for month in months), cube, months)
            if months and (best is None or found[:2] < best[:2]):
                best = found
        return self._covered(best[2], best[3], files) if best else None

    def _covered(self, cube: Cube, months: list[str], asked: Mapping[str, tuple[str, ...]]) -> Covered:
        parts = self.parts()[cube.name]
        files = tuple(str(self.folder / cube.name / f"month={month}" / parts[month].file) for month in months)
        known = {(month, name) for month in months for name in parts[month].made_from}
        rest = [
            uri
            for month, uris in asked.items()
            for uri in uris
            if (month, uri.rsplit("/", 1)[1]) not in known
        ]
        rows = self.lake.scan_files(TABLE, tuple(rest)) if rest else None
        return Covered(cube, Scan(TABLE, (str(self.folder), cube.name), files), rows)

    def _make(self, cube: Cube, month: str) -> Part:
        made_from = self._files(month)
        name = f"{self.lake.tokens(TABLE)[month]}.parquet"
        folder = self.folder / cube.name / f"month={month}"
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}"
        n_rows = _duck().write(making(cube), self._made_from(cube, month, name), str(draft))
        os.replace(draft, folder / name)
        size = (folder / name).stat().st_size
        return Part(name, made_from, self.lake.version(TABLE), n_rows, size)

    def _made_from(self, cube: Cube, month: str, name: str) -> Scan:
        if not cube.of:
            return self.lake.scan_files(TABLE, self.lake.uris(TABLE, [month]))
        file = self.folder / cube.of / f"month={month}" / name
        return Scan(TABLE, (str(self.folder), cube.of), (str(file),))

    def _publish(self, kept: Mapping[str, Mapping[str, Part]]) -> None:
        said = {cube: {month: vars(part) for month, part in parts.items()} for cube, parts in kept.items()}
        draft = self.folder / f".manifest.{os.getpid()}"
        draft.write_text(json.dumps({"shape": SHAPE, "cubes": said}))
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


@lru_cache(maxsize=4096)
def _names(uris: tuple[str, ...]) -> frozenset[str]:
    return frozenset(uri.rsplit("/", 1)[1] for uri in uris)


@lru_cache(maxsize=8)
def _published(manifest: str, stamp: int, inode: int) -> Mapping[str, Mapping[str, Part]]:
    said = json.loads(Path(manifest).read_text())
    if said.get("shape") != SHAPE:
        return {}
    return {
        cube: {
            month: Part(**{**part, "made_from": tuple(part["made_from"])}) for month, part in parts.items()
        }
        for cube, parts in said["cubes"].items()
    }


@cache
def _duck() -> DuckEngine:
    # Cubes are made a month at a time, whatever engine answers: one process is enough for that.
    return DuckEngine()
