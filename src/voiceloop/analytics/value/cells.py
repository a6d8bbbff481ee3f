"""A table of any origin as columns of distinct words and codes, so that each word is read only once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.errors import AnalyticsError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table = Mapping[str, Sequence[Any]]

# Not "none": it is a level of its own in many tables ("no internet service").
_MISSING = {"", "nan", "null", "na", "n/a", "#n/a", "nat", "\\n", "-", "--", "<na>", "缺失", "未知"}
_NUMBER = re.compile(r"[-+]?(\d+(,\d{3})*|\d*)(\.\d*)?([eE][-+]?\d+)?")
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y")


@dataclass(frozen=True, eq=False)
class Cells:
    """One column: its distinct words, and for each row which of them it holds (-1: none).

    Examples
    --------
    >>> column = Cells.of(["yes", "", "no", "yes", None])
    >>> column.words, column.codes.tolist()
    (('no', 'yes'), [1, -1, 0, 1, -1])
    >>> Cells.of(["1,200", "¥3.5", "5%", "x"]).numbers.tolist()
    [1200.0, 3.5, 5.0, nan]
    """

    words: tuple[str, ...]
    codes: Ints

    @classmethod
    def of(cls, values: Any) -> Cells:
        """Return ``values`` (a list, an array or an Arrow column) as cells."""
        if str(getattr(values, "type", "")) in ("string", "large_string"):
            return _encoded(values)
        texts = np.array([_text(value) for value in _listed(values)], dtype=object)
        here = np.array([not _is_missing(text) for text in texts], dtype=bool)
        words, codes = np.unique(texts[here].astype(str), return_inverse=True)
        full = np.full(len(texts), -1, dtype=np.int64)
        full[here] = codes
        return cls(tuple(str(word) for word in words), full)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def counts(self) -> Ints:
        """How many rows hold each word."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.words)).astype(np.int64)

    @property
    def n(self) -> int:
        """How many rows hold any word."""
        return int(self.counts.sum())

    @cached_property
    def numbers(self) -> Floats:
        """Each row as a number; NaN where it is none."""
        return self._read(_number)

    @cached_property
    def days(self) -> Floats:
        """Each row as days since 1970-01-01, with the time of the day as a fraction; NaN where it is none."""
        return self._read(_day)

    def rows(self, keep: npt.NDArray[Any]) -> Cells:
        """Return some rows, by mask or position."""
        return Cells(self.words, self.codes[keep])

    def _read(self, reader: Any) -> Floats:
        found = np.array([*(reader(word) for word in self.words), math.nan])
        return found[self.codes]


def cells_of(table: Table | Any) -> dict[str, Cells]:
    """Return the columns of a mapping, an Arrow table or a data frame.

    Raises
    ------
    AnalyticsError
        When the columns have different lengths.

    Examples
    --------
    >>> {name: len(column) for name, column in cells_of({"a": [1, 2], "b": ["x", None]}).items()}
    {'a': 2, 'b': 2}
    """
    names = getattr(table, "column_names", None) or list(getattr(table, "columns", None) or table)
    found: dict[str, Cells] = {str(name): _as_cells(table[name]) for name in names}
    if len({len(column) for column in found.values()}) > 1:
        raise AnalyticsError("The columns have different lengths.", "各列的行数不同。")
    return found


def read(path: str | Path, columns: Sequence[str] = ()) -> dict[str, Cells]:
    """Return the columns of a CSV, CSV.gz or Parquet file: all, or those named.

    Raises
    ------
    AnalyticsError
        When the file cannot be read, is empty or lacks a column.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_text("id,paid\\n7,1.5\\n8,\\n")
    >>> read(file)["paid"].numbers.tolist()
    [1.5, nan]
    """
    import pyarrow.parquet as pq

    from voiceloop.analytics.readers._raw import Raw

    path = Path(path)
    if not path.is_file():
        raise AnalyticsError(f"There is no file {path}.", f"没有文件 {path}。")
    raw = Raw([path])
    for column in columns:
        if column not in raw.names:
            raise missing_column(column, raw.names)
    wanted = list(columns) or list(raw.names)
    table = pq.read_table(raw.parts[0].rows, columns=wanted)
    if not table.num_rows:
        raise AnalyticsError(f"{path.name} holds no rows.", f"{path.name} 中没有数据行。")
    return {name: Cells.of(table[name]) for name in wanted}


def missing_column(column: str, there: Sequence[str]) -> AnalyticsError:
    """Return the error that says which columns there are instead.

    Examples
    --------
    >>> str(missing_column("x", ["a", "b"]))
    'There is no column x; there are: a, b.'
    """
    named = ", ".join(list(there)[:20]) + ("…" if len(there) > 20 else "")
    return AnalyticsError(
        f"There is no column {column}; there are: {named}.", f"没有列“{column}”，现有列：{named}。"
    )


def _as_cells(values: Any) -> Cells:
    return values if isinstance(values, Cells) else Cells.of(values)


def _encoded(values: Any) -> Cells:
    """An Arrow column of text, whose own dictionary spares a look at every row."""
    column = values.combine_chunks() if hasattr(values, "combine_chunks") else values
    coded = column.dictionary_encode()
    words = [word.strip() for word in coded.dictionary.to_pylist()]
    kept = [word for word in dict.fromkeys(words) if not _is_missing(word)]
    place = {word: i for i, word in enumerate(kept)}
    of_word = np.array([*(place.get(word, -1) for word in words), -1], dtype=np.int64)
    return Cells(tuple(kept), of_word[np.asarray(coded.indices.fill_null(len(words)))])


def _listed(values: Any) -> list[Any]:
    for name in ("to_pylist", "tolist"):
        if hasattr(values, name):
            found: list[Any] = getattr(values, name)()
            return found
    return list(values)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(int(value) if value.is_integer() else value)
    return value.strip() if isinstance(value, str) else str(value)


def _is_missing(text: str) -> bool:
    return len(text) < 6 and text.lower() in _MISSING


def _number(word: str) -> float:
    plain = word.strip().lstrip("¥￥$€£").rstrip("%元").strip()
    if not _NUMBER.fullmatch(plain) or not any(letter.isdigit() for letter in plain):
        return math.nan
    return float(plain.replace(",", ""))


def _day(word: str) -> float:
    moment = _moment(word)
    return math.nan if moment is None else (moment - datetime(1970, 1, 1)).total_seconds() / 86_400


def _moment(word: str) -> datetime | None:
    if len(word) < 8 or (word.isdigit() and not 1900 <= int(word[:4]) <= 2100):
        return None
    try:
        # Clocks of several zones are rare in such tables; what counts is the day that is written.
        return datetime.fromisoformat(word.replace("/", "-") if word[4] in "-/" else word).replace(
            tzinfo=None
        )
    except ValueError:
        return next((moment for form in _DAYS if (moment := _parsed(word.split(" ")[0], form))), None)


def _parsed(word: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(word, form)
    except ValueError:
        return None


def day_of(days: float) -> date:
    """Return days since 1970-01-01 as a date.

    Examples
    --------
    >>> day_of(1.5)
    datetime.date(1970, 1, 2)
    """
    return date.fromordinal(date(1970, 1, 1).toordinal() + math.floor(days))
