"""A plain file measured where it lies: answers, calls, tickets, an event log or sales."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from voiceloop.analytics import schema
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.plan import SCORE_CLASS
from voiceloop.analytics.readers._fields import no_column, plain
from voiceloop.analytics.readers._raw import Raw
from voiceloop.analytics.readers._reading import Asked, Read, Reading, read
from voiceloop.analytics.scan import Scan, Scope

# What a measured column may be called besides its own name.
_ALIASES = {"day": "at", "date": "at", "time": "at", "customer": "customer_key"}


@dataclass(eq=False)
class FileSource:
    """Files as a table of the lake, measured with no lake and no server.

    Parameters
    ----------
    path : str, Path or sequence of them
        CSV (also gzipped; UTF-8, UTF-16 or GB18030; comma, semicolon, tab or bar) or Parquet; ``*`` stands
        for any letters. Several files must have the same columns.
    columns : mapping of str to str
        Measured column, such as 'score', 'weight', 'day' or 'wait_seconds', → the file's column. What
        is not told is guessed from the header; `reading` says how. All columns of the file can be
        grouped and filtered by: under their own names, or as 'file.NAME' where the lake has a NAME.
    scale : str, optional
        Id of the scale of the scores; the smallest that holds them all when left out.
    shape : str, optional
        Name of a reader: survey, calls, tickets, log, orders or rows.
    words : mapping, optional
        For tickets and logs: 'taken', 'resolved', 'closed' or 'new' → the words that mean it.
    order : {'dmy', 'mdy'}, optional
        What 03/04/2026 means, when the column itself cannot say.
    dated : bool
        Leave out rows without a date, since periods are asked for; so when 'day' is told.
    strict : bool
        Raise where a row cannot be read, instead of counting and leaving it out.

    Raises
    ------
    AnalyticsError
        When a figure is asked for and the file is missing, empty or unreadable, or a column that the
        metric needs is not there.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from voiceloop.analytics import measure
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("score\\n10\\n9\\n8\\n0\\n10\\n")
    >>> measure(FileSource(path), "nps").one.value
    40.0
    """

    path: str | Path | Sequence[str | Path]
    columns: Mapping[str, str] = field(default_factory=dict)
    scale: str | None = field(default=None, kw_only=True)
    shape: str | None = field(default=None, kw_only=True)
    words: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True)
    order: str | None = field(default=None, kw_only=True)
    dated: bool = field(default=False, kw_only=True)
    strict: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        self._reads: dict[Metric, Read] = {}
        # What the last question of a table was answered with: a scan is taken right after a scope.
        self._last: dict[str, Read] = {}

    def scope(self, metric: Metric) -> Scope:
        """Return the columns of the file and the scale of its scores, after checking them."""
        found = self.read(metric)
        self._last[metric.table] = found
        return Scope(found.facts.columns, found.reading.scale)

    def scan(self, table: str, since: date | None, until: date | None) -> Scan:
        """Return the file as a table of the lake."""
        if table not in self._last:
            raise AnalyticsError(f"The file holds no {table}.", f"文件中没有 {table} 数据。")
        token = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in self.paths)
        return Scan(table, token, (), self._last[table].facts.sql)

    def as_of(self, table: str) -> datetime | None:
        """Return when the newest file was last written."""
        return datetime.fromtimestamp(max(path.stat().st_mtime for path in self.paths), UTC)

    def reading(self, metric: Metric) -> Reading:
        """Return how the file is read for a metric: its shape, its columns, and what does not count."""
        return self.read(metric).reading

    def named(self, metric: Metric, name: str) -> str:
        """Return under which name a column is asked for: the file's own before the lake's.

        Raises
        ------
        AnalyticsError
            When neither has it.
        """
        facts = self.read(metric).facts
        own = facts.own.get(name) or facts.own.get(name.removeprefix("attributes."))
        if own:
            return own
        if name in facts.columns or (name == SCORE_CLASS and metric.scales):
            return name
        alike = [column for known, column in facts.own.items() if plain(known) == plain(name)]
        if len(alike) == 1:
            return alike[0]
        raise no_column(name, [*facts.own, *(set(facts.columns) & set(schema.DIMENSIONS))])

    def read(self, metric: Metric) -> Read:
        """Return the rows of the lake that the file holds for a metric."""
        if metric not in self._reads:
            told = {_ALIASES.get(name, name): column for name, column in self.columns.items()}
            dated = self.dated or "at" in told
            asked = Asked(told, self.shape, self.scale, self.words, self.order, dated, self.strict)
            self._reads[metric] = read(self.raw, metric, asked)
        return self._reads[metric]

    @cached_property
    def raw(self) -> Raw:
        """The rows of the files as they are."""
        return Raw(self.paths)

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The files, all of which exist and hold something."""
        given = [self.path] if isinstance(self.path, str | Path) else self.path
        return tuple(path for one in given for path in _files(Path(one)))


def _files(path: Path) -> list[Path]:
    found = [path]
    if any(letter in str(path) for letter in "*?[") and not path.exists():
        found = [Path(name) for name in sorted(glob.glob(str(path)))]
    if not found or not all(one.exists() for one in found):
        raise AnalyticsError(f"There is no file {path}.", f"没有文件 {path}。")
    for one in found:
        if not one.is_file():
            raise AnalyticsError(f"{one} is a folder, not a file.", f"{one} 是文件夹，不是文件。")
        if one.stat().st_size == 0:
            raise AnalyticsError(f"The file {one} is empty.", f"文件 {one} 是空的。")
    return found
