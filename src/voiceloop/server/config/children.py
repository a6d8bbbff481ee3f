"""The processes under the supervisor: started, restarted with back-off, stopped, and never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

MARK = "VOICELOOP_SUPERVISED"  # its value is the data folder; every process under a supervisor inherits it
LONGEST_PAUSE = 30.0  # seconds
STEADY_AFTER = 30.0  # a child that ran this long is healthy: its next restart does not wait
_PR_SET_PDEATHSIG = 1


class Child:
    """One supervised process in a session of its own."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path | None) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._started = self._not_before = 0.0

    def start(self) -> None:
        self._started = time.monotonic()
        with open(self.log or os.devnull, "ab") as log:
            out = log if self.log else None
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self.environment,
                start_new_session=True,  # a Ctrl-C is for the supervisor, which stops them in order
                preexec_fn=_end_with_parent(),
            )

    def tend(self, report: Callable[[str, int, float], None]) -> None:
        """Start again when dead: at once the first time, then ever more slowly."""
        if self.process and self.process.poll() is not None:
            self._bury(report)
        if self.process is None and time.monotonic() >= self._not_before:
            self.start()

    def _bury(self, report: Callable[[str, int, float], None]) -> None:
        assert self.process
        _end_group(self.process.pid)
        now = time.monotonic()
        self._failures = 1 if now - self._started > STEADY_AFTER else self._failures + 1
        pause = 0.0 if self._failures == 1 else min(2.0 ** (self._failures - 3), LONGEST_PAUSE)
        self._not_before = now + pause
        report(self.name, self.process.returncode, pause)
        self.process = None

    def stop(self, patience: float) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _end_group(self.process.pid)
            self.process.wait()
            self.process = None


def end_leftovers(folder: Path) -> int:
    """End what a supervisor of this data folder left running when it was killed itself."""
    left = [p for p in psutil.process_iter() if _mark(p) == str(folder)]
    for process in left:
        _quietly(process.terminate)
    _, stubborn = psutil.wait_procs(left, timeout=5)
    for process in stubborn:
        _quietly(process.kill)
    psutil.wait_procs(stubborn, timeout=5)
    return len(left)


def _mark(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK) if process.pid != os.getpid() else None
    except (psutil.Error, OSError):
        return None


def _quietly(act: Callable[[], object]) -> None:
    with suppress(psutil.NoSuchProcess):
        act()


def _end_group(leader: int) -> None:
    """End what a dead process started: a web server's own workers would keep its port."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel itself ends the child when the supervisor dies, however that happens."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
