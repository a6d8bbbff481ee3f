"""What the figures depend on: the machine, how busy the product was, and how busy everybody else was."""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil


def facts() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": cores(),
        "gigabytes": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_average_at_start": round(os.getloadavg()[0], 2),
    }


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def watched(process: psutil.Process, found: dict[str, Any]) -> Iterator[None]:
    """Write beside a figure the processor seconds of the product's parts, and the cores that others had.

    On a machine that is shared, the first says what the figure would be without the others.
    """
    began, before, everybody = time.perf_counter(), _by_part(process), _busy()
    me = sum(os.times()[:4])
    yield
    seconds, everybody, me = time.perf_counter() - began, _busy() - everybody, sum(os.times()[:4]) - me
    parts = {name: max(now - before.get(name, 0.0), 0.0) for name, now in _by_part(process).items()}
    own = sum(parts.values())
    found["processor"] = {
        "seconds": {name: round(used, 2) for name, used in parts.items()},
        "cores_of_the_product": round(own / seconds, 2),
        "cores_of_others": round(max(everybody - own - me, 0.0) / seconds, 2),
    }


def _by_part(process: psutil.Process) -> dict[str, float]:
    """Seconds used by the web server, each other process and the database, with all below them."""
    parts: dict[str, float] = {}
    for child in process.children():
        with suppress(psutil.Error):
            words = child.cmdline()
            name = "web" if "granian" in words else "database" if "postgres" in words[0] else words[-1]
            parts[name] = parts.get(name, 0.0) + seconds_of(child)
    return parts


def seconds_of(process: psutil.Process) -> float:
    """A process and all below it, those that have ended and were waited for included."""
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        with suppress(psutil.Error):
            total += sum(each.cpu_times()[:4])
    return total


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def peak_megabytes() -> float:
    """The most memory that this process has had; not, as `getrusage` tells, what it was forked from."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 1)
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(kilobytes) / 1024, 1)
