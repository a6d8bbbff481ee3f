"""The product that is measured: started as a person starts it, in a folder of its own that goes with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from voiceloop.analytics import schema
from voiceloop.analytics.lake import Lake
from voiceloop.bench import company
from voiceloop.bench.machine import seconds_of
from voiceloop.server.config import postgres
from voiceloop.speech import Trouble

PATIENCE = 300.0
# Seconds: of a whole round of the periodic jobs, and that a million new cases may take; and the share of a
# core that a house at rest uses.
ROUND, LONG_PATIENCE, AT_REST = 65, 3600.0, 0.2
DEMO_CUSTOMERS = 500  # enough for every card of the pages; the numbers come from the lake
PASSED_ON = ("DATABASE_URL", "VOICELOOP_LAKE", "VOICELOOP_SECRET_KEY", "DJANGO_SETTINGS_MODULE")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Product:
    """A running installation with a small demo company in it."""

    port: int
    data: Path
    process: psutil.Process

    @property
    def database(self) -> str:
        return postgres.Server(self.data / "postgres", log=self.data / "logs/postgres.log").url

    @property
    def lake(self) -> Lake:
        return Lake(self.data / "lake")

    def ask(self, word: str, *arguments: object) -> Any:
        return company.ask(word, *arguments, data=self.data, database=self.database)

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def settle(self) -> None:
        """Wait until everything that happened has reached the lake and no job is left."""
        still = 0
        before: list[int] = []
        deadline = time.monotonic() + PATIENCE
        while still < 3 and time.monotonic() < deadline:
            now = [self.lake.version(table) for table in schema.TABLES]
            still = still + 1 if now == before and not self._waiting() else 0
            before = now
            time.sleep(1)

    def rest(self) -> None:
        """Wait until the house has nothing left to read: periodic jobs work off what an import brought."""
        deadline = time.monotonic() + LONG_PATIENCE
        used = seconds_of(self.process)
        while time.monotonic() < deadline:
            time.sleep(ROUND)
            before, used = used, seconds_of(self.process)
            if used - before < AT_REST * ROUND:
                return

    def _waiting(self) -> int:
        """Jobs that are due and events that some reaction has not handled."""
        jobs = "select count(*) from procrastinate_jobs where status in ('todo', 'doing') and scheduled_at"
        events = "select count(*) from core_event where xid >= (select min(xid) from core_reactionmark)"
        return int(self.query(f"select ({jobs} is null) + ({events})")[0][0])


@contextmanager
def running() -> Iterator[Product]:
    """Start it, make its company, and take all of it away afterwards."""
    with _interruptible(), tempfile.TemporaryDirectory(prefix="voiceloop-bench-") as folder:
        port, data = _free_port(), Path(folder).resolve() / "data"
        log = Path(folder) / "up.log"
        words = _voiceloop("up", "--port", str(port), "--data", str(data))
        with log.open("w") as out:
            process = subprocess.Popen(
                words, env=_environment(), stdout=out, stderr=out, start_new_session=True
            )
        product = Product(port, data, psutil.Process(process.pid))
        try:
            say("starting the product …")
            _wait(lambda: "Ctrl-C" in log.read_text(), process, log)
            say("making its company …")
            more = {"VOICELOOP_DATA": str(product.data), "DATABASE_URL": product.database}
            make = _voiceloop("make_demo", "--customers", str(DEMO_CUSTOMERS))
            subprocess.run(make, env=_environment(**more), stdout=sys.stderr, check=True)
            product.settle()
            yield product
        finally:
            _end(process)


def _voiceloop(*words: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "voiceloop", *words]


def _environment(**more: str) -> dict[str, str]:
    """That of a person at a terminal, with nothing that points to another installation."""
    kept = {name: value for name, value in os.environ.items() if name not in PASSED_ON}
    return {**kept, "VOICELOOP_LANG": "en", **more}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(holds: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if process.poll() is not None or time.monotonic() > deadline:
            words = log.read_text().strip()
            raise Trouble(f"产品未能启动：{words}", f"The product did not start: {words}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Its own way out stops everything under it."""
    process.terminate()
    try:
        process.wait(60)
    except BaseException:
        # A second Ctrl-C or a hang: the children end with their parent, the database by its own lock file.
        process.kill()
        process.wait()
        raise


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM ends us the way Ctrl-C does: through every clean-up."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
