"""An order took much longer than was promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.anticipation.kinds.base import Occasion, Parameter, Period, Values, number
from voiceloop.server.collect.models import Transaction

PARAMETERS = (
    Parameter("minutes", gettext_lazy("Minutes over the promise"), gettext_lazy("minutes"), 20, 1, 10_000),
)
OTHERS = gettext_lazy("customers with an order that was not late")
# An order is looked for by the time it was taken; nobody waits longer for one than this.
LONGEST = timedelta(days=7)


def occasions(values: Values, period: Period) -> Iterator[Occasion]:
    rows = Transaction.objects.filter(
        at__gte=period.since - LONGEST, at__lt=period.until, customer__isnull=False,
        wait_minutes__isnull=False, promised_minutes__isnull=False,
        customer__unit__path__startswith=period.path,
    )  # fmt: skip
    columns = ("pk", "customer_id", "customer__unit_id", "at", "wait_minutes", "promised_minutes", "number")
    for pk, customer, unit, at, wait, promised, code in rows.values_list(*columns).iterator(chunk_size=5_000):
        came = at + timedelta(minutes=wait)
        if period.holds(came):
            over = wait - promised
            said = {"wait": round(wait), "promised": round(promised)}
            facts = {"number": code, **said, "over": said["wait"] - said["promised"]}
            late = over >= values["minutes"]
            yield Occasion(customer, unit, came, late, at, f"order:{pk}", over, facts if late else {})


def said(facts: Mapping[str, Any]) -> str:
    told = {name: number(facts.get(name)) for name in ("wait", "promised", "over")}
    sentence = _("Order %(number)s took %(wait)s minutes, %(over)s more than the %(promised)s promised.")
    return sentence % (told | {"number": facts.get("number") or "—"})
