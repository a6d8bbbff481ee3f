"""Engines run one sqlglot expression over the data of a scan."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any, Protocol

from sqlglot import exp

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.scan import Scan


class Engine(Protocol):
    """What `measure` asks of an engine; the table it reads is called ``facts``."""

    def sql(self, query: exp.Query) -> str:
        """Return the query in the dialect that `run` takes."""

    def run(self, sql: str, scan: Scan | None) -> Sequence[tuple[Any, ...]]:
        """Run the query and return its rows."""

    def columns(self, sql: str, scan: Scan | None) -> dict[str, list[Any]]:
        """Run the query and return its columns by name."""

    def arrays(self, sql: str, scan: Scan | None) -> dict[str, Any]:
        """Run the query and return its columns as NumPy arrays, masked where NULL."""


# Two threads that ask at once must not start two engines: one process can have one Spark.
_choosing = Lock()


def engine() -> Engine:
    """Return the engine of this process, named by ``VOICELOOP_ENGINE``: duckdb (the default) or spark.

    Raises
    ------
    AnalyticsError
        When there is no such engine.

    Examples
    --------
    >>> type(engine()).__name__
    'DuckEngine'
    """
    with _choosing:
        return _chosen()


def choose_again() -> None:
    """Let the next question choose its engine anew, after the environment has changed."""
    with _choosing:
        _chosen.cache_clear()


@cache
def _chosen() -> Engine:
    name = os.environ.get("VOICELOOP_ENGINE") or "duckdb"
    if name == "duckdb":
        from voiceloop.analytics.engines.duck import DuckEngine

        return DuckEngine()
    if name == "spark":
        from voiceloop.analytics.engines.spark import SparkEngine

        return SparkEngine()
    raise AnalyticsError(
        f"Unknown engine {name!r} in VOICELOOP_ENGINE; there are: duckdb, spark.",
        f"VOICELOOP_ENGINE 中的引擎“{name}”不存在；可用的有：duckdb、spark。",
    )
