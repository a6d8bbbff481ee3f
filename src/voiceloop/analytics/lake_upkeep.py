"""What a lake's keeper needs beside reading and writing: its condition, its shape, and a table made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voiceloop.analytics import schema
from voiceloop.analytics.lake import Lake, _writer

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

_SIZES = ("num_records", "size_bytes")


@dataclass(frozen=True)
class Condition:
    """How large a table is: rows, files and bytes of its newest version, without the dead ones."""

    table: str
    version: int
    rows: int
    files: int
    bytes: int


def condition(lake: Lake, table: str) -> Condition:
    """Return the size of a table; all is 0 and the version −1 where it was never written.

    Parameters
    ----------
    lake : Lake
    table : str
        A table of `schema.TABLES`.

    Examples
    --------
    >>> import tempfile
    >>> condition(Lake(tempfile.mkdtemp()), "answers").rows
    0
    """
    if lake.version(table) < 0:
        return Condition(table, -1, 0, 0, 0)
    import pyarrow as pa

    delta = _delta(lake, table)
    actions = pa.table(delta.get_add_actions(flatten=True))
    n_rows, n_bytes = (sum(int(n or 0) for n in actions[name].to_pylist()) for name in _SIZES)
    return Condition(table, delta.version(), n_rows, actions.num_rows, n_bytes)


def is_in_shape(lake: Lake, table: str) -> bool:
    """Tell whether a table is stored with the columns that `schema` declares; a missing one is.

    Examples
    --------
    >>> import tempfile
    >>> is_in_shape(Lake(tempfile.mkdtemp()), "answers")
    True
    """
    if lake.version(table) < 0:
        return True
    from deltalake import Schema

    def shape(of: Schema) -> dict[str, str]:
        return {field.name: field.type.to_json() for field in of.fields}

    return shape(_delta(lake, table).schema()) == shape(Schema.from_arrow(schema.arrow_schema(table)))


def widen(lake: Lake, table: str) -> int:
    """Add the columns that a table lacks, NULL in all its rows, and return the new version."""
    from deltalake import write_deltalake

    write_deltalake(
        _delta(lake, table),
        schema.arrow_schema(table).empty_table(),
        mode="append",
        schema_mode="merge",
        commit_properties=lake._commit(table, None),
    )
    return lake.version(table)


def make_anew(
    lake: Lake, table: str, parts: Iterable[pa.Table], *, metadata: Mapping[str, str] | None = None
) -> int:
    """Replace all rows and the shape of a table in one commit, and return the new version.

    Whoever reads meanwhile sees the old rows, then the new ones; what is written of an unfinished
    replacement belongs to no version.

    Parameters
    ----------
    lake : Lake
    table : str
        A table of `schema.TABLES`.
    parts : iterable of pyarrow.Table
        The new rows, as `Lake.append` takes them; one part at a time is held in memory.
    metadata : mapping of str to str, optional
        Stored in the same commit.
    """
    import pyarrow as pa
    from deltalake import write_deltalake

    def batches() -> Iterator[pa.RecordBatch]:
        for part in parts:
            yield from schema.conform(table, part).to_batches()

    write_deltalake(
        _delta(lake, table),
        pa.RecordBatchReader.from_batches(schema.arrow_schema(table), batches()),
        mode="overwrite",
        schema_mode="overwrite",
        partition_by=["month"],
        writer_properties=_writer(table),
        commit_properties=lake._commit(table, metadata),
    )
    return lake.version(table)


def _delta(lake: Lake, table: str) -> DeltaTable:
    from deltalake import DeltaTable

    return DeltaTable(str(lake.path / table))
