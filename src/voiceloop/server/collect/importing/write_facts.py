"""Writes one batch of facts by COPY, in the caller's transaction; tickets that went on are updated."""

from __future__ import annotations

from typing import Any

from django.db import connection

from voiceloop.server.collect.importing.assemble import FactBatch, Lines
from voiceloop.server.collect.importing.copy import NULL, among, copy, hold, listed, without_row_checks
from voiceloop.server.collect.importing.people import Identity, resolve
from voiceloop.server.collect.importing.tables import ACTIVITIES, TICKETS, Table
from voiceloop.server.collect.importing.write import Target, Written, copy_rejected
from voiceloop.server.core.moment import DIMENSIONS


def write_facts(batch: FactBatch, target: Target) -> Written:
    """Write the facts that are not there yet, and the refusals."""
    copy_rejected(batch.rejected, target)
    if not batch.lines or batch.table is None:
        return Written(0, 0)
    brought = _known(batch.table, [line.key for line in batch.lines])
    fresh = [line for line in batch.lines if line.key not in brought]
    # What this very import brought before it was interrupted was counted then.
    others = [line for line in batch.lines if brought.get(line.key, target.import_.pk) != target.import_.pk]
    _bring_in(batch, fresh, target)
    if batch.table is TICKETS and others:
        _bring_up_to_date(batch, others, target)
    return Written(len(fresh), len(others)) if batch.counts else Written(0, 0)


def columns_of(table: Table) -> str:
    """The columns in the order in which `Assembler` writes them."""
    whose = "ticket_id" if table is ACTIVITIES else "customer_id"
    more = () if table is ACTIVITIES else ("attributes",)
    return ", ".join(("key", "unit_id", "batch_id", whose, *table.columns, *more, *DIMENSIONS))


def _known(table: Table, keys: list[str]) -> dict[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"select key, batch_id from {table.name} where {among('key')}", [listed(keys)])
        return dict(cursor.fetchall())


def _bring_in(batch: FactBatch, fresh: list[Lines], target: Target) -> None:
    assert batch.table is not None
    if not fresh:
        return
    hold("core_unit", sorted({target.places.unit(unit).pk for unit in batch.units}))
    with without_row_checks():
        copy(batch.table.name, columns_of(batch.table), _lines(batch, fresh, target))


def _lines(batch: FactBatch, lines: list[Lines], target: Target) -> list[str]:
    ids = _tickets(lines) if batch.table is ACTIVITIES else _customers(batch, lines, target)
    # An event whose case was refused has no ticket to belong to.
    kept = (line for line in lines if batch.table is not ACTIVITIES or line.whose in ids)
    return [f"{line.before}{ids.get(line.whose, NULL)}{line.after}" for line in kept]


def _customers(batch: FactBatch, lines: list[Lines], target: Target) -> dict[Identity, int]:
    named = {line.whose for line in lines if line.whose}
    return resolve([batch.people[who] for who in batch.people if who in named], target.places)


def _tickets(lines: list[Lines]) -> dict[str, int]:
    with connection.cursor() as cursor:
        keys = listed({line.whose for line in lines})
        cursor.execute(f"select key, id from {TICKETS.name} where {among('key')}", [keys])
        found: dict[str, int] = dict(cursor.fetchall())
    hold(TICKETS.name, sorted(found.values()))
    return found


def _bring_up_to_date(batch: FactBatch, lines: list[Lines], target: Target) -> None:
    """A later file of the same system knows how its tickets went on.

    A file that begins later than the ticket tells only the end of it and changes nothing.
    """
    told: Any = [*TICKETS.columns, "attributes", *DIMENSIONS]
    new, old = (", ".join(f"{name}.{column}" for column in told) for name in ("news", "t"))
    with connection.cursor() as cursor:
        cursor.execute(f"create temp table news (like {TICKETS.name} including defaults) on commit drop")
        cursor.execute("alter table news alter id drop not null")
        copy("news", columns_of(TICKETS), _lines(batch, lines, target))
        cursor.execute(
            f"update {TICKETS.name} t set {', '.join(f'{one} = news.{one}' for one in told)} from news"
            f" where t.key = news.key and news.opened_at <= t.opened_at and ({new}) is distinct from ({old})"
        )
        cursor.execute("drop table news")
