"""Seconds of processor and of wall, of several contestants in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Spent:
    """Processor seconds of every thread, in the program and in the system, and seconds on the wall."""

    cpu: float
    wall: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.cpu + other.cpu, self.wall + other.wall)

    def facts(self) -> dict[str, float]:
        return {"cpu_ms": round(self.cpu * 1000, 2), "wall_ms": round(self.wall * 1000, 2)}


Turn = Callable[[], object]


def spent(turn: Turn, server: psutil.Process | None = None) -> Spent:
    """What a turn takes of this process, and of a server that works for it."""
    wall, cpu = time.perf_counter(), time.process_time() + _of(server)
    turn()
    return Spent(time.process_time() + _of(server) - cpu, time.perf_counter() - wall)


def _of(server: psutil.Process | None) -> float:
    if server is None:
        return 0.0
    # Children that ended are in their parent's count.
    every = [server, *server.children(recursive=True)]
    return float(sum(sum(process.cpu_times()[:4]) for process in every))


def in_turn(
    turns: Mapping[str, Turn], rounds: int, servers: Mapping[str, psutil.Process] | None = None
) -> dict[str, Spent]:
    """Let all have their turn in each round, beginning with another one each time; the medians.

    A first round that does not count opens the files and fills the caches for everybody.
    """
    names = list(turns)
    found: dict[str, list[Spent]] = {name: [] for name in names}
    for name in names:
        turns[name]()
    for i in range(rounds):
        for name in names[i % len(names) :] + names[: i % len(names)]:
            found[name].append(spent(turns[name], (servers or {}).get(name)))
    return {name: middle(times) for name, times in found.items()}


def middle(times: list[Spent]) -> Spent:
    return Spent(statistics.median(one.cpu for one in times), statistics.median(one.wall for one in times))
