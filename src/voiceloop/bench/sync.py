"""How fast the lake follows the database, and what replacing and forgetting cost in a large lake.

As a program it fills a lake of its own from the database of its settings and prints JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import duckdb
import psycopg

from voiceloop.analytics.lake import Lake
from voiceloop.bench import large
from voiceloop.bench.figures import beside, spread
from voiceloop.bench.machine import peak_megabytes, watched
from voiceloop.bench.product import Product, say

BACKFILL, ROWS_A_SECOND = 2_000_000, 300_000
POSTS, SECONDS, GLANCE = 50, 5.0, 0.02
GIVEN_UP_AFTER = 30.0

# Each from another of 200,000 customers; every fourth has attributes, of which a few hundred differ.
RESPONSES = """
    insert into collect_response (idempotency_key, unit_id, state, at, weight, wants_contact, attributes,
        programme, survey, touchpoint, stage, channel, source, segment, tier, region, team, agent, language,
        about)
    select 'bench:' || i, unit.id, 'complete', timestamptz '2026-11-01' - i %% 1000 * interval '1 day', 1,
        false, case when i %% 4 = 0 then jsonb_build_object('floor', i %% 9, 'promo', 'P' || i %% 100)
                    else '{}' end,
        'relation', 'service', 't' || i %% 20, 'stage' || i %% 5, 'c' || i %% 8, 'asked',
        's' || i %% 12, 'gold', 'r' || i %% 31, 'team' || i %% 50, 'a' || i %% 5000, 'zh', ''
    from generate_series(1, %s) i cross join (select min(id) as id from core_unit) unit
"""
ANSWERS = """
    insert into collect_answer (response_id, question, scale, score, options)
    select id, 'nps', 'nps_0_10', id % 11, '[]' from collect_response
    where idempotency_key like 'bench:%' order by id
"""


def measure(product: Product, scale: float) -> dict[str, Any]:
    return {
        "fresh": _fresh(product, scale),
        "backfill": _backfill(product, scale),
        "large_lake": large.measure(scale),
    }


def _backfill(product: Product, scale: float) -> dict[str, Any]:
    """All answers of a database into an empty lake, by the sync's own code in a process of its own."""
    n = int(BACKFILL * scale)
    say(f"sync: {n:,} answers into the database …")
    with psycopg.connect(product.database) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(RESPONSES, [n])
        connection.execute(ANSWERS.encode())
    with psycopg.connect(product.database, autocommit=True) as connection:
        connection.execute("vacuum analyze collect_response, collect_answer")
    # The product's own sync carries them over first, so that it is idle afterwards: the responses, too.
    product.settle()
    product.rest()
    say("sync: and into a lake of their own …")
    busy: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="voiceloop-bench-") as folder, watched(product.process, busy):
        found = _in_a_process(product, folder)
    rate = round(found["rows"] / found["seconds"])
    return {
        **found,
        "rows_per_second": rate,
        "aims": {"rows_per_second": beside(rate, at_least=ROWS_A_SECOND)},
        **busy,
    }


def _in_a_process(product: Product, folder: str) -> dict[str, Any]:
    there = {"VOICELOOP_DATA": str(product.data), "DATABASE_URL": product.database, "VOICELOOP_LAKE": folder}
    command = [sys.executable, "-W", "ignore", "-m", "voiceloop.bench.sync"]
    done = subprocess.run(command, env={**os.environ, **there}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def fill_own_lake() -> dict[str, Any]:
    """One pass over the answers, from nothing."""

    from voiceloop.server.store import sync
    from voiceloop.server.store.fact import Window
    from voiceloop.server.store.facts import ANSWERS as answers
    from voiceloop.server.store.reading import reader

    began, used = time.perf_counter(), time.process_time()
    with reader() as source:
        n = sync.follow(answers, Window(0, sync.oldest_running()), source)
    return {
        "rows": n,
        "seconds": round(time.perf_counter() - began, 2),
        "processor_seconds_of_the_sync": round(time.process_time() - used, 2),
        "megabytes_at_most": peak_megabytes(),
        "files": len(sync.lake().uris("answers")),
    }


def _fresh(product: Product, scale: float) -> dict[str, Any]:
    """Seconds from a customer's POST until the answer can be read out of the lake."""
    n = max(int(POSTS * scale), 5)
    say(f"sync: {n} answers, each until it is in the lake …")
    asked = product.ask("invite", n + 1)
    product.settle()
    # The first one wakes everything up and does not count.
    waits = [_wait(product, *each) for each in asked][1:]
    there = [wait for wait in waits if wait is not None]
    seconds = {name: round(value / 1000, 2) for name, value in spread(there).items() if value is not None}
    slowest = seconds.get("max") if len(there) == n else None
    return {
        "answers": n,
        "in_the_lake": len(there),
        "seconds_from_post": seconds,
        "aims": {"max_seconds": beside(slowest, below=SECONDS)},
    }


def _wait(product: Product, invitation: int, path: str) -> float | None:
    """Milliseconds until a reader of the lake finds it."""
    form = urlencode({"q-nps": 9, "lang": "zh"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    web, lake = HTTPConnection("127.0.0.1", product.port, timeout=30), product.lake
    known = set(lake.uris("answers"))
    sent = time.perf_counter()
    web.request("POST", path, form, headers)
    web.getresponse().read()
    web.close()
    sql = "select id from collect_response where invitation_id = %s"
    ((response,),) = product.query(sql, invitation)
    while not _holds(lake, known, response):
        if time.perf_counter() - sent > GIVEN_UP_AFTER:
            return None
        time.sleep(GLANCE)
    return (time.perf_counter() - sent) * 1000


def _holds(lake: Lake, known: set[str], response: int) -> bool:
    """Looks into the files that were not there before."""
    files = [uri for uri in lake.uris("answers") if uri not in known]
    if not files:
        return False
    with duckdb.connect() as engine:
        sql = "select count(*) from read_parquet(?) where response_id = ?"
        found = engine.execute(sql, [files, response]).fetchone()
    return bool(found and found[0])


if __name__ == "__main__":
    from voiceloop.server.config import processes

    processes.django()
    json.dump(fill_own_lake(), sys.stdout)
