"""What replacing some rows and forgetting one customer cost in a lake of millions; no server needed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa

from voiceloop.analytics.lake import Lake
from voiceloop.analytics.synth.answers import answers_batches
from voiceloop.bench.product import say

ROWS, SOME, OF_MONTHS = 10_000_000, 10_000, 3


def measure(scale: float, path: str | None = None) -> dict[str, Any]:
    """Upsert of 10,000 rows and erasure of one customer; `path` names a lake that is there already."""
    if path:
        return _both(Lake(path))
    with tempfile.TemporaryDirectory(prefix="voiceloop-bench-") as folder:
        n = int(ROWS * scale)
        say(f"sync: a lake of {n:,} answers …")
        fill(Lake(folder), n)
        return _both(Lake(folder))


def fill(lake: Lake, n: int) -> None:
    """Month by month, a file or two each."""
    by_month: dict[str, list[pa.RecordBatch]] = {}
    for batch in answers_batches(n):
        month = batch.column("month")[0].as_py()
        if by_month and month not in by_month:
            _append(lake, by_month)
        by_month.setdefault(month, []).append(batch)
    _append(lake, by_month)


def _append(lake: Lake, by_month: dict[str, list[pa.RecordBatch]]) -> None:
    for batches in by_month.values():
        lake.append("answers", pa.Table.from_batches(batches))
    by_month.clear()


def _both(lake: Lake) -> dict[str, Any]:
    say("sync: replacing some, forgetting one …")
    return {
        "rows": _count(lake),
        "files": len(lake.uris("answers")),
        "upsert": _upsert(lake),
        "erase_one_customer": _erase(lake),
    }


def _upsert(lake: Lake) -> dict[str, Any]:
    """Rows of the last three months get another score."""
    files = list(lake.uris("answers", lake.months("answers")[-OF_MONTHS:]))
    sql = f"""select * replace (case score when 1 then 2.0 else 1.0 end as score)
              from (from read_parquet(?) using sample reservoir({SOME} rows) repeatable (7))"""
    with duckdb.connect() as engine:
        changed: Any = engine.sql(sql, params=[files]).to_arrow_table()
    before = _count(lake)
    spent = _timed(lambda: lake.upsert("answers", changed))
    return {"rows": changed.num_rows, **spent, "rows_kept": _count(lake) == before}


def _erase(lake: Lake) -> dict[str, Any]:
    with duckdb.connect() as engine:
        sql = """select customer_key, count(*) from read_parquet(?) where customer_key is not null
                 group by 1 order by 2 desc, 1 limit 1"""
        found = engine.execute(sql, [list(lake.uris("answers"))]).fetchone()
    key, n = found or (0, 0)
    gone: list[int] = []
    spent = _timed(lambda: gone.append(lake.delete("answers", "customer_key", [key])))
    vacuum = _timed(lambda: lake.vacuum("answers", retention_hours=0))
    return {"rows": n, "rows_gone": gone[0], **spent, "vacuum": vacuum}


def _timed(run: Callable[[], object]) -> dict[str, float]:
    began, used = time.perf_counter(), time.process_time()
    run()
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "processor_seconds": round(time.process_time() - used, 2),
    }


def _count(lake: Lake) -> int:
    with duckdb.connect() as engine:
        found = engine.execute(
            "select count(*) from read_parquet(?)", [list(lake.uris("answers"))]
        ).fetchone()
    return int(found[0]) if found else 0
