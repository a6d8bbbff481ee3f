"""Rows of a file by column name: CSV, CSV.gz, Parquet or JSON Lines, in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import codecs
import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from voiceloop.analytics.errors import AnalyticsError

# Reviews of a megabyte exist; csv's own limit is 128 KB a field.
_FIELD = 64 * 1024 * 1024


def read(path: Path, columns: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield ``columns`` of each row of ``path`` as strings, an absent value as "".

    Parameters
    ----------
    path : Path
        A .csv, .csv.gz, .parquet, .jsonl or .jsonl.gz file with a header or keys; a CSV with semicolons, tabs
        or bars is read too.
    columns : list of str
        Columns wanted, in this order.

    Yields
    ------
    tuple of str
        One for each row, in the order of the file.

    Raises
    ------
    AnalyticsError
        When the file cannot be read or has no such column.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.csv"
    ...     _ = file.write_text("id,text\\n1,好\\n", "utf-8")
    ...     list(read(file, ["text"]))
    [('好',)]
    """
    try:
        for row in _rows(path, columns):
            yield tuple("" if value is None else str(value) for value in row)
    except (OSError, EOFError, UnicodeError, csv.Error, ValueError) as error:
        if isinstance(error, AnalyticsError):
            raise
        raise AnalyticsError(
            f"{path.name} cannot be read: {_why(error)}.", f"无法读取 {path.name}：{_why(error)}。"
        ) from error


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    if ".parquet" in path.suffixes or _begins(path, b"PAR1"):
        yield from _parquet_rows(path, columns)
        return
    with _opened(path) as stream:
        if ".jsonl" in path.suffixes:
            yield from (tuple(row.get(column) for column in columns) for row in _json_rows(stream))
        else:
            yield from _csv_rows(stream, path, columns)


def _parquet_rows(path: Path, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    # Imported here: few files are Parquet, and the import costs more than reading a small CSV.
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        _find(path, columns, file.schema_arrow.names)
        for batch in file.iter_batches(columns=list(dict.fromkeys(columns))):
            table = {name: batch.column(name).to_pylist() for name in batch.schema.names}
            yield from zip(*(table[column] for column in columns), strict=True)


def _opened(path: Path) -> IO[str]:
    encoding = _encoding(path)
    # A broken byte makes one odd character, not a file that cannot be read.
    if _begins(path, b"\x1f\x8b") or path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="", errors="replace")
    return path.open(encoding=encoding, newline="", errors="replace")


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(mark)) == mark


def _encoding(path: Path) -> str:
    with (gzip.open if _begins(path, b"\x1f\x8b") or path.suffix == ".gz" else open)(path, "rb") as stream:
        head = bytes(stream.read(1 << 20))
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    broken = _broken(head, "utf-8")
    # GB18030 finds a character for nearly all bytes, so it must be much the better reading.
    return "gb18030" if broken and _broken(head, "gb18030") * 2 < broken else "utf-8-sig"


def _broken(head: bytes, encoding: str) -> int:
    """Characters that ``encoding`` cannot read; the head may end inside one."""
    return (
        head[: max(len(head) - 4, 0) if len(head) == 1 << 20 else None]
        .decode(encoding, "replace")
        .count("\ufffd")
    )


def _csv_rows(stream: IO[str], path: Path, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    csv.field_size_limit(_FIELD)
    header = stream.readline()
    # Quoted names may hold line ends, but nobody's do; the separator is the one that finds the columns.
    names, separator = [], ","
    for separator in ",;\t|":
        names = next(csv.reader([header], delimiter=separator), [])
        if set(columns) <= set(names):
            break
    else:
        names, separator = next(csv.reader([header]), []), ","
    _find(path, columns, names)
    places = [names.index(column) for column in columns]
    for row in csv.reader(stream, delimiter=separator):
        if row:
            yield tuple(row[place] if place < len(row) else None for place in places)


def _find(path: Path, columns: list[str], names: list[str]) -> None:
    for column in columns:
        if column not in names:
            # A file of another kind has odd names, which must not disturb a terminal.
            named = ", ".join(re.sub(r"[^\w .:()/-]", "?", name[:40]) for name in names[:12]) or "-"
            raise AnalyticsError(
                f"{path.name} has no column {column}; it has: {named}.",
                f"{path.name} 中没有列“{column}”，现有列：{named}。",
            )


def _json_rows(stream: IO[str]) -> Iterator[dict[str, Any]]:
    for line in stream:
        if line.strip():
            row = json.loads(line)
            yield row if isinstance(row, dict) else {}


def _why(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split()).rstrip(".")
