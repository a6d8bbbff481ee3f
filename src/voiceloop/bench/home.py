"""How soon an analyst sees the home page when the lake holds a million answers."""

from __future__ import annotations

import re
import time
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.compute as pc

from voiceloop.analytics.synth.answers import answers_batches
from voiceloop.bench.figures import beside, percentile, spread
from voiceloop.bench.machine import watched
from voiceloop.bench.product import Product, say
from voiceloop.server.config.supervisor import DEMO_PASSWORD

ANSWERS, REQUESTS, WARM_UPS, MILLISECONDS = 1_000_000, 60, 5, 150
APART = 10**12  # ids that no row of the database ever has


def measure(product: Product, scale: float) -> dict[str, Any]:
    n = int(ANSWERS * scale)
    say(f"home: {n:,} answers into the lake …")
    product.settle()
    fill(product, n)
    browser = Browser(product.port)
    browser.sign_in("analyst", DEMO_PASSWORD)
    say(f"home: {REQUESTS} visits …")
    cold = [browser.visit("/") for _ in range(WARM_UPS)]
    busy: dict[str, Any] = {}
    with watched(product.process, busy):
        warm = [browser.visit("/") for _ in range(REQUESTS)]
    return {
        "answers_in_lake": n,
        "visits": REQUESTS,
        "first_visit_milliseconds": round(max(cold), 1),
        "milliseconds": spread(warm),
        "aims": {"p95_milliseconds": beside(percentile(warm, 95), below=MILLISECONDS)},
        **busy,
    }


def fill(product: Product, n: int) -> None:
    """Straight into the lake, month by month, while nobody else writes there."""
    by_month: dict[str, list[pa.RecordBatch]] = {}
    for batch in answers_batches(n):
        by_month.setdefault(batch.column("month")[0].as_py(), []).append(batch)
    for batches in by_month.values():
        rows = pa.Table.from_batches(batches)
        for name in ("answer_id", "response_id"):
            rows = rows.set_column(rows.schema.get_field_index(name), name, pc.add(rows[name], APART))
        product.lake.append("answers", rows)


class Browser:
    """One signed-in person with one open connection."""

    def __init__(self, port: int) -> None:
        self.web = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def sign_in(self, username: str, password: str) -> None:
        path = "/accounts/login/"
        _, page = self._ask("GET", path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"login": username, "password": password, "csrfmiddlewaretoken": token[1] if token else ""}
        status, _ = self._ask("POST", path, urlencode(form))
        if status != 302:
            raise RuntimeError(f"could not sign in: {status}")

    def visit(self, path: str) -> float:
        """Milliseconds until the whole page is here."""
        began = time.perf_counter()
        status, _ = self._ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        return (time.perf_counter() - began) * 1000

    def _ask(self, method: str, path: str, form: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.web.request(method, path, form, headers)
        answer = self.web.getresponse()
        body = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return answer.status, body
