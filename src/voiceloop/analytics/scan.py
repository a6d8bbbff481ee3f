"""What an engine is given to read: the bytes behind one table, named but not opened."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from voiceloop.analytics.metric import Metric


@dataclass(frozen=True)
class Scan:
    """The data behind a question.

    Attributes
    ----------
    table : str
        A table of `schema.TABLES`.
    token : tuple
        Where the data is. Equal scans give equal answers: files are never changed once written.
    uris : tuple of str
        Parquet files partitioned by month, oldest month first; none is an empty table.
    query : str
        A DuckDB SELECT that stands in for the files, when the data is no lake.
    n_settled : int
        How many of the first ``uris`` hold months that hardly change any more.
    version : int
        Number of the commit read; two versions with the same files are the same data.
    certain : frozenset of str
        Conditions that hold for every row and need not be asked: ``question=nps``, ``score`` is known.
    first_day, last_day : date or None
        Between which all rows lie, where the files tell.
    """

    table: str
    token: tuple[object, ...]
    uris: tuple[str, ...]
    query: str = ""
    n_settled: int = 0
    version: int = field(default=-1, compare=False)
    certain: frozenset[str] = field(default=frozenset(), compare=False)
    first_day: date | None = field(default=None, compare=False)
    last_day: date | None = field(default=None, compare=False)

    @property
    def pieces(self) -> tuple[Scan, ...]:
        """The settled months and the newest apart: a commit of today leaves the former's sums valid."""
        if not self.n_settled:
            return (self,)
        settled, newest = self.uris[: self.n_settled], self.uris[self.n_settled :]
        return tuple(replace(self, uris=uris, n_settled=0) for uris in (settled, newest))


@dataclass(frozen=True)
class Scope:
    """What a source can be asked: its columns, and the scale when all its scores share one."""

    columns: tuple[str, ...]
    scale: str | None = None


class Source(Protocol):
    """Anything that figures can be taken from: a `Lake` or a `FileSource`."""

    def scope(self, metric: Metric) -> Scope:
        """Return what can be asked about a metric."""

    def scan(self, table: str, since: date | None, until: date | None) -> Scan:
        """Return the data of ``table`` between two days."""

    def as_of(self, table: str) -> datetime | None:
        """Return when the data last changed."""
