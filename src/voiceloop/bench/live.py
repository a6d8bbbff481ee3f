"""How soon a change shows on hundreds of open workbenches, and what keeping them open costs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from voiceloop.bench.figures import beside, percentile, spread
from voiceloop.bench.machine import watched
from voiceloop.bench.product import Product, say

WORKBENCHES, LEADS_IN = 200, 10  # one in ten is a lead, who looks at the whole team
CHANGES, EVERY, REST = 60, 0.5, 8.0  # changes, seconds between them, seconds of nothing but asking
SECONDS = 2.0
CONNECTIONS = """
    select application_name, count(*) from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() group by 1 order by 1
"""


def measure(product: Product, scale: float) -> dict[str, Any]:
    n, changes = max(int(WORKBENCHES * scale), 5), max(int(CHANGES * scale), 5)
    say(f"live: {n} people sit down …")
    people = product.ask("sit_down", n, LEADS_IN)
    product.settle()
    found = {"told_from_memory": _round(product, people, changes, "live")}
    # What htmx alone would do: every page draws its queue anew each second and compares.
    found["every_page_asks_for_its_queue"] = _round(product, people, max(changes // 3, 5), "queue")
    ours = found["told_from_memory"]
    seconds = ours["seconds_from_commit"]["p95"]
    return {
        "open_workbenches": n,
        **found,
        "aims": {
            "p95_seconds": beside(seconds, below=SECONDS),
            "shown": beside(ours["shown"] / max(ours["expected"], 1), at_least=1.0),
        },
    }


def _round(product: Product, people: list[Any], changes: int, way: str) -> dict[str, Any]:
    say(f"live: {changes} changes before {len(people)} open workbenches ({way}) …")
    watch = _client({"port": product.port, "people": people, "way": way})
    assert watch.stdout is not None
    watch.stdout.readline()  # all pages are open
    idle: dict[str, Any] = {}
    with watched(product.process, idle):
        time.sleep(REST)
    busy: dict[str, Any] = {}
    with watched(product.process, busy):
        done = product.ask("hand_out", changes, EVERY, json.dumps([one["user"] for one in people]))
        connections = {name or "other": n for name, n in product.query(CONNECTIONS)}
        time.sleep(REST)
    out, _ = watch.communicate("stop\n", timeout=60)
    seen = json.loads(out)
    delays = _delays(done, seen["shown"])
    seconds = {k: None if v is None else round(v, 3) for k, v in _spread(delays).items()}
    say(f"live: {len(delays)} of {len(done)} shown, p95 {seconds['p95']} s after the commit ({way})")
    return {
        "changes": changes,
        "expected": len(done),
        "shown": len(delays),
        "seconds_from_commit": seconds,
        "questions_a_second": round(seen["asked"] / seen["seconds"], 1),
        "fragments_fetched": seen["fetched"],
        "failed_requests": seen["failed"],
        "database_connections": connections,
        "processor_while_nothing_happens": idle.get("processor"),
        "processor_while_things_happen": busy.get("processor"),
    }


def _spread(delays: list[float]) -> dict[str, Any]:
    milliseconds = [delay * 1000 for delay in delays]
    found = spread(milliseconds) | {"p95": percentile(milliseconds, 95)}
    return {name: None if value is None else value / 1000 for name, value in found.items()}


def _delays(done: list[list[Any]], shown: list[list[Any]]) -> list[float]:
    """From each commit to the first drawing of the queue, of the person concerned, that has the case."""
    first: dict[tuple[int, int], float] = {}
    for user, case, at in shown:
        first.setdefault((user, case), at)
    return [first[user, case] - at for user, case, at in done if (user, case) in first]


def _client(job: dict[str, Any]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "voiceloop.bench.live_client"]
    client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert client.stdin is not None
    client.stdin.write(json.dumps(job) + "\n")
    client.stdin.flush()
    return client
