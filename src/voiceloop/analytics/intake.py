"""A whole file for those who keep its rows: which shape it has, every row as the lake's, what is refused.

`FileSource` reads what one metric needs; an import keeps everything. Both go through the same readers, so a
file measured where it lies and the same file imported give the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import duckdb

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers import readers_of
from voiceloop.analytics.readers._cells import cell
from voiceloop.analytics.readers._fields import Field, guesses
from voiceloop.analytics.readers._raw import ROW, Raw, literal
from voiceloop.analytics.readers._reader import Found, Made, Note, Reader, owned, selected, told
from voiceloop.analytics.registry import metric

OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@dataclass(frozen=True)
class Shape:
    """A shape of file that is more than a survey.

    Attributes
    ----------
    name : str
        That of its readers.
    table : str
        The lake's table of which its rows, or groups of them, are rows.
    marks : tuple of tuple of str
        Fields that tell this shape when all of one tuple are there; without any of them it cannot be read.
    own : tuple of str
        Fields that other shapes do not have; the more of them, the surer.
    vital : tuple of str
        A row in which one of these is blank or cannot be read is refused.
    number : str
        The field that names a row at its source.
    probe : str
        A metric counted from the table: readers ask for one.
    """

    name: str
    table: str
    marks: tuple[tuple[str, ...], ...]
    own: tuple[str, ...]
    vital: tuple[str, ...]
    number: str
    probe: str

    @property
    def reader(self) -> Reader:
        """The reader of the shape's table."""
        return readers_of(self.table, self.name)[0]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns that it looks for, those with a meaning of their own first."""
        return self.reader.fields(None)


SHAPES = {
    shape.name: shape
    for shape in (
        Shape(
            "tickets",
            "cases",
            tuple(
                ("case_id", "opened_at", other)
                for other in ("resolved_at", "closed_at", "first_contact_at", "due_at", "state", "sla_met")
            ),
            (
                "case_id",
                "opened_at",
                "resolved_at",
                "closed_at",
                "due_at",
                "n_reassigned",
                "n_reopened",
                "state",
            ),
            ("case_id",),
            "case_id",
            "time_to_resolution",
        ),
        Shape(
            "log",
            "cases",
            (("case_id", "activity", "at"),),
            ("case_id", "activity", "at"),
            ("case_id", "activity", "at"),
            "case_id",
            "time_to_resolution",
        ),
        Shape(
            "orders",
            "transactions",
            (("amount", "at"), ("quantity", "price", "at")),
            ("transaction_id", "quantity", "price", "amount"),
            ("transaction_id", "at"),
            "transaction_id",
            "order_value",
        ),
        Shape(
            "calls",
            "conversations",
            (
                ("wait_seconds",),
                ("handle_seconds",),
                ("first_response_seconds",),
                ("asked_at", "answered_at"),
            ),
            ("wait_seconds", "handle_seconds", "first_response_seconds", "asked_at", "outcome", "clock"),
            ("asked_at", "at"),
            "conversation_id",
            "waiting_time",
        ),
    )
}


class Recognised(NamedTuple):
    """A shape that a file may have, and how many of its own columns were found."""

    shape: str
    n_own: int


def recognise(names: Sequence[str]) -> Recognised | None:
    """Return the shape that a header tells most clearly, or None; surveys are told by their values.

    Parameters
    ----------
    names : sequence of str, shape (n_columns,)

    Examples
    --------
    >>> recognise(["call_id", "date", "q_time", "ser_time", "outcome", "server"]).shape
    'calls'
    >>> recognise(["case_id", "activity", "complete_timestamp"]).shape
    'log'
    >>> recognise(["name", "recommend", "comment"]) is None
    True
    """
    best: Recognised | None = None
    for shape in SHAPES.values():
        columns = guessed(shape.name, names)
        if any(all(name in columns for name in mark) for mark in shape.marks):
            n = sum(name in columns for name in shape.own)
            best = max(best or Recognised("", 0), Recognised(shape.name, n), key=lambda one: one.n_own)
    return best


def guessed(shape: str, names: Sequence[str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return field → column for what is known or told by its name.

    Parameters
    ----------
    shape : str
        One of `SHAPES`.
    names : sequence of str, shape (n_columns,)
    known : mapping of str to str, optional
        Fields that need no guess.

    Examples
    --------
    >>> guessed("calls", ["day", "等待时长"])["wait_seconds"]
    '等待时长'
    """
    found = guesses(SHAPES[shape].fields, names, known or {})
    return {name: guess.column for name, guess in found.items() if guess.column}


class Refused(NamedTuple):
    """A row, counted from 0, that cannot be kept; `why` is blank, unreadable or no_call."""

    row: int
    field: str
    why: str


@dataclass
class Intake:
    """Rows of text read as the lake's rows.

    Parameters
    ----------
    rows : Path
        A Parquet file of text, trimmed, blank as NULL, in the order of the file.
    names : sequence of str, shape (n_columns,)
        Its columns; others that it has are not the file's.
    shape : str
        One of `SHAPES`.
    columns : mapping of str to str
        Field → column; nothing is guessed.
    order : {'dmy', 'mdy'}, optional
        What 03/04/2026 means, when the column cannot say.
    words : mapping
        For tickets and logs: 'taken', 'resolved', 'closed' or 'new' → the words that mean it.
    """

    rows: Path
    names: Sequence[str]
    shape: str
    columns: Mapping[str, str]
    order: str | None = None
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def raw(self) -> Raw:
        """The rows as they are."""
        return Raw.staged(self.rows, self.names)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What had to be decided, in English and Chinese."""
        said = [(self._main.columns[name], one.note) for name, one in self._main.cells.items() if one.note]
        return (*((f"{name}: {en}", f"{name}：{zh}") for name, (en, zh) in said), *self._made.notes)

    @cached_property
    def unread(self) -> dict[str, int]:
        """Field → cells that hold something unreadable; their rows are kept without it."""
        soft = [one for one in self._soft if one.name in self._main.cells]
        if not soft:
            return {}
        cells = self._main.cells
        sums = ", ".join(
            f"count(*) FILTER ({cells[one.name].filled} AND ({cells[one.name].value}) IS NULL)"
            for one in soft
        )
        counts = self.raw.ask(f"SELECT {sums} FROM rows_")[0]
        return {one.name: n for one, n in zip(soft, counts, strict=True) if n}

    @property
    def has_events(self) -> bool:
        """Whether the rows are events of cases, to be kept one by one as well."""
        if self.shape == "log":
            return True
        is_log = self.shape == "tickets" and {"state", "updated_at"} <= set(self.columns)
        return is_log and bool(self._made.group)

    def refused(self) -> Iterator[Refused]:
        """Yield the rows that cannot be kept, in their order."""
        arms = [
            (
                f"{self._main.cells[name].filled} AND ({self._main.cells[name].value}) IS NULL",
                name,
                "unreadable",
            )
            for name in self._vital
        ] + [(f"NOT ({self._main.cells[name].filled})", name, "blank") for name in self._vital]
        if self.shape == "calls" and self._main.has("outcome"):
            said = self._main.cells["outcome"].value
            arms.append((self._is_no_call(said), "outcome", "no_call"))
        if not arms:
            return
        whens = " ".join(f"WHEN {sql} THEN {i}" for i, (sql, *_) in enumerate(arms))
        rows = self.raw.ask(
            f"SELECT * FROM (SELECT {ROW} AS row_, CASE {whens} END AS why FROM rows_)"
            " WHERE why IS NOT NULL ORDER BY 1"
        )
        for row, why in rows:
            yield Refused(row, arms[why][1], arms[why][2])

    def write(self, path: Path) -> tuple[str, ...]:
        """Write the rows of the shape's table as Parquet, in the order in which the file begins them.

        Beside the lake's columns there are ``row_`` (the first row that it is made of, from 0), ``n_`` (how
        many), ``own_0`` … (the file's columns as text) and ``number_`` (its name at the source).

        Returns
        -------
        tuple of str
            The lake's columns that are there.
        """
        reader = SHAPES[self.shape].reader
        filled = told(reader, self._main, self._made)
        self._write(path, self._main, self._made, filled, SHAPES[self.shape].number)
        return tuple(filled)

    def write_events(self, path: Path) -> tuple[str, ...]:
        """Write the rows of the lake's ``events``, as `write` does; ``number_`` is that of their case."""
        reader = readers_of("events", "log")[0]
        log = {name: column for name, column in self.columns.items() if name != "customer_key"}
        log = {"subject": log.pop("case_id"), "actor": log.pop("agent", ""), **log}
        if self.shape == "tickets":
            log |= {"activity": log["state"], "at": log["updated_at"]}
        found = self._found(reader, {name: column for name, column in log.items() if column})
        found.without = " AND ".join(f"{found.cells[name].value} IS NOT NULL" for name in reader.needs)
        made = reader.make(found)
        filled = told(reader, found, made)
        self._write(path, found, made, filled, "subject")
        return tuple(filled)

    def _write(self, path: Path, found: Found, made: Made, filled: Mapping[str, str], number: str) -> None:
        own = owned(found, made)
        more = {f"own_{i}": sql for i, sql in enumerate(own.values())}
        more["number_"] = own[found.columns[number]] if number in found.columns else "NULL"
        more["row_"], more["n_"] = ("min(row_)", "count(*)") if made.group else ("row_", "1")
        sql = selected(found, made, {**filled, **more})
        # A connection of its own: it may need the disk, which is that of the file.
        with duckdb.connect(":memory:", config=OFFLINE) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"SET temp_directory = {literal(str(path.with_suffix('.tmp')))}")
            connection.execute(
                f"COPY (WITH rows_ AS (SELECT * FROM {self.raw.sql}) SELECT * FROM ({sql}) ORDER BY row_)"
                f" TO {literal(str(path))} (FORMAT parquet, ROW_GROUP_SIZE 20000)"
            )

    @cached_property
    def _main(self) -> Found:
        found = self._found(SHAPES[self.shape].reader, self.columns)
        keep = [f"{found.cells[name].value} IS NOT NULL" for name in self._vital if name in found.cells]
        found.without = " AND ".join(keep)
        return found

    @cached_property
    def _made(self) -> Made:
        made = SHAPES[self.shape].reader.make(self._main)
        return replace(made, notes=tuple(note for note in made.notes))

    @property
    def _vital(self) -> list[str]:
        vital = [name for name in SHAPES[self.shape].vital if name in self.columns]
        # When the moment of a message is told, another date of the row may be blank.
        return [name for name in vital if not (name == "at" and "asked_at" in vital)]

    @property
    def _soft(self) -> list[Field]:
        return [
            one for one in SHAPES[self.shape].fields if one.kind != "text" and one.name not in self._vital
        ]

    def _found(self, reader: Reader, columns: Mapping[str, str]) -> Found:
        asked: Metric = metric(SHAPES[self.shape].probe)
        cells = {}
        for one in reader.fields(None):
            if one.name in columns:
                read = cell(self.raw, columns[one.name], one.kind, self.order)
                cells[one.name] = read.within(*one.within) if one.within else read
        kept = {name: columns[name] for name in cells}
        return Found(self.raw, kept, cells, asked, self.words)

    @staticmethod
    def _is_no_call(said: str) -> str:
        from voiceloop.analytics.readers.calls import end_of

        return f"{end_of(said)} = 'ignored'"
