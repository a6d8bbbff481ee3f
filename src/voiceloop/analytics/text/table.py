"""Rows of a text file by column name: CSV, CSV.gz or JSON Lines, in UTF-8 or GB18030."""

from __future__ import annotations

import csv
import gzip
import json
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
        A .csv, .csv.gz, .jsonl or .jsonl.gz file with a header or keys.
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
        with _opened(path) as stream:
            rows = _json_rows(stream) if ".jsonl" in path.suffixes else _csv_rows(stream, path, columns)
            for row in rows:
                yield tuple("" if row.get(column) is None else str(row[column]) for column in columns)
    except (OSError, EOFError, UnicodeError, csv.Error, json.JSONDecodeError) as error:
        raise AnalyticsError(
            f"{path.name} cannot be read: {_why(error)}.", f"无法读取 {path.name}：{_why(error)}。"
        ) from error


def _opened(path: Path) -> IO[str]:
    encoding = _encoding(path)
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _encoding(path: Path) -> str:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
        head = bytes(stream.read(1 << 20))
    try:
        # The head may end inside a character.
        head[: len(head) - 4 if len(head) == 1 << 20 else None].decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 8:
            return "gb18030"
    return "utf-8-sig"


def _csv_rows(stream: IO[str], path: Path, columns: list[str]) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(_FIELD)
    rows = csv.DictReader(stream)
    there = list(rows.fieldnames or ())
    for column in columns:
        if column not in there:
            named = ", ".join(there[:12]) or "-"
            raise AnalyticsError(
                f"{path.name} has no column {column}; it has: {named}.",
                f"{path.name} 中没有列“{column}”，现有列：{named}。",
            )
    yield from rows


def _json_rows(stream: IO[str]) -> Iterator[dict[str, Any]]:
    for line in stream:
        if line.strip():
            row = json.loads(line)
            yield row if isinstance(row, dict) else {}


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).rstrip(".")
