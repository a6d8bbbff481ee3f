"""A connection to Apache Spark: started once a process, and never waited for without end."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Event, Lock, Thread
from typing import IO, Any

from voiceloop.analytics.engines.spark_settings import Settings
from voiceloop.analytics.errors import AnalyticsError

# pyspark holds one Spark for the whole process in variables of its own.
_STARTING = Lock()


class Connection:
    """A running Spark.

    Attributes
    ----------
    session : pyspark.sql.SparkSession
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._until = time.monotonic() + settings.seconds
        self._gateway: Any = None
        self._too_late = Event()
        self._log: IO[bytes]
        self.session: Any = None
        _check(settings)
        self._log = open(settings.log, "ab+") if settings.log else tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self.session = self._within(self._remote if settings.is_remote else self._driver)
        except BaseException:
            self.close()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether a query can still be answered: by workers that live, or a master that can start some."""
        return self.settings.is_reachable() or (not self.settings.is_remote and self._workers() > 0)

    def close(self) -> None:
        """Let the cluster go; queries still running there end with an error."""
        self._too_late.set()
        with suppress(Exception):
            if self.session is not None:
                self.session.client.close() if self.settings.is_remote else self.session.sparkContext.stop()
        gateway, self._gateway = self._gateway, None
        if gateway is not None:
            _end(gateway)
        self._log.close()

    def _workers(self) -> int:
        # TRICKY: only the JVM knows; the driver counts itself.
        return int(self.session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()) - 1

    def _remote(self) -> Any:
        builder = import_module("pyspark.sql.connect.session").SparkSession.builder
        # The server has its own settings; a session may change only those of its queries.
        conf = {name: value for name, value in self.settings.conf.items() if name.startswith("spark.sql.")}
        session = builder.remote(self.settings.master).config(map=conf).create()
        retries = import_module("pyspark.sql.connect.client.retries")
        session.client.set_retry_policies([retries.DefaultPolicy(max_retries=4)])
        return _tried(session)

    def _driver(self) -> Any:
        context = import_module("pyspark.core.context").SparkContext
        conf = import_module("pyspark.conf").SparkConf(loadDefaults=False)
        conf.setMaster(self.settings.master).setAll(list(self.settings.conf.items()))
        with _STARTING:
            # Standard output belongs to the figures.
            quiet = {"stdout": self._log, "stderr": self._log}
            gateway = import_module("pyspark.java_gateway").launch_gateway(conf, quiet)
            if self._too_late.is_set():
                _end(gateway)
                raise TimeoutError
            self._gateway = gateway
            return _tried(import_module("pyspark.sql").SparkSession(context(conf=conf, gateway=gateway)))

    def _within(self, start: Callable[[], Any]) -> Any:
        """Return what ``start`` does, or raise when it takes too long: Spark itself waits for minutes."""
        done: list[Any] = []
        failed: list[Exception] = []

        def attempt() -> None:
            try:
                done.append(start())
            except Exception as error:
                failed.append(error)

        thread = Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(max(self._until - time.monotonic(), 0.1))
        if failed:
            raise self._not_started(failed[0]) from failed[0]
        if not done:
            raise AnalyticsError(
                f"Spark at {self.settings.master} gave no worker within {self.settings.seconds:g} seconds.",
                f"位于 {self.settings.master} 的 Spark 在 {self.settings.seconds:g} 秒内没有分配工作节点。",
            )
        return done[0]

    def _not_started(self, error: Exception) -> AnalyticsError:
        why = reason(error)
        if "JAVA_GATEWAY_EXITED" in why:
            self._log.seek(0)
            said = self._log.read().decode(errors="replace").strip().splitlines()
            why = next(
                (line for line in reversed(said) if re.search(r"Error|Exception|[Uu]nable", line)), why
            )
        return AnalyticsError(
            f"Spark at {self.settings.master} could not be started: {why}",
            f"无法启动位于 {self.settings.master} 的 Spark：{why}",
        )


def said(error: BaseException) -> str:
    """Return all that an error says, or its kind when the Java that knew more has died.

    Examples
    --------
    >>> said(ValueError("no such disk"))
    'no such disk'
    """
    try:
        return str(error)
    except Exception:
        return type(error).__name__


def reason(error: BaseException) -> str:
    """Return the first line of what Spark says that is not about Spark's own program.

    Examples
    --------
    >>> reason(ValueError("An error occurred while calling o1.x.\\n: java.io.IOException: no such disk"))
    'java.io.IOException: no such disk'
    """
    lines = [line.strip(" :") for line in said(error).splitlines() if line.strip(" :")]
    told = [line for line in lines if not line.startswith(("An error occurred while calling", "at "))]
    return (told or [type(error).__name__])[0][:300]


def _tried(session: Any) -> Any:
    # A master may accept us and have no worker to give: a job tells.
    session.range(1).count()
    return session


def _check(settings: Settings) -> None:
    try:
        with warnings.catch_warnings():
            # It says at import that it has seen no pandas as new as ours; no query here uses pandas.
            warnings.simplefilter("ignore", FutureWarning)
            import_module("pyspark.testing.utils")
            if settings.is_remote:
                import_module("pyspark.sql.connect.session")
    except ImportError as error:
        raise AnalyticsError(
            "VOICELOOP_ENGINE=spark needs pyspark: pip install 'voiceloop[pyspark]'.",
            "VOICELOOP_ENGINE=spark 需要 pyspark：pip install 'voiceloop[pyspark]'。",
        ) from error
    if not settings.is_remote and not _java():
        raise AnalyticsError(
            "Spark needs Java 17 on this machine, on PATH or in JAVA_HOME (Debian: openjdk-17-jre-headless).",
            "Spark 需要本机安装 Java 17（PATH 或 JAVA_HOME 可用；Debian：openjdk-17-jre-headless）。",
        )
    if not settings.is_reachable():
        raise AnalyticsError(
            f"No Spark answers at {settings.master}.", f"位于 {settings.master} 的 Spark 没有应答。"
        )


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which(str(Path(home) / "bin" / "java")) if home else shutil.which("java")


def _end(gateway: Any) -> None:
    """End the driver's JVM and let pyspark forget it, so that another can be started."""
    with suppress(Exception):
        gateway.shutdown()
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(timeout=5)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()
        gateway.proc.wait()
    forget()


def forget() -> None:
    """Let pyspark know of no Spark in this process."""
    context = import_module("pyspark.core.context").SparkContext
    session = import_module("pyspark.sql").SparkSession
    context._gateway = context._jvm = context._active_spark_context = None
    session._instantiatedSession = session._activeSession = None
