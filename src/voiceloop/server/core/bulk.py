"""Writes many rows at once, some fifty times faster than one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg import sql

Rows = Iterable[Sequence[Any]]


def copy(model: type[Model], columns: Sequence[str], rows: Rows) -> None:
    """Copy rows in the caller's transaction; columns left out take the field's default, as does the id."""
    fixed = _defaults(model, columns)
    names = [*columns, *fixed]
    tail = tuple(fixed.values())
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row((*row, *tail))
    if "id" in columns:
        _move_sequence(model)


def plan_anew(*models: type[Model]) -> None:
    """Let the database plan with what these tables hold now; none: all tables.

    By itself it looks a minute or more after a bulk load, and until then may take hours for a question that
    takes a second.
    """
    names = sql.SQL(", ").join(sql.Identifier(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("analyze {}").format(names))


def _defaults(model: type[Model], columns: Sequence[str]) -> dict[str, Any]:
    """Values for the columns that must not be null and were not given."""
    fields = [field for field in model._meta.local_concrete_fields if field.column not in columns]
    needed = [field for field in fields if not field.null and not field.primary_key]
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in needed
        if not field.has_db_default()
    }


def _move_sequence(model: type[Model]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        newest = f"(select coalesce(max(id), 1) from {table})"
        cursor.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), {newest})")
