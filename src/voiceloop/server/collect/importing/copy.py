"""Rows into PostgreSQL by COPY: some ten times as fast as INSERT."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

_SPECIAL = re.compile(r"[\\\t\n\r\x00]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""}
NULL = "\\N"


def copy(table: str, columns: str, lines: Sequence[str]) -> None:
    """Lines of tab-separated values, each ended by a newline."""
    if not lines:
        return
    # Django wraps what `execute` raises, not what `copy` does.
    statement = f"copy {table} ({columns}) from stdin"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as stream:
        stream.write("".join(lines))


def text(value: str) -> str:
    """A value as COPY wants it."""
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], value) if _SPECIAL.search(value) else value


def binary(value: bytes | None) -> str:
    return NULL if value is None else "\\\\x" + value.hex()


def sealed(field: Any, value: str) -> str:
    """A value of an encrypted field; "" is NULL."""
    return binary(field.encrypt(value)) if value else NULL


def or_null(value: int | None) -> str:
    return NULL if value is None else str(value)


# Stands between the texts of a list: keys never hold it, and it is taken out of what people wrote.
_BETWEEN = "\x1f"


def among(column: str) -> str:
    """SQL: is a column one of the texts that `listed` made one parameter of?"""
    return f"{column} = any(string_to_array(%s, e'\\x1f'))"


def listed(texts: Iterable[str]) -> str:
    """Many texts as one parameter: a list would be quoted text by text, which costs more than the query."""
    return _BETWEEN.join(texts)


def reserve(table: str, n: int) -> list[int]:
    """So many fresh ids of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, n]
        )
        return [pk for (pk,) in cursor.fetchall()]


@contextmanager
def without_row_checks() -> Iterator[None]:
    """Leave out the foreign-key checks that PostgreSQL makes row by row.

    They are two fifths of the work of a batch. The caller locks what it refers to instead, a set at a time.
    Only a superuser may do this, as in the embedded database; elsewhere the checks stay.
    """
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('is_superuser')")
        may = cursor.fetchone()[0] == "on"
        if may:
            cursor.execute("set local session_replication_role = replica")
        yield
        if may:
            cursor.execute("set local session_replication_role = origin")


def hold(table: str, ids: Sequence[int]) -> None:
    """Keep rows from being deleted until the transaction ends, as a foreign-key check would."""
    with connection.cursor() as cursor:
        listed_ids = "{" + ",".join(map(str, ids)) + "}"
        cursor.execute(
            f"select 1 from {table} where id = any(%s::bigint[]) order by id for key share", [listed_ids]
        )
