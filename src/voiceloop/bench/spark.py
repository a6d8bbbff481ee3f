"""Spark against DuckDB on 10 million answers: the same questions, the same numbers, how many seconds each."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from voiceloop import analytics
from voiceloop.analytics import Lake
from voiceloop.analytics.answering import MEMORY
from voiceloop.analytics.registry import metrics
from voiceloop.analytics.result import Result
from voiceloop.analytics.synth import answers_batches
from voiceloop.bench import spark_equal, spark_lake
from voiceloop.bench.spark_cluster import Cluster

_ANSWERS = 10_000_000
_OTHER_ROWS = 500_000
_MONTHS = 36
_BATCHES = 8


def measure(lake_path: str | Path | None, scale: float = 1.0) -> dict[str, Any]:
    """Compare the engines on a lake that is there, or on one made for it.

    Parameters
    ----------
    lake_path : str or Path, optional
        A lake with answers; without one, 10 million answers times ``scale``, and half a million rows
        in every other table, are made in a temporary folder and removed.
    scale : float
        Share of the full amount of rows.

    Returns
    -------
    dict
        Seconds of the second run of each question on each engine, and whether all figures were equal.
    """
    if lake_path is not None:
        return _compared(Lake(lake_path))
    with tempfile.TemporaryDirectory(prefix="voiceloop-spark-lake-") as folder:
        lake = Lake(folder)
        _fill(lake, scale)
        return _compared(lake)


def _compared(lake: Lake) -> dict[str, Any]:
    found: dict[str, Any] = {
        "answers": analytics.measure(lake, "nps", use_cubes=False).total.n,
        "questions": {},
    }
    asked = _questions(lake)
    duck = {name: _timed(ask) for name, ask in asked.items()}
    ours = _everything(lake)
    with Cluster(cores=1, memory="2g") as cluster:
        began = time.perf_counter()
        with spark_equal.spark(cluster.address, spark_executor_memory="1800m", spark_driver_memory="2g"):
            analytics.measure(lake, "nps", since=_last(lake), use_cubes=False)
            found["seconds_until_the_first_figure"] = round(time.perf_counter() - began, 2)
            spark = {name: _timed(ask) for name, ask in asked.items()}
            theirs = _everything(lake)
    for name in asked:
        wrong = spark_equal.differences(duck[name][1], spark[name][1])
        found["questions"][name] = {
            "duckdb_seconds": round(duck[name][0], 3),
            "spark_seconds": round(spark[name][0], 3),
            "groups": len(duck[name][1].rows),
            "equal": not wrong,
        }
    return found | _verdict(ours, theirs)


def _questions(lake: Lake) -> dict[str, Callable[[], Result]]:
    last = _last(lake)
    since = date(last.year - (last.month <= 2), (last.month - 3) % 12 + 1, 1)
    quarter: dict[str, Any] = {"since": since, "min_n": 1}
    region = analytics.measure(lake, "nps", by=["region"], use_cubes=False, **quarter).rows[0].key["region"]
    cube = ["channel", "touchpoint", "segment"]
    ask = partial(analytics.measure, lake, "nps", use_cubes=False)
    return {
        "NPS by month": partial(ask, every="month"),
        "month x channel x touchpoint x segment": partial(ask, by=cube, every="month", min_n=1),
        "one region's last 3 months by agent": partial(
            ask, by=["agent"], where={"region": region}, **quarter
        ),
    }


def _timed(ask: Callable[[], Result]) -> tuple[float, Result]:
    """Return the seconds of a second run, in which files are open and nothing is remembered."""
    ask()
    MEMORY.clear()
    began = time.perf_counter()
    result = ask()
    return time.perf_counter() - began, result


def _everything(lake: Lake) -> dict[str, list[Result]]:
    last = _last(lake)
    return {
        name: spark_equal.answers(lake, metric, spark_equal.rich(metric, last))
        for name, metric in metrics().items()
    }


def _verdict(ours: dict[str, list[Result]], theirs: dict[str, list[Result]]) -> dict[str, Any]:
    unequal = [
        f"{name}: {said}"
        for name in ours
        for one, other in zip(ours[name], theirs[name], strict=True)
        for said in spark_equal.differences(one, other)
    ]
    return {
        "metrics": len(ours),
        "metrics_with_rows": sum(any(result.total.n for result in results) for results in ours.values()),
        "figures": sum(len(result.rows) for results in ours.values() for result in results),
        "unequal": unequal[:10],
        "equal": not unequal,
    }


def _last(lake: Lake) -> date:
    year, month = lake.months("answers")[-1].split("-")
    return date(int(year), int(month), 1)


def _fill(lake: Lake, scale: float) -> None:
    spark_lake.fill(lake, rows=max(int(_OTHER_ROWS * scale), 1000), months=_MONTHS)
    batches: list[pa.RecordBatch] = []
    for batch in answers_batches(int(_ANSWERS * scale), months=_MONTHS, today=spark_lake.LAST_DAY):
        batches.append(batch)
        if len(batches) == _BATCHES:
            lake.append("answers", pa.Table.from_batches(batches))
            batches.clear()
    if batches:
        lake.append("answers", pa.Table.from_batches(batches))
