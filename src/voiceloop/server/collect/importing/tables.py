"""Into which tables the facts of a file go, and how a fact becomes a line of COPY."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import models

from voiceloop.server.collect.importing.copy import NULL, text
from voiceloop.server.collect.models import Conversation, ImportedActivity, ImportedTicket, Transaction

# PyArrow's stubs know no array of which the type is seen only when the file is read.
Array: TypeAlias = Any
Cells: TypeAlias = Callable[[Array], list[str]]


@dataclass(frozen=True)
class Table:
    """A table of the database; its columns, each with that of the lake which it takes, and how."""

    model: type[models.Model]
    columns: dict[str, tuple[str, Cells]]
    # What stands for a cell that a file does not tell, where that is not NULL.
    blank: dict[str, str]

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)

    def cells(self, facts: pa.Table) -> list[list[str]]:
        """The columns as COPY wants them, in their order."""
        made = []
        for name, (source, cells) in self.columns.items():
            blank = self.blank.get(name, NULL)
            known = cells(facts[source].combine_chunks()) if source in facts.column_names else []
            made.append([blank if cell == NULL else cell for cell in known] or [blank] * facts.num_rows)
        return made


def words(width: int) -> Cells:
    """Text, cut to what the column holds; few texts differ, so each is looked at once."""

    def cells(column: Array) -> list[str]:
        known = column.cast(pa.string()).dictionary_encode()
        made = [text(word[:width]) for word in known.dictionary.to_pylist()]
        return [NULL if i is None else made[i] for i in known.indices.to_pylist()]

    return cells


def plain(column: Array) -> list[str]:
    """Numbers and yes or no."""
    return _filled(column.cast(pa.string()))


def whole(column: Array) -> list[str]:
    return _filled(pc.round(column.cast(pa.float64())).cast(pa.int32()).cast(pa.string()))


def truth(column: Array) -> list[str]:
    return _filled(pc.cast(column.cast(pa.float64()), pa.bool_()).cast(pa.string()))


def money(column: Array) -> list[str]:
    return _filled(pc.round(column.cast(pa.float64()), 4).cast(pa.string()))


def moments(column: Array) -> list[str]:
    """Clocks as the file has them are those of this company's time zone."""
    return _filled(localized(column).cast(pa.string()))


def localized(column: Array) -> Array:
    """The readers give the clock of the file as if it were UTC; what it was is the local time."""
    naive = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us"))
    zone = ZoneInfo(settings.TIME_ZONE).key
    placed = pc.assume_timezone(naive, zone, ambiguous="earliest", nonexistent="latest")
    return placed.cast(pa.timestamp("us", tz="UTC"))


def _filled(column: Array) -> list[str]:
    return [NULL if cell is None else cell for cell in column.to_pylist()]


def _table(
    model: type[models.Model], blank: dict[str, str] | None = None, **columns: tuple[str, Cells]
) -> Table:
    known = {field.column: field for field in model._meta.concrete_fields}
    empty = {name: "" for name in columns if isinstance(known[name], models.CharField)}
    return Table(model, columns, empty | (blank or {}))


def _same(names: Sequence[str], cells: Cells) -> dict[str, Any]:
    return {name: (name, cells) for name in names}


CONVERSATIONS = _table(
    Conversation,
    {"kind": Conversation.Kind.CALL.value},
    external_id=("number_", words(120)),
    kind=("kind", words(32)),
    ticket=("ticket_", words(120)),
    **_same(["topic", "outcome"], words(64)),
    started_at=("at", moments),
    **_same(["wait_seconds", "handle_seconds", "first_response_seconds"], plain),
    solved=("solved", truth),
    cost=("cost", money),
)
TICKETS = _table(
    ImportedTicket,
    number=("number_", words(120)),
    kind=("kind", words(32)),
    **_same(["severity", "priority", "root_cause", "outcome"], words(64)),
    **_same(["opened_at", "first_contact_due_at", "first_contact_at"], moments),
    **_same(["due_at", "resolved_at", "closed_at"], moments),
    sla_met=("sla_met", truth),
    **_same(["n_contacts", "n_reassigned", "n_reopened"], whole),
)
ACTIVITIES = _table(
    ImportedActivity,
    activity=("activity", words(120)),
    actor=("actor", words(64)),
    at=("at", moments),
    until_at=("until_at", moments),
)
ORDERS = _table(
    Transaction,
    {"kind": "purchase"},
    number=("number_", words(120)),
    kind=("kind", words(32)),
    at=("at", moments),
    amount=("amount", money),
    **_same(["wait_minutes", "promised_minutes"], plain),
)
OF_KIND = {"calls": CONVERSATIONS, "tickets": TICKETS, "log": TICKETS, "orders": ORDERS}
