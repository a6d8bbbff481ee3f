"""A real Spark standalone cluster on this machine, for as long as a test or a benchmark needs it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
_HERE = ("--host", "127.0.0.1", "--webui-port", "0")
# A busy machine takes minutes to start what an idle one starts in seconds.
_PATIENCE = 240

# For a JVM that lives a minute: it starts sooner, and does not compile what is hardly run.
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


class Cluster:
    """A master and its workers on the loopback address; a context that stops them and removes their folders.

    Attributes
    ----------
    address : str
        Of the master.
    processes : list of subprocess.Popen
        The master first.
    """

    def __init__(self, *, workers: int = 2, cores: int = 1, memory: str = "1g") -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="voiceloop-spark-"))
        self.processes: list[subprocess.Popen[bytes]] = []
        try:
            self._start(workers, ["--cores", str(cores), "--memory", memory])
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End all processes and what they wrote."""
        while self.processes:
            stop(self.processes.pop())
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, workers: int, size: list[str]) -> None:
        master = _start(self._folder, "master", [_MASTER, *_HERE, "--port", "0"])
        self.processes.append(master)
        self.address = _told(self._folder / "master.log", r"Starting Spark master at (spark://\S+)", master)
        names = [f"worker{i}" for i in range(workers)]
        for name in names:
            where = ["--work-dir", str(self._folder / name)]
            self.processes.append(_start(self._folder, name, [_WORKER, *_HERE, *size, *where, self.address]))
        for name, worker in zip(names, self.processes[1:], strict=True):
            _told(self._folder / f"{name}.log", r"Successfully registered with master (\S+)", worker)


@contextmanager
def connect_server() -> Iterator[str]:
    """Run a Spark Connect server with a Spark of its own; yield its address."""
    folder = Path(tempfile.mkdtemp(prefix="voiceloop-connect-"))
    settings = {"spark.master": "local[1]", "spark.driver.memory": "1g", "spark.ui.enabled": "false"}
    # Unlike a master's, its port cannot be left to the system.
    settings |= {"spark.connect.grpc.binding.port": str(free_port())}
    settings |= {"spark.connect.grpc.binding.address": "127.0.0.1"}
    given = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    command = ["org.apache.spark.deploy.SparkSubmit", *given, "--class", server, "spark-internal"]
    process = _start(folder, "connect", command)
    try:
        port = _told(folder / "connect.log", r"Spark Connect server started at: \S*?:(\d+)\s", process)
        yield f"sc://127.0.0.1:{port}"
    finally:
        stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a port of the loopback address where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process of the cluster, and with a worker its executors."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=20)
    # An executor whose own end hangs would outlive its worker, and go on answering.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _start(folder: Path, name: str, command: list[str]) -> subprocess.Popen[bytes]:
    home = _home()
    # Settings of another Spark on this machine must not reach this one.
    mine = {
        "SPARK_HOME": str(home),
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "1g" if name == "connect" else "256m",
        "SPARK_CONNECT_MODE": "0",
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
    }
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), *command],
            env={**os.environ, **mine},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _home() -> Path:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise RuntimeError("pyspark is not installed: pip install 'voiceloop[pyspark]'")
    return Path(found.origin).parent


def _told(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    """Wait until the log holds what the process says when it is ready."""
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"{log.name}: {log.read_text(errors='replace')[-500:]}")
