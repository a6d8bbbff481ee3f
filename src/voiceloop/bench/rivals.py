"""The same figures without the product: the best DuckDB SQL, pandas and PostgreSQL we can write by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow.dataset import ParquetFileFormat, ParquetReadOptions

from voiceloop.analytics.lake import Lake
from voiceloop.bench.questions import Asked

Z = 1.959963984540054
# Rows of every rival: keys, then n, value, low, high; three pseudo-answers as in `stats.intervals`.
FIGURES = """
    n,
    100e0 * (p - d) / n AS value,
    100e0 * greatest(least(middle - half, (p - d) / n::DOUBLE), -1e0) AS low,
    100e0 * least(greatest(middle + half, (p - d) / n::DOUBLE), 1e0) AS high
"""
MIDDLE = "(p - d) / (n + 3e0)"
HALF = f"{Z} * sqrt(greatest((p + d + 1.5e0) / (n + 3e0) - middle * middle, 0e0) / (n + 3e0))"
# Which way of counting is fastest depends on the number of groups: all are tried, the best one counts.
COUNTS = {
    "count_if": "count(*) AS n, count_if(score >= 9) AS p, count_if(score < 7) AS d",
    "sum_int": "count(*) AS n, sum((score >= 9)::INT)::BIGINT AS p, sum((score < 7)::INT)::BIGINT AS d",
    "sum_double": "count(*) AS n, sum((score >= 9)::DOUBLE) AS p, sum((score < 7)::DOUBLE) AS d",
}


class Duck:
    """DuckDB as an expert uses it, with as many threads and the same settings as the product's own."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET preserve_insertion_order = false")
        self._connection.execute("SET parquet_metadata_cache = true")
        self._connection.execute("SET enable_progress_bar = false")

    @property
    def threads(self) -> int:
        found: Any = self._connection.execute("SELECT current_setting('threads')").fetchall()
        return int(found[0][0])

    def sql(self, asked: Asked, counts: str, *, told_apart: bool = False) -> str:
        """The SQL; `told_apart` when the expert does not know that all answers are NPS."""
        months = asked.months or None
        files = ", ".join(f"'{uri}'" for uri in self._lake.uris("answers", months))
        told = ["question = 'nps'", "scale = 'nps_0_10'", "score IS NOT NULL"] if told_apart else []
        conditions = " AND ".join([*(f"{name} = '{value}'" for name, value in asked.where.items()), *told])
        keys = ", ".join(asked.keys)
        return f"""
            SELECT {keys}, {FIGURES} FROM (
                SELECT *, {HALF} AS half FROM (
                    SELECT *, {MIDDLE} AS middle FROM (
                        SELECT {keys}, {COUNTS[counts]}
                        FROM read_parquet([{files}], hive_partitioning = true, hive_types_autocast = false)
                        {f"WHERE {conditions}" if conditions else ""} GROUP BY {keys}
                    )
                )
            )
        """

    def run(self, sql: str) -> Any:
        return self._connection.sql(sql).to_arrow_table()


class Pandas:
    """pandas over Arrow, as its manual reads Parquet; or with strings as categories, its fastest kind."""

    COLUMNS = ("month", "channel", "touchpoint", "segment", "region", "agent", "score")

    def __init__(self, lake: Lake, *, categories: bool) -> None:
        self._lake, self._categories = lake, categories

    def load(self, columns: Sequence[str], months: Sequence[str] = ()) -> Any:
        """A data frame with these columns of the lake's files."""
        strings = [name for name in columns if name not in ("score", "month")] if self._categories else []
        files = [uri.removeprefix("file://") for uri in self._lake.uris("answers", months or None)]
        rows = ds.dataset(
            files,
            format=ParquetFileFormat(read_options=ParquetReadOptions(dictionary_columns=strings)),
            partitioning=ds.HivePartitioning.discover(infer_dictionary=True),
            partition_base_dir=str(self._lake.path / "answers"),
        )
        table = rows.to_table(columns=list(columns))
        # Each row group has a dictionary of its own; pandas wants one.
        return table.unify_dictionaries().to_pandas(types_mapper=None if self._categories else _arrow_backed)

    def needs(self, asked: Asked) -> list[str]:
        return list(dict.fromkeys([*asked.keys, *asked.where, "score"]))

    def run(self, asked: Asked, frame: Any) -> Any:
        for name, value in asked.where.items():
            frame = frame[frame[name] == value]
        if asked.months and "month" in frame:
            frame = frame[frame["month"].isin(asked.months)]
        score = frame["score"]
        keys = [frame[name] for name in asked.keys]
        counted = score.to_frame("n").assign(p=score >= 9, d=score < 7)
        groups = counted.groupby(keys, observed=True, sort=False)
        found = groups[["p", "d"]].sum()
        n, p, d = (np.asarray(column, float) for column in (groups.size(), found["p"], found["d"]))
        return found.assign(**figures(n, p, d))


def figures(n: Any, p: Any, d: Any) -> Mapping[str, Any]:
    """n, value, low and high of arrays of counts."""
    middle = (p - d) / (n + 3)
    half = Z * np.sqrt(np.maximum((p + d + 1.5) / (n + 3) - middle**2, 0) / (n + 3))
    mean = (p - d) / n
    low = np.maximum(np.minimum(middle - half, mean), -1)
    high = np.minimum(np.maximum(middle + half, mean), 1)
    return {"n": n, "value": 100 * mean, "low": 100 * low, "high": 100 * high}


def _arrow_backed(kind: Any) -> Any:
    """What `pandas.read_parquet(…, dtype_backend="pyarrow")` makes of a column."""
    from pandas import ArrowDtype

    return None if pa.types.is_dictionary(kind) else ArrowDtype(kind)
