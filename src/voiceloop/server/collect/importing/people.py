"""Finds the customers that rows speak of, and makes those who are new, a whole batch at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from voiceloop.server.collect.importing.convert import Row
from voiceloop.server.collect.importing.places import Places
from voiceloop.server.collect.models import Customer

Identity = tuple[str, str, str, str]
# Held while customers without a number are looked for and made: nothing else keeps them single.
_LOCK = 0x766C6375  # "vlcu"

_name, _phone, _mail = (Customer._meta.get_field(name) for name in ("name", "phone", "email"))


def resolve(rows: Iterable[Row], places: Places) -> dict[Identity, int]:
    """The key of each customer named in the rows.

    A number decides, then a phone, then a mail address; a bare name means the same person only among
    customers of the unit of whom nothing else is known.
    """
    wanted = {row.customer: row for row in rows if row.customer}
    numbered = {who: row for who, row in wanted.items() if who[0]}
    others = {who: row for who, row in wanted.items() if not who[0]}
    return _by_number(numbered, places) | _by_contact(others, places)


def _by_number(wanted: dict[Identity, Row], places: Places) -> dict[Identity, int]:
    if not wanted:
        return {}
    new = {who[0]: _customer(who, row, places) for who, row in wanted.items()}
    known = _numbers(new)
    # In the order of their numbers, so that two imports never wait for each other in a circle.
    missing = [new[key] for key in sorted(new) if key not in known]
    Customer.objects.bulk_create(missing, batch_size=2000, ignore_conflicts=True)
    known |= _numbers({customer.number: customer for customer in missing})
    return {who: known[who[0]] for who in wanted}


def _numbers(customers: dict[Any, Customer]) -> dict[str, int]:
    return dict(Customer.objects.filter(number__in=list(customers)).values_list("number", "pk"))


def _by_contact(wanted: dict[Identity, Row], places: Places) -> dict[Identity, int]:
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    found: dict[Identity, int] = {}
    new: dict[tuple[int, bytes | None], tuple[Customer, list[Identity]]] = {}
    for place, field, known in _known_contacts(wanted, places):
        for who, row in wanted.items():
            if who in found or _deciding(who) != place:
                continue
            token = field.token(who[place])
            if token in known:
                found[who] = known[token]
            else:
                new.setdefault((place, token), (_customer(who, row, places), []))[1].append(who)
    made = Customer.objects.bulk_create([customer for customer, _ in new.values()], batch_size=2000)
    for customer, (_, names) in zip(made, new.values(), strict=True):
        found |= dict.fromkeys(names, customer.pk)
    return found


def _deciding(who: Identity) -> int:
    return 2 if who[2] else 3 if who[3] else 1


def _known_contacts(
    wanted: dict[Identity, Row], places: Places
) -> Iterable[tuple[int, Any, dict[bytes, int]]]:
    """For phones, then mails, then bare names: the customers who have one of those in the rows."""
    every: QuerySet[Customer] = Customer.objects.order_by("-pk")
    bare = every.filter(unit=places.default.pk, number=None, phone_index=None, email_index=None)
    for place, field, within in ((2, _phone, every), (3, _mail, every), (1, _name, bare)):
        tokens = {field.token(who[place]) for who in wanted if _deciding(who) == place}  # type: ignore[union-attr]
        index = field.index  # type: ignore[union-attr]
        rows = within.filter(**{f"{index}__in": tokens}).values_list(index, "pk") if tokens else ()
        # The oldest one wins: the query is in descending order.
        yield place, field, {bytes(token): pk for token, pk in rows}


def _customer(who: Identity, row: Row, places: Places) -> Customer:
    """Bulk creation calls `pre_save`, so the blind indexes are filled like everywhere else."""
    known, name, phone, mail = who
    return Customer(
        unit_id=places.unit(row.unit).pk,
        number=known or None,
        name=name or None,
        phone=phone or None,
        email=mail or None,
        segment=row.dimensions.get("segment", ""),
        tier=row.dimensions.get("tier", ""),
        language=row.dimensions.get("language", "")[:16],
    )
