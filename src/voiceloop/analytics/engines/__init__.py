"""Engines run one sqlglot expression over the data of a scan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

from sqlglot import exp

from voiceloop.analytics.scan import Scan


class Engine(Protocol):
    """What `measure` asks of an engine; the table it reads is called ``facts``."""

    def sql(self, query: exp.Query) -> str:
        """Return the query in the engine's dialect."""

    def run(self, sql: str, scan: Scan | None) -> Sequence[tuple[Any, ...]]:
        """Run the query and return its rows."""

    def columns(self, sql: str, scan: Scan | None) -> dict[str, list[Any]]:
        """Run the query and return its columns by name."""


@cache
def engine() -> Engine:
    """Return the engine of this process.

    Examples
    --------
    >>> type(engine()).__name__
    'DuckEngine'
    """
    from voiceloop.analytics.engines.duck import DuckEngine

    return DuckEngine()
