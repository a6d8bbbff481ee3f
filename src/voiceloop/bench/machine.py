"""What the figures depend on: the machine, how busy the product was, and how busy everybody else was."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
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
    """Write beside a figure the processor seconds of the product and the cores that others had meanwhile.

    On a machine that is shared, the first says what the figure would be without the others.
    """
    began, own, everybody = time.perf_counter(), _seconds_of(process), _busy()
    me = sum(os.times()[:4])
    yield
    seconds = time.perf_counter() - began
    own, everybody = _seconds_of(process) - own, _busy() - everybody
    others = max(everybody - own - (sum(os.times()[:4]) - me), 0.0)
    found["processor"] = {
        "seconds_of_the_product": round(own, 2),
        "cores_of_the_product": round(own / seconds, 2),
        "cores_of_others": round(others / seconds, 2),
    }


def _seconds_of(process: psutil.Process) -> float:
    """The whole tree's, those that have ended and were waited for included."""
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        with suppress(psutil.Error):
            total += sum(each.cpu_times()[:4])
    return total


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))
