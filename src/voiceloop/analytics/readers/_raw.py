"""Files as rows of text: CSV is parsed once into a Parquet file of its own, Parquet is read where it is."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.readers import _text

ROW, FILE = "file_row_number", "_voiceloop_file"


def quoted(name: str) -> str:
    """Return a column's name as SQL.

    Examples
    --------
    >>> quoted("a b")
    '"a b"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Return a text as SQL.

    Examples
    --------
    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class Part:
    """One file: where its rows are, and for a CSV file which of its records could not be parsed."""

    path: Path
    rows: Path
    names: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    broken: tuple[int, ...] = field(default=(), repr=False)

    def line(self, row: int) -> int | None:
        """Return the line of the file on which the row with this number, from 0, begins."""
        broken, counted = set(self.broken), count()

        def is_row(record: int, is_blank: bool) -> bool:
            return not is_blank and record not in broken and next(counted) == row

        return _text.line_of(self.path, self.encoding, self.delimiter, is_row)

    def broken_line(self) -> int | None:
        """Return the line of the first record that could not be parsed."""
        first = min(self.broken)
        return _text.line_of(self.path, self.encoding, self.delimiter, lambda record, _: record == first)


class Raw:
    """The rows of one or several files of the same columns, as text or in the types of Parquet.

    Parameters
    ----------
    paths : sequence of Path
        Existing files.

    Raises
    ------
    AnalyticsError
        When one is empty, no table, or has other columns than the first.
    """

    parts: tuple[Part, ...]
    names: tuple[str, ...]

    def __init__(self, paths: Sequence[Path]) -> None:
        self._folder: Path | None = None
        self.parts = tuple(self._part(i, path) for i, path in enumerate(paths))
        self.names = self.parts[0].names
        for part in self.parts[1:]:
            if set(part.names) != set(self.names):
                raise AnalyticsError(
                    f"The files {self.parts[0].path} and {part.path} have different columns.",
                    f"文件 {self.parts[0].path} 和 {part.path} 的列不同。",
                )

    @classmethod
    def staged(cls, rows: Path, names: Sequence[str]) -> Raw:
        """Return rows that somebody has written as Parquet in their order: trimmed text, blank as NULL."""
        raw = cls.__new__(cls)
        raw._folder, raw.names = None, tuple(names)
        raw.parts = (Part(rows, rows, raw.names, "utf-8", ","),)
        return raw

    @property
    def sql(self) -> str:
        """The rows as a table function of DuckDB, with the number of each within its file."""
        files = ", ".join(literal(str(part.rows)) for part in self.parts)
        options = f"file_row_number = true, filename = {literal(FILE)}, hive_partitioning = false"
        return f"read_parquet([{files}], {options})"

    @cached_property
    def types(self) -> dict[str, str]:
        """DuckDB's type of each column; of a CSV file all are VARCHAR."""
        described = engine().run(f"DESCRIBE SELECT * FROM {self.sql}", None)
        return {row[0]: row[1] for row in described if row[0] in self.names}

    def text(self, column: str) -> str:
        """Return the SQL of a cell as trimmed text; blank is NULL."""
        is_staged = all(part.delimiter for part in self.parts)
        return quoted(column) if is_staged else f"nullif(trim(CAST({quoted(column)} AS VARCHAR)), '')"

    @cached_property
    def n(self) -> int:
        """How many rows could be parsed."""
        return int(self.ask("SELECT count(*) FROM rows_")[0][0])

    @property
    def broken(self) -> tuple[int, str]:
        """How many records could not be parsed, and where the first is."""
        n = sum(len(part.broken) for part in self.parts)
        first = next((part for part in self.parts if part.broken), None)
        return n, self._where(first, first.broken_line()) if first else ""

    def place(self, file: str, row: int) -> str:
        """Return where a row stands, for people: a line of a CSV file, a row of a Parquet file."""
        part = next(part for part in self.parts if str(part.rows) == file)
        return self._where(part, part.line(row) if part.delimiter else row + 1)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Run ``sql`` over the rows, which it calls ``rows_``."""
        return list(engine().run(f"WITH rows_ AS (SELECT * FROM {self.sql}) {sql}", None))

    def _where(self, part: Part, line: int | None) -> str:
        return f"{part.path.name}:{line}" if len(self.parts) > 1 else str(line)

    def _part(self, i: int, path: Path) -> Part:
        if _text.is_parquet(path):
            return Part(path, path, _parquet_names(path))
        encoding = _text.encoding_of(path)
        names, delimiter = _text.header_of(path, encoding)
        rows = self._made / f"{i}.parquet"
        broken = _staged(self._utf8(path, encoding), rows, names, delimiter)
        return Part(path, rows, names, encoding, delimiter, broken)

    @property
    def _made(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="voiceloop-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def _utf8(self, path: Path, encoding: str) -> Path:
        if encoding.startswith("utf-8"):
            return path
        copy = self._made / "utf8.csv"
        with _text.text_of(path, encoding) as text, copy.open("w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(text, out)
        return copy


def _parquet_names(path: Path) -> tuple[str, ...]:
    import duckdb

    try:
        described = engine().run(f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})", None)
        engine().run(f"SELECT count(*) FROM read_parquet({literal(str(path))})", None)
    except duckdb.Error as error:
        raise AnalyticsError(
            f"The Parquet file {path} is damaged or half written.", f"Parquet 文件 {path} 已损坏或没有写完。"
        ) from error
    return tuple(row[0] for row in described)


def _staged(path: Path, rows: Path, names: Sequence[str], delimiter: str) -> tuple[int, ...]:
    """Write the records of a CSV file in their order as Parquet; return those that cannot be parsed."""
    import duckdb

    try:
        return _copied(path, rows, names, delimiter, strict=True)
    except duckdb.Error:
        # TRICKY: the strict parser gives up on mixed line ends, which are harmless.
        try:
            return _copied(path, rows, names, delimiter, strict=False)
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise AnalyticsError(
                f"The file {path} cannot be read: {why}", f"无法读取文件 {path}：{why}"
            ) from error


def _copied(path: Path, rows: Path, names: Sequence[str], delimiter: str, *, strict: bool) -> tuple[int, ...]:
    import duckdb

    # Told, not sniffed: a guess from the first rows would turn on what they happen to hold.
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    compression = "gzip" if _text.is_gzip(path) else "none"
    source = (
        f"read_csv({literal(str(path))}, columns = {{{columns}}}, delim = {literal(delimiter)}, header = "
        "true, "
        f"quote = '\"', escape = '\"', auto_detect = false, strict_mode = {strict}, ignore_errors = true, "
        f"store_rejects = true, rejects_limit = 0, compression = {literal(compression)})"
    )
    # A connection of its own: the rows keep their order, and no other reader sees the rejects.
    with duckdb.connect(":memory:", config=_OFFLINE) as connection:
        cells = ", ".join(f"nullif(trim({quoted(name)}), '') AS {quoted(name)}" for name in names)
        connection.execute(f"COPY (SELECT {cells} FROM {source}) TO {literal(str(rows))} (FORMAT parquet)")
        found = connection.execute("SELECT DISTINCT line FROM reject_errors ORDER BY 1").fetchall()
    return tuple(line for (line,) in found)


_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
