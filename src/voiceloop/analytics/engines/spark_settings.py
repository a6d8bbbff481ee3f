"""Which Spark answers, and how it is set: read from the environment."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voiceloop.analytics.errors import AnalyticsError

_SETTING = "VOICELOOP_SPARK_CONF_"
_LOCAL = "local[*]"

# Ours: what the same number on every machine depends on. The operator's settings come after them.
_ALWAYS = {
    "spark.app.name": "voiceloop",
    "spark.log.level": "ERROR",
    "spark.scheduler.mode": "FAIR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # The partition column is a month as text; Spark would make it a date.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}


@dataclass(frozen=True)
class Settings:
    """Which Spark, how it is set, and how long it may take to answer.

    Attributes
    ----------
    master : str
        ``spark://host:7077``, ``local[2]``, ``yarn``, ``k8s://…`` or, for Spark Connect, ``sc://host:15002``.
    conf : mapping of str to str
        Spark's and Hadoop's own settings.
    seconds : float
        How long a connection may take, workers included.
    log : str
        File for what the driver has to say; "" forgets it.
    """

    master: str
    conf: Mapping[str, str]
    seconds: float = 30.0
    log: str = ""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings from environment variables.

        Raises
        ------
        AnalyticsError
            When the properties file is not there or the seconds are no number.

        Examples
        --------
        >>> given = {"VOICELOOP_SPARK_MASTER": "local[2]", "VOICELOOP_SPARK_CONF_spark_executor_memory": "4g"}
        >>> Settings.of(given).master, Settings.of(given).conf["spark.executor.memory"]
        ('local[2]', '4g')
        """
        conf = dict(_ALWAYS)
        if path := environ.get("VOICELOOP_SPARK_PROPERTIES"):
            conf |= _properties(Path(path))
        # A shell cannot set a name with dots in it.
        conf |= {
            name[len(_SETTING) :].replace("_", "."): value
            for name, value in environ.items()
            if name.startswith(_SETTING)
        }
        master = environ.get("VOICELOOP_SPARK_MASTER") or conf.get("spark.master") or _LOCAL
        if any("127.0.0.1" in host or host == "localhost" for host, _ in _hosts(master)) or master.startswith(
            "local"
        ):
            # Nothing outside this machine has to reach the driver, so nothing can.
            conf = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} | conf
        return cls(
            master,
            conf,
            _number(environ.get("VOICELOOP_SPARK_TIMEOUT") or "30"),
            environ.get("VOICELOOP_SPARK_LOG", ""),
        )

    @property
    def is_remote(self) -> bool:
        """Whether Spark runs in a server of its own, with no Java on this machine."""
        return self.master.startswith("sc://")

    def is_reachable(self, seconds: float = 3.0) -> bool:
        """Return whether a master listens; of one that is found some other way, say yes."""
        hosts = _hosts(self.master)
        return not hosts or any(_listens(host, port, seconds / len(hosts)) for host, port in hosts)


def _hosts(master: str) -> list[tuple[str, int]]:
    """Return where masters listen: ``spark://a:7077,b:7077`` names two, ``yarn`` none."""
    if not master.startswith(("spark://", "sc://")):
        return []
    port = 15002 if master.startswith("sc://") else 7077
    parts = [part.partition(":") for part in master.split("://")[1].split("/")[0].split(";")[0].split(",")]
    return [(host, int(given) if given.isdecimal() else port) for host, _, given in parts]


def _listens(host: str, port: int, seconds: float) -> bool:
    try:
        with socket.create_connection((host, port), timeout=seconds):
            return True
    except (OSError, OverflowError):
        return False


def _properties(path: Path) -> dict[str, str]:
    """Read a file in the form of spark-defaults.conf: a name, blanks or ``=``, a value."""
    if not path.is_file():
        raise AnalyticsError(f"There is no file {path}.", f"没有文件 {path}。")
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (re.split(r"\s*=\s*|\s+", line, maxsplit=1) for line in lines if line and line[0] != "#")
    return {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise AnalyticsError(
            f"VOICELOOP_SPARK_TIMEOUT is {text!r}, not a number of seconds.",
            f"VOICELOOP_SPARK_TIMEOUT 的值“{text}”不是秒数。",
        ) from error
