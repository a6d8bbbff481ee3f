"""The real product, started as a person starts it, in a folder and on a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from voiceloop.server.config import children, postgres, supervisor

ROOT = Path(__file__).resolve().parents[1]
# Seconds: several products beside each other on two cores take their time.
PATIENCE = 600
MARKS_OF_A_TEST = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VOICELOOP_TEST_RUN", "PYTEST_XDIST_WORKER")


@dataclass
class Stack:
    """A running Voiceloop: its address, its people's password, its processes."""

    url: str
    data: Path
    process: subprocess.Popen[str]
    output: Path
    foreign: str = ""

    @property
    def password(self) -> str:
        return supervisor.DEMO_PASSWORD

    @property
    def database_url(self) -> str:
        return self.foreign or postgres.Server(self.data / "postgres", log=self.output).url

    def processes(self) -> dict[str, list[psutil.Process]]:
        """The supervised processes by name: web, worker, reactor, sync."""
        found: dict[str, list[psutil.Process]] = {}
        for process in psutil.process_iter():
            try:
                if process.environ().get(children.MARK) == str(self.data):
                    found.setdefault(_name(process.cmdline()), []).append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.data / "postgres/postmaster.pid").read_text().split()[0]))

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database_url) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def stop(self, word: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(word)
        return self.process.wait(60)


def _name(words: list[str]) -> str:
    return "web" if "granian" in words else words[-1]


def environment(**more: str) -> dict[str, str]:
    """The environment of a person at a terminal: nothing of the test run's own."""
    kept = {k: v for k, v in os.environ.items() if k not in MARKS_OF_A_TEST and not k.startswith("COV_")}
    path = os.pathsep.join([str(ROOT / "src"), kept.get("PYTHONPATH", "")])
    return {**kept, "PYTHONPATH": path, "VOICELOOP_LANG": "en", **more}


def voiceloop(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [sys.executable, "-m", "voiceloop", *words]
    return subprocess.run(command, env=environment(**more), capture_output=True, text=True, timeout=120)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(data: Path, *, command: str = "up", port: int = 0, **more: str) -> Iterator[Stack]:
    port = port or free_port()
    output = data.with_name(f"{data.name}.out")
    words = [sys.executable, "-m", "voiceloop", command, "--port", str(port), "--data", str(data)]
    with output.open("w") as out:
        process = subprocess.Popen(words, env=environment(**more), stdout=out, stderr=out, text=True)
    stack = Stack(f"http://127.0.0.1:{port}", data, process, output, more.get("DATABASE_URL", ""))
    try:
        wait_until(lambda: "Ctrl-C" in output.read_text() or process.poll() is not None, 600)
        assert process.poll() is None, output.read_text()
        yield stack
    finally:
        if process.poll() is None:
            stack.stop()


def database_of_its_own(url: str, name: str) -> str:
    """An empty database on a server that is not ours."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)'.encode())
        connection.execute(f'create database "{name}"'.encode())
    before, _, query = url.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"


def wait_until(holds: object, seconds: float = PATIENCE) -> None:
    """Wait for a condition; a slow machine takes longer, so no test asserts how long it took."""
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def status(url: str) -> int:
    """The HTTP status of an address, 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
