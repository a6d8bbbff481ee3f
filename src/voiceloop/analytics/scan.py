"""What an engine is given to read: the bytes behind one table, named but not opened."""

from __future__ import annotations

from dataclasses import dataclass
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
        Identity of this state of the data: equal tokens give equal answers.
    uris : tuple of str
        Parquet files partitioned by month; none is an empty table.
    query : str
        A DuckDB SELECT that stands in for the files, when the data is no lake.
    """

    table: str
    token: tuple[object, ...]
    uris: tuple[str, ...]
    query: str = ""


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
