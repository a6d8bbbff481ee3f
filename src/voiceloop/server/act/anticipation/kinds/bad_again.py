"""Again a late order or a return, within some days of the last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.anticipation.kinds.base import Occasion, Parameter, Period, Values, number
from voiceloop.server.act.anticipation.kinds.late_order import LONGEST
from voiceloop.server.collect.models import Transaction

PARAMETERS = (
    Parameter("count", gettext_lazy("From which bad order on"), gettext_lazy("times"), 2, 2, 20),
    Parameter("days", gettext_lazy("Within days"), gettext_lazy("days"), 30, 1, 365),
    Parameter(
        "minutes", gettext_lazy("Bad from minutes over the promise"), gettext_lazy("minutes"), 15, 1, 10_000
    ),
)
OTHERS = gettext_lazy("customers whose orders did not go wrong again")
RETURN = "return"


def occasions(values: Values, period: Period) -> Iterator[Occasion]:
    window = timedelta(days=values["days"])
    bad: dict[int, list[datetime]] = defaultdict(list)
    columns = ("pk", "customer_id", "customer__unit_id", "at", "wait_minutes", "promised_minutes", "kind")
    rows = _orders(period, since=period.since - window - LONGEST).order_by("at", "pk")
    for pk, customer, unit, at, wait, promised, kind in rows.values_list(*columns).iterator(chunk_size=5_000):
        known = at + timedelta(minutes=wait or 0.0)
        is_bad = kind == RETURN or (wait is not None and wait - promised >= values["minutes"])
        if is_bad:
            bad[customer].append(known)
        if period.holds(known):
            n = sum(known - window < one <= known for one in bad[customer]) if is_bad else 0
            again = n >= values["count"]
            facts = {"n": n, "days": values["days"], "kind": "return" if kind == RETURN else "late"}
            yield Occasion(customer, unit, known, again, at, f"order:{pk}", n, facts if again else {})


def _orders(period: Period, *, since: datetime) -> Any:
    """Orders of which is known whether they were late, and returns."""
    timed = Q(wait_minutes__isnull=False, promised_minutes__isnull=False)
    return Transaction.objects.filter(
        timed | Q(kind=RETURN), at__gte=since, at__lt=period.until, customer__isnull=False,
        customer__unit__path__startswith=period.path,
    )  # fmt: skip


def said(facts: Mapping[str, Any]) -> str:
    told = {"n": number(facts.get("n")), "days": number(facts.get("days"))}
    if facts.get("kind") == "return":
        return _("A return, and with it %(n)s bad orders within %(days)s days.") % told
    return _("A late order, and with it %(n)s bad orders within %(days)s days.") % told
