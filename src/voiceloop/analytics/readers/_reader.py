"""What a reader is: the columns it looks for, and the rows of the lake that it makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voiceloop.analytics import schema
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers._cells import Cell
from voiceloop.analytics.readers._fields import Field
from voiceloop.analytics.readers._raw import FILE, ROW, Raw, quoted

Note = tuple[str, str]
_TYPES = {"string": "VARCHAR", "timestamp": "TIMESTAMPTZ", "int64": "BIGINT", "map": "MAP(VARCHAR, VARCHAR)"}


@dataclass
class Found:
    """A file under one reader: which columns it has, and how their cells are read.

    In ``typed`` every found field is a column of its own name with a ``_`` before it; ``file_0``,
    ``file_1`` … are the file's own columns as text; ``row_`` numbers the rows in the order of the file.
    """

    raw: Raw
    columns: Mapping[str, str]
    cells: Mapping[str, Cell]
    metric: Metric
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    without: str = ""

    def has(self, *names: str) -> bool:
        """Say whether all these fields were found."""
        return all(name in self.cells for name in names)

    @property
    def typed(self) -> str:
        """The rows with their cells read; those that cannot be read are left out."""
        own = [f"{self.raw.text(name)} AS file_{i}" for i, name in enumerate(self.raw.names)]
        read = [f"{cell.value} AS _{name}" for name, cell in self.cells.items()]
        where = f" WHERE {self.without}" if self.without else ""
        listed = ", ".join([*read, *own, f"{quoted(FILE)} AS path_", f"{ROW} AS row_"])
        return f"SELECT {listed} FROM {self.raw.sql}{where}"

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Run ``sql`` over ``typed``."""
        return self.raw.ask(f", typed AS ({self.typed}) {sql}")


@dataclass(frozen=True)
class Made:
    """The lake's rows as SQL over ``typed``.

    Attributes
    ----------
    columns : mapping
        Column of the lake → SQL; of the others those found by name are taken as they are.
    rows : str
        SQL of a table in place of ``typed``, which it may name.
    group : str
        SQL of what one row of the lake is made of, when that is several rows of the file.
    one_of : str
        How a column of the file is told of a group; ``{}`` is the column.
    notes : tuple
        What is to be said to the reader.
    left_out : tuple of (n, note)
        Rows that the reader itself does not count.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    rows: str = "SELECT * FROM typed"
    group: str = ""
    one_of: str = "{}"
    notes: tuple[Note, ...] = ()
    left_out: tuple[tuple[int, Note], ...] = ()


@dataclass(frozen=True)
class Reader:
    """One recognised shape of file.

    Attributes
    ----------
    name : str
        As ``--shape`` takes it.
    table : str
        The lake's table that its rows become.
    fields : function
        From the metric asked for to the columns looked for.
    needs : tuple of str
        Fields without which a file is not of this shape.
    make : function
        From what was found to the lake's rows.
    rank : int
        Readers of one table are tried from the lowest.
    """

    name: str
    table: str
    label_en: str
    label_zh: str
    fields: Callable[[Metric | None], tuple[Field, ...]]
    needs: tuple[str, ...] = ()
    make: Callable[[Found], Made] = lambda found: Made()
    rank: int = 0


@dataclass(frozen=True)
class Facts:
    """The lake's rows of a file: their SQL, and under which name each column is asked for."""

    sql: str
    columns: tuple[str, ...]
    own: Mapping[str, str]


def facts(reader: Reader, found: Found, made: Made) -> Facts:
    """Return the file as a table of the lake, with the file's own columns beside."""
    kinds = schema.table(reader.table).columns
    filled = told(reader, found, made)
    empty = {name: f"CAST(NULL AS {_type(kind)})" for name, kind in kinds.items() if name not in filled}
    own = {name: _own(name, kinds) for name in found.raw.names}
    more = {own[name]: sql for name, sql in owned(found, made).items()}
    sql = selected(found, made, {**filled, **empty, **more})
    return Facts(sql, (*filled, *more), own)


def told(reader: Reader, found: Found, made: Made) -> dict[str, str]:
    """Return SQL of those of the table's columns that the file tells of."""
    kinds = schema.table(reader.table).columns
    one = made.one_of if made.group else "{}"
    known = {name: one.format(f"_{name}") for name in kinds if name in found.cells}
    known |= _times(found, one) | dict(made.columns)
    return {name: f"CAST({known[name]} AS {_type(kind)})" for name, kind in kinds.items() if name in known}


def owned(found: Found, made: Made) -> dict[str, str]:
    """Return SQL of the file's own columns as text."""
    one = made.one_of if made.group else "{}"
    return {name: one.format(f"file_{i}") for i, name in enumerate(found.raw.names)}


def selected(found: Found, made: Made, columns: Mapping[str, str]) -> str:
    """Return the query that makes rows of these columns."""
    listed = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    group = f" GROUP BY {made.group}" if made.group else ""
    return f"WITH typed AS ({found.typed}), rows_ AS ({made.rows}) SELECT {listed} FROM rows_{group}"


def _times(found: Found, one: str) -> dict[str, str]:
    if not found.has("at"):
        return {}
    at = one.format("_at")
    return {
        "at": f"{at} AT TIME ZONE 'UTC'",
        "day": f"CAST({at} AS DATE)",
        "month": f"strftime({at}, '%Y-%m')",
    }


def _own(name: str, kinds: Mapping[str, str]) -> str:
    """Return the name of a file's own column: not one that the lake gives a meaning to."""
    return f"file.{name}" if name.lower() in kinds else name


def _type(kind: str) -> str:
    return _TYPES.get(kind, kind.upper())
