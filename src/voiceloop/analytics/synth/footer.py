"""What a Parquet file's footer says about its columns, as a Delta log wants to hear it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pyarrow.parquet as pq


def statistics(footer: pq.FileMetaData) -> dict[str, Any]:
    """Return numRecords, minValues, maxValues and nullCount of a file.

    Readers leave out files by them, and conditions that hold for every row of a file. Columns within a
    column (the attributes) have none. The shape is the Delta protocol's, "Per-file Statistics".

    Examples
    --------
    >>> import io, pyarrow as pa
    >>> buffer = io.BytesIO()
    >>> pq.write_table(pa.table({"score": [3.0, 9.0, None]}), buffer)
    >>> found = statistics(pq.read_metadata(buffer))
    >>> found["minValues"], found["maxValues"], found["nullCount"]
    ({'score': 3.0}, {'score': 9.0}, {'score': 1})
    """
    every = [footer.row_group(i).column(j) for i in range(footer.num_row_groups) for j in _flat(footer)]
    found: dict[str, Any] = {
        "numRecords": footer.num_rows,
        "minValues": {},
        "maxValues": {},
        "nullCount": {},
    }
    for name in dict.fromkeys(column.path_in_schema for column in every):
        columns = (column for column in every if column.path_in_schema == name)
        known: list[Any] = [column.statistics for column in columns if column.statistics]
        found["nullCount"][name] = sum(one.null_count for one in known)
        ends = [(one.min, one.max) for one in known if one.has_min_max]
        if ends:
            found["minValues"][name] = _plain(min(low for low, _ in ends))
            found["maxValues"][name] = _plain(max(high for _, high in ends))
    return found


def _flat(footer: pq.FileMetaData) -> Iterable[int]:
    return (j for j in range(footer.num_columns) if footer.schema.column(j).max_repetition_level == 0)


def _plain(value: Any) -> Any:
    """A value as JSON; our instants are whole seconds, so that milliseconds say them exactly."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return value.isoformat() if isinstance(value, date) else value
