"""How soon a dashboard has its figures, from the sums that the lake keeps, in one process and in two."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from voiceloop.analytics.cubes import Cubes
from voiceloop.analytics.lake import Lake
from voiceloop.bench.figures import beside, percentile, spread
from voiceloop.bench.lakes import bytes_of
from voiceloop.bench.product import say

ROUNDS = 12
P95, P95_OF_TWO, SHARE, UNCOVERED_SECONDS = 25.0, 50.0, 12.0, 2.0


def measure(lake: Lake, scale: float) -> dict[str, Any]:
    made = _made(lake)
    rounds = max(round(ROUNDS * scale), 1)
    say(f"dashboard questions, {rounds} times each …")
    (alone,), both = ask(lake, "dashboard", rounds, 1), ask(lake, "dashboard", rounds, 2)
    asked, uncovered = _apart(alone)
    of_two = [wait for one in both for _, wait, _ in _apart(one)[0]]
    rows = [name for name, _, source in asked if source == "rows"]
    p95, p95_of_two = percentile([wait for _, wait, _ in asked], 95), percentile(of_two, 95)
    seconds = round(max(wait for _, wait, _ in uncovered) / 1000, 3)
    return {
        "cubes": made,
        "questions": _each(asked),
        "from_rows": sorted(set(rows)),
        "milliseconds": spread([wait for _, wait, _ in asked]),
        "milliseconds_of_two_processes": spread(of_two),
        "uncovered": {"seconds": seconds, "source": sorted({source for _, _, source in uncovered})},
        "peak_megabytes": alone["peak_megabytes"],
        "aims": {
            "p95_milliseconds": beside(p95, below=P95),
            "p95_milliseconds_of_two_processes": beside(p95_of_two, below=P95_OF_TWO),
            "percent_of_the_lake": beside(made["percent_of_the_lake"], below=SHARE),
            "uncovered_seconds": beside(seconds, below=UNCOVERED_SECONDS),
        },
    }


def ask(lake: Lake, what: str, rounds: int, processes: int) -> list[dict[str, Any]]:
    """Let some processes ask at the same time; each begins when all are ready."""
    command = [sys.executable, "-m", "voiceloop.bench.asking", str(lake.path), what, str(rounds)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    try:
        for process in started:
            assert process.stdout
            process.stdout.readline()
        for process in started:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        return [json.loads(process.communicate()[0]) for process in started]
    finally:
        for process in started:
            process.kill()


def _made(lake: Lake) -> dict[str, Any]:
    cubes = Cubes(lake)
    found: dict[str, Any] = {}
    if cubes.stale():
        say("making cubes …")
        cpu, wall = time.process_time(), time.perf_counter()
        months = cubes.rebuild()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        found = {
            "months": months,
            "cpu_seconds": round(cpu, 2),
            "seconds": round(wall, 2),
            "cpu_seconds_per_month": round(cpu / max(months, 1), 3),
        }
    status = cubes.status()
    share = 100 * status["n_bytes"] / bytes_of(lake)
    return {
        **found,
        "bytes": status["n_bytes"],
        "percent_of_the_lake": round(share, 2),
        "each": status["cubes"],
    }


def _apart(found: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    asked = found["asked"]
    return [one for one in asked if one[0] != "uncovered"], [one for one in asked if one[0] == "uncovered"]


def _each(asked: Sequence[Any]) -> dict[str, Any]:
    names = dict.fromkeys(name for name, _, _ in asked)
    return {
        name: {
            "source": next(source for one, _, source in asked if one == name),
            **spread([wait for one, wait, _ in asked if one == name]),
        }
        for name in names
    }
