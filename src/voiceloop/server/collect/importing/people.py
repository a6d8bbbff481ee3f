"""Finds the customers that rows speak of, and makes those who are new, a whole batch at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from django.db import connection
from django.db.models import QuerySet
from django.utils.timezone import now

from voiceloop.server.collect.importing.copy import (
    NULL,
    among,
    binary,
    copy,
    hold,
    listed,
    reserve,
    sealed,
    text,
)
from voiceloop.server.collect.importing.places import Places
from voiceloop.server.collect.models import Customer

# Number, name, phone, mail address as they stand in the file.
Identity = tuple[str, str, str, str]
NUMBER, NAME, PHONE, MAIL = range(4)
# Held while customers without a number are looked for and made: nothing else keeps them single.
_LOCK = 0x766C6375  # "vlcu"

_COLUMNS = (
    "id, unit_id, number, name, name_index, phone, phone_index, email, email_index, segment, tier, language,"
    " attributes, created_at"
)
_FIELDS: dict[int, Any] = {
    place: Customer._meta.get_field(name)
    for place, name in ((NAME, "name"), (PHONE, "phone"), (MAIL, "email"))
}


class Telling(Protocol):
    """A row that may name a customer, with what it says of them."""

    @property
    def customer(self) -> Identity | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def dimensions(self) -> dict[str, str]: ...


def resolve(rows: Iterable[Telling], places: Places) -> dict[Identity, int]:
    """The key of each customer named in the rows.

    A number decides, then a phone, then a mail address; a bare name means the same person only among
    customers of the unit of whom nothing else is known.
    """
    wanted = {row.customer: row for row in rows if row.customer}
    found = _by_number({who: row for who, row in wanted.items() if who[NUMBER]}, places)
    found |= _by_contact({who: row for who, row in wanted.items() if not who[NUMBER]}, places)
    if found:
        hold("collect_customer", sorted(set(found.values())))
    return found


def _by_number(wanted: dict[Identity, Telling], places: Places) -> dict[Identity, int]:
    if not wanted:
        return {}
    numbers = {who[NUMBER]: who for who in wanted}
    with connection.cursor() as cursor:
        cursor.execute(f"select number, id from collect_customer where {among('number')}", [listed(numbers)])
        known: dict[str, int] = dict(cursor.fetchall())
    # In the order of their numbers, so that two imports never wait for each other in a circle.
    missing = [numbers[number] for number in sorted(numbers.keys() - known.keys())]
    known |= {who[NUMBER]: pk for who, pk in _make(missing, wanted, places).items()}
    return {who: known[who[NUMBER]] for who in wanted}


def _by_contact(wanted: dict[Identity, Telling], places: Places) -> dict[Identity, int]:
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    found: dict[Identity, int] = {}
    for place in (PHONE, MAIL, NAME):
        tokens = {who: _FIELDS[place].token(who[place]) for who in wanted if _deciding(who) == place}
        if tokens:
            found |= _by_token(place, tokens, wanted, places)
    return found


def _by_token(
    place: int, tokens: dict[Identity, bytes], wanted: dict[Identity, Telling], places: Places
) -> dict[Identity, int]:
    known = _known(place, set(tokens.values()), places)
    first = {token: who for who, token in reversed(tokens.items()) if token not in known}
    made = _make(list(first.values()), wanted, places)
    known |= {token: made[who] for token, who in first.items()}
    return {who: known[token] for who, token in tokens.items()}


def _known(place: int, tokens: set[bytes], places: Places) -> dict[bytes, int]:
    index = _FIELDS[place].index
    # Of several the oldest one is meant: it comes last and stands.
    every: QuerySet[Customer] = Customer.objects.filter(**{f"{index}__in": tokens}).order_by("-pk")
    if place == NAME:
        every = every.filter(unit=places.default.pk, number=None, phone_index=None, email_index=None)
    return {bytes(token): pk for token, pk in every.values_list(index, "pk")}


def _deciding(who: Identity) -> int:
    return PHONE if who[PHONE] else MAIL if who[MAIL] else NAME


def _make(new: list[Identity], wanted: dict[Identity, Telling], places: Places) -> dict[Identity, int]:
    if not new:
        return {}
    ids, at = reserve("collect_customer", len(new)), now().isoformat(" ")
    copy(
        "collect_customer",
        _COLUMNS,
        [_line(pk, who, wanted[who], places, at) for pk, who in zip(ids, new, strict=True)],
    )
    return dict(zip(new, ids, strict=True))


def _line(pk: int, who: Identity, row: Telling, places: Places, at: str) -> str:
    known = row.dimensions
    cells = [str(pk), str(places.unit(row.unit).pk), text(who[NUMBER]) or NULL]
    for place, field in _FIELDS.items():
        cells += (sealed(field, who[place]), binary(field.token(who[place])))
    cells += (
        text(known.get("segment", "")),
        text(known.get("tier", "")),
        text(known.get("language", "")[:16]),
    )
    return "\t".join([*cells, "{}", at]) + "\n"
