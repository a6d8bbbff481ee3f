"""Apache Spark: the same queries over the same files, for a lake that one machine cannot read in time."""

from __future__ import annotations

import atexit
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha256
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from voiceloop.analytics import schema
from voiceloop.analytics.engines.duck import DuckEngine
from voiceloop.analytics.engines.spark_columns import array, floats
from voiceloop.analytics.engines.spark_session import Connection, forget, reason, said
from voiceloop.analytics.engines.spark_settings import Settings
from voiceloop.analytics.engines.spark_sql import spark_sql
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.scan import Scan

if TYPE_CHECKING:
    import pyarrow as pa

_TYPES = {"int64": "BIGINT", "int32": "INT", "int8": "TINYINT", "map": "MAP<STRING, STRING>"}

# Our choices: how many states of tables stay open, how often a cluster at work is looked at, and how
# long a question after a failed start hears the same failure without a new try.
_OPEN = 128
_LOOK_EVERY = 5.0
_FAILED_FOR = 10.0


class SparkEngine:
    """Runs queries over Parquet files on a Spark cluster.

    The product writes its SQL for DuckDB; it is translated when it is run. DuckDB reads what is small
    and here: a plain file in place of the lake, and the sums that the lake keeps in cubes.

    Parameters
    ----------
    settings : Settings, optional
        From the environment when left out.

    Examples
    --------
    >>> SparkEngine().run("SELECT 1", None)
    [(1,)]
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.of(os.environ)
        self._plain = DuckEngine()
        self._lock = Lock()
        self._pid = os.getpid()
        self._spark: _Running | None = None
        self._abandoned: list[Any] = []
        self._failed: tuple[float, AnalyticsError] | None = None
        atexit.register(self.close)

    def sql(self, query: exp.Query) -> str:
        """Return the query in DuckDB's dialect, the one that `run` and `columns` take."""
        return query.sql(dialect="duckdb")

    def run(self, sql: str, scan: Scan | None) -> Sequence[tuple[Any, ...]]:
        """Run ``sql`` over the table ``facts`` and return its rows."""
        if _is_here(scan):
            return self._plain.run(sql, scan)
        columns = [column.to_pylist() for column in self._table(sql, scan).columns]
        return list(zip(*columns, strict=True))

    def columns(self, sql: str, scan: Scan | None) -> dict[str, list[Any]]:
        """Run ``sql`` and return its columns by name; times are aware and in UTC."""
        if _is_here(scan):
            return self._plain.columns(sql, scan)
        return dict(self._table(sql, scan).to_pydict())

    def arrays(self, sql: str, scan: Scan | None) -> dict[str, Any]:
        """Run ``sql`` and return its columns as NumPy arrays, masked where NULL."""
        if _is_here(scan):
            return self._plain.arrays(sql, scan)
        table = self._table(sql, scan)
        return {name: array(column) for name, column in zip(table.column_names, table.columns, strict=True)}

    def close(self) -> None:
        """Let the cluster go; the next question starts anew."""
        with self._lock:
            running, self._spark = self._spark, None
        if running is not None and self._pid == os.getpid():
            running.close()

    def _table(self, sql: str, scan: Scan | None) -> pa.Table:
        assert scan is not None
        running = self._running()
        try:
            return floats(running.ask(sql, scan))
        except AnalyticsError:
            raise
        except Exception as error:
            if not running.is_usable():
                self.close()
            raise _failed(error, self.settings, scan) from error

    def _running(self) -> _Running:
        with self._lock:
            if self._pid != os.getpid():
                # TRICKY: a forked child shares its parent's sockets; collecting these would talk on them.
                self._abandoned.append(self._spark)
                self._spark, self._pid, self._plain = None, os.getpid(), DuckEngine()
                forget()
            if self._failed and time.monotonic() < self._failed[0]:
                raise self._failed[1]
            if self._spark is None:
                try:
                    self._spark = _Running(self.settings)
                except AnalyticsError as error:
                    self._failed = time.monotonic() + _FAILED_FOR, error
                    raise
            return self._spark


class _Running:
    """A connection with the views open in it, and a thread that looks whether it still lives."""

    def __init__(self, settings: Settings) -> None:
        self._connection = Connection(settings)
        self._views: OrderedDict[Scan, str] = OrderedDict()
        self._lock = Lock()
        self._asked = 0
        self._closed = Event()
        self.lost = False
        Thread(target=self._watch, daemon=True).start()

    def ask(self, sql: str, scan: Scan) -> pa.Table:
        with self._lock:
            self._asked += 1
        try:
            table: pa.Table = self._connection.session.sql(spark_sql(sql, self._view(scan))).toArrow()
            return table
        finally:
            with self._lock:
                self._asked -= 1

    def is_usable(self) -> bool:
        return not self.lost and _quietly(lambda: self._connection.session.range(0).schema is not None)

    def close(self) -> None:
        self._closed.set()
        self._connection.close()

    def _view(self, scan: Scan) -> str:
        with self._lock:
            if scan not in self._views:
                # Named by the files: the same files are the same view, in every process of one server.
                name = f"facts_{sha256(repr((scan.table, scan.uris)).encode()).hexdigest()[:16]}"
                _frame(self._connection.session, scan).createOrReplaceTempView(name)
                self._views[scan] = name
                if len(self._views) > _OPEN:
                    self._connection.session.catalog.dropTempView(self._views.popitem(last=False)[1])
            self._views.move_to_end(scan)
            return self._views[scan]

    def _watch(self) -> None:
        """End a query that waits for workers which no master will send: Spark would wait for ever."""
        n_seen_dead = 0
        while not self._closed.wait(_LOOK_EVERY):
            is_dead = self._asked > 0 and not _quietly(lambda: self._connection.is_alive)
            n_seen_dead = n_seen_dead + 1 if is_dead else 0
            if n_seen_dead > 1:
                self.lost = True
                self._connection.close()
                return


def _quietly(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except Exception:
        return False


def _is_here(scan: Scan | None) -> bool:
    """Say whether a scan is no table of the lake: a plain file, or sums that the lake keeps in a cube."""
    return scan is None or bool(scan.query) or scan.token[-1] != scan.table


def _frame(session: Any, scan: Scan) -> Any:
    kinds = {name: _TYPES.get(kind, kind.upper()) for name, kind in schema.table(scan.table).columns.items()}
    if not scan.uris:
        nothing = (f"CAST(NULL AS {kind}) AS `{name}`" for name, kind in kinds.items())
        return session.sql(f"SELECT {', '.join(nothing)} WHERE false")
    uris = [_hadoop(uri) for uri in scan.uris]
    shape = ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())
    # The files are named one by one: those a commit has replaced lie in the same folders.
    root = uris[0].rsplit("/month=", 1)[0]
    return session.read.schema(shape).option("basePath", root).parquet(*uris)


def _hadoop(uri: str) -> str:
    """Return an address of a file as Hadoop writes it.

    Examples
    --------
    >>> _hadoop("s3://bucket/a"), _hadoop("/lake/a")
    ('s3a://bucket/a', 'file:///lake/a')
    """
    if uri.startswith("s3://"):
        return "s3a" + uri[2:]
    return uri if "://" in uri else "file://" + os.path.abspath(uri)


def _failed(error: Exception, settings: Settings, scan: Scan) -> AnalyticsError:
    why = reason(error)
    if any(word in said(error) for word in ("FileNotFoundException", "PATH_NOT_FOUND", "FILE_NOT_EXIST")):
        where = scan.uris[0].rsplit("/month=", 1)[0]
        return AnalyticsError(
            f"The workers of Spark at {settings.master} cannot read {where}; they must all see the lake.",
            f"位于 {settings.master} 的 Spark 工作节点读不到 {where}：数据湖必须放在所有节点都能访问的位置。",
        )
    return AnalyticsError(
        f"Spark at {settings.master} could not answer: {why}",
        f"位于 {settings.master} 的 Spark 未能作答：{why}",
    )
