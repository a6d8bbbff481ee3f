"""A lake with rows in every table, made up from the tables' own schema, so that no metric finds it empty."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from voiceloop.analytics import schema
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.registry import metrics
from voiceloop.analytics.scales import scale
from voiceloop.analytics.synth.columns import take

LAST_DAY = date(2026, 6, 30)
_WORD = re.compile(r"(\w+)\s*(?:=|<>|!=|IN\s*\()\s*((?:'[^']*'(?:\s*,\s*)?)+)", re.IGNORECASE)
_UNKNOWN = 0.1
_PAIRED = {
    *((f"{side}_care", "csat_1_5") for side in ("expected", "got")),
    *((f"told_{side}", "people_0_10") for side in ("good", "bad")),
}
_PLANS = [[], [("plan", "1"), ("名称", "x'y")], [("plan", "2")]]


def fill(lake: Lake, *, rows: int, months: int, seed: int = 7) -> None:
    """Write ``rows`` rows into every table of the lake, the last on `LAST_DAY`.

    Texts are words that the metrics ask for, and one that none does; a tenth of all cells is unknown.
    """
    rng = np.random.default_rng(seed)
    words = _words()
    for name in schema.TABLES:
        lake.append(name, _table(rng, name, rows, months * 30, words))


def _words() -> dict[str, set[str]]:
    """Return for each column the words that some metric compares it with."""
    found: dict[str, set[str]] = defaultdict(set)
    for metric in metrics().values():
        for value in vars(metric).values():
            for column, listed in _WORD.findall(value) if isinstance(value, str) else ():
                found[column.lower()].update(re.findall(r"'([^']*)'", listed))
    return found


def _table(rng: np.random.Generator, name: str, n: int, days: int, words: dict[str, set[str]]) -> pa.Table:
    key = schema.table(name).key
    columns = {
        column: _column(rng, name, column, kind, n, days, words)
        for column, kind in schema.table(name).columns.items()
        if column not in ("month", "day", "scale", "score", "question")
    }
    columns |= {key: pa.array(np.arange(1, n + 1)), "day": _days(rng, n, days)}
    if name == "answers":
        columns |= _scores(rng, n)
    elif "score" in schema.table(name).columns:
        columns["score"] = pa.array(rng.integers(0, 2, n).astype(float), mask=rng.random(n) < _UNKNOWN)
    return pa.table(columns)


def _column(
    rng: np.random.Generator,
    table: str,
    column: str,
    kind: str,
    n: int,
    days: int,
    words: dict[str, set[str]],
) -> Any:
    arrow = schema.arrow_schema(table).field(column).type
    unknown = rng.random(n) < _UNKNOWN
    if kind in ("string", "map"):
        known = sorted(words.get(column, ())) + [f"{column}{i}" for i in range(3)]
        choices = pa.array(_PLANS if kind == "map" else known, arrow)
        return choices.take(pa.array(rng.integers(0, len(choices), n), mask=unknown))
    if kind == "timestamp":
        end = int(datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 23, tzinfo=UTC).timestamp())
        micros = (end * 1e6 - rng.random(n) * days * 86_400e6).astype(np.int64)
        return pa.array(micros, mask=unknown).cast(arrow)
    if kind in ("double", "float"):
        return pa.array(np.round(rng.lognormal(4, 1.5, n), 2), mask=unknown).cast(arrow)
    low, high = (-1, 2) if kind == "int8" else (0, 4) if kind == "int32" else (1, max(n // 5, 2))
    return pa.array(rng.integers(low, high, n), mask=unknown).cast(arrow)


def _days(rng: np.random.Generator, n: int, days: int) -> Any:
    last = (LAST_DAY - date(1970, 1, 1)).days
    return pa.array((last - rng.integers(0, days, n)).astype(np.int32)).cast(pa.date32())


def _scores(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Return questions, scales and scores of answers: every scale of every metric has some."""
    pairs = sorted({(m.question, id) for m in metrics().values() for id in m.scales} | _PAIRED)
    chosen = rng.integers(0, len(pairs), n)
    scores = np.zeros(n)
    for i, (_, id) in enumerate(pairs):
        scores[chosen == i] = rng.choice(np.array(scale(id).points, dtype=float), int((chosen == i).sum()))
    return {
        "question": take(pa.array([question for question, _ in pairs]), chosen),
        "scale": take(pa.array([id for _, id in pairs]), chosen),
        "score": pa.array(scores, mask=rng.random(n) < _UNKNOWN / 5),
        "weight": pa.array(np.round(rng.lognormal(0, 0.4, n), 3)),
    }
