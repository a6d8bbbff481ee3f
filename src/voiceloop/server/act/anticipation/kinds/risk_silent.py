"""A customer who is likely to leave has gone silent after a problem."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.anticipation import contacts
from voiceloop.server.act.anticipation.kinds.base import Occasion, Parameter, Period, Values, number
from voiceloop.server.act.anticipation.kinds.unheard import low_answers
from voiceloop.server.collect.models import Response, Transaction
from voiceloop.server.understand.risk_models import CustomerRisk

PARAMETERS = (
    Parameter("percent", gettext_lazy("Risk of at least (%)"), gettext_lazy("percent"), 60, 1, 99),
    Parameter("days", gettext_lazy("Silent for days after a low answer"), gettext_lazy("days"), 14, 1, 90),
)
OTHERS = gettext_lazy("customers with a low answer who are less likely to leave or came again")
Risks = dict[int, list[tuple[date, float]]]


def occasions(values: Values, period: Period) -> Iterator[Occasion]:
    quiet = timedelta(days=values["days"])
    before = Period(period.since - quiet, period.until - quiet, period.path)
    answers = [response for response, _spoken in low_answers(before, timedelta())]
    customers = {response.customer_id for response in answers if response.customer_id}
    risks, signs = _risks(customers), _signs(customers, before.since, period.until, period.path)
    for response in answers:
        assert response.customer is not None
        customer, at = response.customer.pk, response.at + quiet
        risk = _risk_at(risks, customer, localdate(period.known or at))
        if risk is None:
            continue
        silent = not any(response.at < one <= at for one in signs[customer])
        happened = silent and 100 * risk >= values["percent"]
        facts = {"percent": round(100 * risk), "days": values["days"]} if happened else {}
        # Whoever came again meanwhile is no customer who could be named: `since` asks for nothing more.
        yield Occasion(
            customer, response.customer.unit_id, at, happened, at, f"silence:{response.pk}", risk, facts
        )


def _signs(customers: set[int], since: datetime, until: datetime, path: str) -> dict[int, list[datetime]]:
    """Every purchase, answer and contact of theirs."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for model in (Transaction, Response):
        rows = model._default_manager.filter(customer__in=customers, at__gte=since, at__lt=until)
        for customer, at in rows.values_list("customer_id", "at"):
            found[customer].append(at)
    for customer, heard in contacts.between(since, until, path=path, customers=customers).items():
        found[customer] += [one.at for one in heard if not one.origin.startswith("response:")]
    return found


def _risks(customers: set[int]) -> Risks:
    """What was known of each on which day, oldest first."""
    rows = CustomerRisk.objects.filter(customer__in=customers).exclude(probability=None)
    return {
        customer: sorted(
            [*((date.fromisoformat(day), chance) for day, chance in history), (day_, chance_ or 0.0)]
        )
        for customer, history, day_, chance_ in rows.values_list(
            "customer_id", "history", "as_of", "probability"
        )
    }


def _risk_at(risks: Risks, customer: int, day: date) -> float | None:
    """As it was known then: today's risk knows of the silence already."""
    known = risks.get(customer, [])
    place = bisect_right([one for one, _chance in known], day)
    return known[place - 1][1] if place else None


def said(facts: Mapping[str, Any]) -> str:
    told = {"percent": number(facts.get("percent")), "days": number(facts.get("days"))}
    return (
        _("Risk of leaving %(percent)s %%, and no sign of them for %(days)s days since a low answer.") % told
    )
