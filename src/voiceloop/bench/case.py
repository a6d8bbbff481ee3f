"""How long an unhappy customer's answer takes to become a case with an owner."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import psycopg

from voiceloop.bench.figures import beside, spread
from voiceloop.bench.machine import watched
from voiceloop.bench.product import Product, say

CASES, SECONDS, GLANCE = 50, 1.0, 0.005
GIVEN_UP_AFTER = 30.0


def measure(product: Product, scale: float) -> dict[str, Any]:
    n = max(int(CASES * scale), 5)
    say(f"case: {n} unhappy customers …")
    asked = product.ask("invite", n + 1)
    product.settle()
    busy: dict[str, Any] = {}
    with watched(product.process, busy), psycopg.connect(product.database, autocommit=True) as connection:
        # The first one wakes everything up and does not count.
        waits = [_wait(product, connection, *each) for each in asked][1:]
    opened = [wait for wait in waits if wait is not None]
    seconds = {name: round(value / 1000, 3) for name, value in spread(opened).items() if value is not None}
    return {
        "detractors": n,
        "cases": len(opened),
        "seconds_from_post": seconds,
        "aims": {"max_seconds": beside(seconds.get("max") if len(opened) == n else None, below=SECONDS)},
        **busy,
    }


def _wait(product: Product, connection: psycopg.Connection[Any], pk: int, path: str) -> float | None:
    """Milliseconds from the moment the answer is sent until the case can be read."""
    form = urlencode({"q-nps": 2, "q-comment": "等了一个小时，没人处理。", "lang": "zh"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    web = HTTPConnection("127.0.0.1", product.port, timeout=30)
    sql = """
        select 1 from act_case c join collect_response r on r.id = c.response_id where r.invitation_id = %s
    """
    sent = time.perf_counter()
    web.request("POST", path, form, headers)
    web.getresponse().read()
    while not connection.execute(sql, [pk]).fetchone():
        if time.perf_counter() - sent > GIVEN_UP_AFTER:
            return None
        time.sleep(GLANCE)
    waited = time.perf_counter() - sent
    web.close()
    return waited * 1000
