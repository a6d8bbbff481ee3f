"""A plain file of answers, read where it lies: CSV, CSV.gz or Parquet."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, cast

from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.scales import Scale, off_scale, scale
from voiceloop.analytics.scan import Scan, Scope

_DAY_FORMATS = ("%Y/%m/%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d")


class FileSource:
    """Answers in a file, one a row, measured with no lake and no server.

    Parameters
    ----------
    path : str or Path
        A CSV (also gzipped; UTF-8 or GB18030; comma, semicolon, tab or bar) or Parquet file.
    columns : mapping of str to str
        'score' → the file's column, and optionally 'weight' and 'day'. All other columns can be
        grouped and filtered by under their own names. Rows with a blank score do not count.
    scale : str, optional
        Id of the scale of the scores; the metric's first when left out.

    Raises
    ------
    AnalyticsError
        When a figure is asked for and the file is missing, empty or unreadable, or a named
        column, a score, a weight or a date in it is not what it should be.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from voiceloop.analytics import measure
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("score\\n10\\n9\\n8\\n0\\n10\\n")
    >>> measure(FileSource(path, {"score": "score"}), "nps").one.value
    40.0
    """

    def __init__(self, path: str | Path, columns: Mapping[str, str], *, scale: str | None = None) -> None:
        self.path = Path(path)
        self.columns = dict(columns)
        self.scale = scale
        self._checked: set[str] = set()

    def scope(self, metric: Metric) -> Scope:
        """Return the columns of the file and the scale of its scores, after checking them."""
        if metric.table != "answers":
            raise AnalyticsError(
                f"{metric.name} is counted from {metric.table}, and a file holds only answers.",
                f"指标 {metric.name} 来自 {metric.table}，而文件中只有答案。",
            )
        on = scale(self.scale or metric.scales[0])
        if on.id not in metric.scales:
            raise AnalyticsError(
                f"{metric.name} is not defined on the scale {on.id}.",
                f"指标 {metric.name} 不能用于量表 {on.id}。",
            )
        if on.id not in self._checked:
            self._check_readable(on)
            self._checked.add(on.id)
        derived = ("day", "month") if "day" in self.columns else ()
        return Scope(tuple(dict.fromkeys((*self._header, *self.columns, *derived))), on.id)

    def scan(self, table: str, since: date | None, until: date | None) -> Scan:
        """Return the file as a table of answers."""
        stat = self._found.stat()
        return Scan(table, (str(self.path), stat.st_mtime_ns, stat.st_size), (), self._facts)

    def as_of(self, table: str) -> datetime | None:
        """Return when the file was last written."""
        return datetime.fromtimestamp(self._found.stat().st_mtime, UTC)

    @cached_property
    def _found(self) -> Path:
        if not self.path.is_file():
            raise AnalyticsError(f"There is no file {self.path}.", f"没有文件 {self.path}。")
        if self.path.stat().st_size == 0:
            raise AnalyticsError(f"The file {self.path} is empty.", f"文件 {self.path} 是空的。")
        return self.path

    @cached_property
    def _header(self) -> tuple[str, ...]:
        return _parquet_header(self._found) if _is_parquet(self._found) else self._csv[0]

    @cached_property
    def _csv(self) -> tuple[tuple[str, ...], str, Path]:
        return _read_header(_in_utf8(self._found))

    @cached_property
    def _raw(self) -> str:
        if _is_parquet(self._found):
            return f"read_parquet({_text(str(self._found))})"
        names, delimiter, path = self._csv
        # Told, not sniffed: a guess from the first rows would turn on what they happen to hold.
        columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
        return (
            f"read_csv({_text(str(path))}, columns = {{{columns}}}, delim = {_text(delimiter)}, "
            "header = true, quote = '\"', escape = '\"', auto_detect = false, strict_mode = false, "
            f"compression = {_text('gzip' if _is_gzip(path) else 'none')})"
        )

    @cached_property
    def _facts(self) -> str:
        for name in self.columns.values():
            if name not in self._header:
                known = ", ".join(self._header)
                raise AnalyticsError(
                    f"The file has no column {name!r}; it has: {known}.",
                    f"文件中没有列“{name}”；已有的列：{known}。",
                )
        as_text = [f"{_cell(name)} AS {_name(name)}" for name in self._header if name not in self._derived]
        return f"SELECT {', '.join([*as_text, *self._derived.values()])} FROM {self._raw}"

    @cached_property
    def _derived(self) -> dict[str, str]:
        """SQL of the columns that the mapping makes, by name."""
        found = {name: f"{_cell(column)} AS {_name(name)}" for name, column in self.columns.items()}
        for name in {"score", "weight"} & set(self.columns):
            found[name] = f"TRY_CAST({_cell(self.columns[name])} AS DOUBLE) AS {name}"
        if "day" in self.columns:
            day = _day(self.columns["day"])
            found |= {"day": f"{day} AS day", "month": f"strftime({day}, '%Y-%m') AS month"}
        return found

    def _check_readable(self, on: Scale) -> None:
        import duckdb

        try:
            self._check(on)
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise AnalyticsError(
                f"The file {self.path} cannot be read: {why}", f"无法读取文件 {self.path}：{why}"
            ) from error

    def _check(self, on: Scale) -> None:
        if "score" not in self.columns:
            raise AnalyticsError("Say which column holds the score.", "请指明分数所在的列。")
        self._facts  # noqa: B018 (names the missing column before any of them is read)
        for name, what_en, what_zh in (
            ("score", "a number", "数字"),
            ("weight", "a weight", "权重"),
            ("day", "a date", "日期"),
        ):
            if name in self.columns:
                self._check_cells(name, what_en, what_zh)
        distinct = "DISTINCT score" if on.step else "unnest([min(score), max(score)]) AS score"
        scores = [score for (score,) in self._ask(f"SELECT {distinct} FROM facts") if score is not None]
        if not scores:
            column = self.columns["score"]
            raise AnalyticsError(f"Column {column!r} holds no score.", f"列“{column}”中没有分数。")
        for score in sorted(scores):
            if not on.holds(score):
                raise off_scale(on, score)

    def _check_cells(self, name: str, what_en: str, what_zh: str) -> None:
        column = self.columns[name]
        value = self._derived[name].rsplit(" AS ", 1)[0]
        is_bad = f"{value} IS NULL" + (f" OR {value} < 0 OR isnan({value})" if name == "weight" else "")
        blank_counts = (
            "" if name == "weight" and "score" in self.columns else f"{_cell(column)} IS NOT NULL AND "
        )
        scored = f"{_cell(self.columns['score'])} IS NOT NULL"
        bad = engine().run(
            f"SELECT {_cell(column)} FROM {self._raw} WHERE {scored} AND {blank_counts}({is_bad}) LIMIT 1",
            None,
        )
        if bad:
            shown = bad[0][0] or ""
            raise AnalyticsError(
                f"Column {column!r} holds {shown!r}, which is not {what_en}.",
                f"列“{column}”中的“{shown}”不是{what_zh}。",
            )

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        return list(engine().run(sql, self.scan("answers", None, None)))


def _cell(column: str) -> str:
    """SQL of a cell as trimmed text; blank is NULL."""
    return f"nullif(trim(CAST({_name(column)} AS VARCHAR)), '')"


def _day(column: str) -> str:
    cell = _cell(column)
    formats = ", ".join(_text(form) for form in _DAY_FORMATS)
    return f"CAST(coalesce(TRY_CAST({cell} AS TIMESTAMP), try_strptime({cell}, [{formats}])) AS DATE)"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if _is_gzip(path) else path.open("rb")


def _decoded(path: Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_opened(path), encoding=encoding, newline="")


def _parquet_header(path: Path) -> tuple[str, ...]:
    described = engine().run(f"DESCRIBE SELECT * FROM read_parquet({_text(str(path))})", None)
    return tuple(row[0] for row in described)


def _in_utf8(path: Path) -> Path:
    """Return the file, or a copy of it in UTF-8 when it is in the older Chinese encoding."""
    with _opened(path) as file:
        if _is_utf8(file.read(1 << 20)):
            return path
    copy = Path(tempfile.mkdtemp(prefix="voiceloop-")) / "utf8.csv"
    try:
        with _decoded(path, "gb18030") as text, copy.open("w", encoding="utf-8", newline="") as out:
            out.writelines(text)
    except UnicodeDecodeError as error:
        raise AnalyticsError(
            f"The file {path} is neither UTF-8 nor GB18030 text.",
            f"文件 {path} 既不是 UTF-8 也不是 GB18030 文本。",
        ) from error
    return copy


def _is_utf8(head: bytes) -> bool:
    try:
        # Not final: the cut may fall inside a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\x00" not in head


def _read_header(path: Path) -> tuple[tuple[str, ...], str, Path]:
    with _decoded(path, "utf-8-sig") as text:
        line = text.readline()
    delimiter = max(",;\t|", key=line.count)
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    # DuckDB refuses a name given twice, and a blank one.
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if not name or seen[name] > 1:
            names[i] = f"{name or 'column'}_{i + 1}"
    if not names:
        raise AnalyticsError(f"The file {path} has no header.", f"文件 {path} 没有表头。")
    return tuple(names), delimiter, path
