"""Erasing a customer: every row of theirs, every event about them, with a receipt of what the numbers lost.

The database forgets in the verb's transaction, the lake in the next pass of the sync, and the bytes of dead
files when the time is over for which readers may hold an older version.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
from django.db import connection
from django.db.models import QuerySet
from django.utils.timezone import now

from voiceloop.analytics import schema
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.scales import classify
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Event, ScopedQuerySet, User
from voiceloop.server.store.events import CustomerErased
from voiceloop.server.store.models import Erasure

# What an event about a customer may name instead of the customer.
_NAMED = """
    select 'case:' || id from act_case where customer_id = %(key)s
    union all select 'response:' || id from collect_response where customer_id = %(key)s
    union all select 'invitation:' || id from collect_invitation where customer_id = %(key)s
    union all select 'care_task:' || id from act_caretask where customer_id = %(key)s
"""
_PER_MONTH = """
    select strftime(day, '%Y-%m') as month, count(*) from read_parquet(?) where customer_key = ?
    group by 1 order by 1
"""
_SCORES = """
    select strftime(day, '%Y-%m') as month, question, scale, score, count(*) from read_parquet(?)
    where customer_key = ? group by all order by all
"""


def erasable_by(user: User) -> QuerySet[Customer]:
    """Customers of one's own branch: who only spoke with it belongs to another."""
    found: QuerySet[Customer] = Customer.objects.filter(ScopedQuerySet.scope(user))
    return found


@verb
def erase(customer: Customer, *, by: User, reason: str = "") -> Erasure:
    """Delete the customer and all that hangs on them; what remains is the receipt."""
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    key, unit = customer.pk, customer.unit
    n_events, _ = Event.objects.filter(about__overlap=_subjects(key)).delete()
    _, rows = customer.delete()
    kept = {label: n for label, n in {**rows, "core.Event": n_events}.items() if n}
    receipt = Erasure.objects.create(customer_key=key, unit=unit, by=by, reason=reason[:200], rows=kept)
    record(CustomerErased(erasure=receipt.pk, key=key), by=by, unit=unit)
    return receipt


def _subjects(key: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"key": key})
        return [f"customer:{key}", *(subject for (subject,) in cursor.fetchall())]


def carry_out(lake: Lake, high: int) -> int:
    """Take the erased out of the lake; only its one writer may. Returns how many there were.

    An erasure of a transaction before `high` has no row of its customer still to come.
    """
    waiting = list(Erasure.objects.waiting().filter(xid__lt=high).order_by("pk"))
    for receipt in waiting:
        if receipt.taken is None:
            # Counted and written down before anything is gone, so that a repetition counts the same.
            _count(receipt, lake)
        _take_out(receipt, lake)
    return len(waiting)


def _count(receipt: Erasure, lake: Lake) -> None:
    taken = {name: _per_month(lake, name, receipt.customer_key) for name in schema.TABLES}
    receipt.taken = {name: months for name, months in taken.items() if months}
    receipt.scores = _scores(lake, receipt.customer_key)
    receipt.versions = {name: [lake.version(name)] for name in receipt.taken}
    receipt.save(update_fields=["taken", "scores", "versions"])


def _take_out(receipt: Erasure, lake: Lake) -> None:
    for name in receipt.taken or {}:
        lake.delete(name, "customer_key", [receipt.customer_key])
        receipt.versions[name] = [receipt.versions[name][0], lake.version(name)]
    receipt.lake_at = now()
    receipt.save(update_fields=["versions", "lake_at"])


def _per_month(lake: Lake, table: str, key: int) -> dict[str, int]:
    return {month: n for month, n in _rows(lake, table, _PER_MONTH, key)}


def _scores(lake: Lake, key: int) -> list[dict[str, Any]]:
    """What every score lost: how many of each class, and their sum."""
    lost: Counter[tuple[Any, ...]] = Counter()
    totals: Counter[tuple[Any, ...]] = Counter()
    for month, question, scale, score, n in _rows(lake, "answers", _SCORES, key):
        place = (month, question, scale, classify(score, scale))
        lost[place] += n
        totals[place] += n * score
    names = ("month", "question", "scale", "score_class")
    return [
        dict(zip(names, place, strict=True)) | {"n": n, "total": totals[place]} for place, n in lost.items()
    ]


def _rows(lake: Lake, table: str, sql: str, key: int) -> list[tuple[Any, ...]]:
    files = list(lake.uris(table))
    if not files:
        return []
    with duckdb.connect() as engine:
        return engine.execute(sql, [files, key]).fetchall()
