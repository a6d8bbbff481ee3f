"""The affected customers as a list and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from voiceloop.server.act.cases.filters import STATES
from voiceloop.server.act.crisis import affected, runs
from voiceloop.server.act.models import Case, Crisis
from voiceloop.server.collect.models import Customer
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.models import User

CHUNK = 500


def context(crisis: Crisis, page: Any, user: User) -> dict[str, Any]:
    return {
        "crisis": crisis,
        "page": page,
        "lines": list(_lines(crisis, list(page), user)),
        "reach": runs.reach(crisis),
    }


def answer(crisis: Crisis, user: User, form: str) -> HttpResponseBase:
    if form not in ("csv", "xlsx"):
        raise Http404
    return spreadsheets.answer(_rows(crisis, user), form, f"crisis-{crisis.pk}")


def _rows(crisis: Crisis, user: User) -> Iterator[list[Any]]:
    """Contact data stays inside; whoever may see it looks at the customer's page, and that is recorded."""
    yield [
        _("Customer"),
        _("Unit"),
        _("Tier"),
        _("Last said"),
        _("Comment"),
        _("Case"),
        _("State"),
        _("May be written to"),
    ]
    rows = affected.customers_of(crisis).visible_to(user).select_related("unit").order_by("pk")
    several: list[Customer] = []
    for customer in rows.iterator(chunk_size=CHUNK):
        several.append(customer)
        if len(several) == CHUNK:
            yield from _cells(_lines(crisis, several, user))
            several = []
    yield from _cells(_lines(crisis, several, user))


def _cells(lines: Iterable[dict[str, Any]]) -> Iterator[list[Any]]:
    for line in lines:
        at, case = line["at"], line["case"]
        yield [
            str(line["customer"]), str(line["customer"].unit), line["customer"].tier,
            localtime(at).strftime("%Y-%m-%d %H:%M") if at else "", line["words"],
            case.pk if case else None, line["state"], _("Yes") if not line["why_not"] else _("No"),
        ]  # fmt: skip


def _lines(crisis: Crisis, customers: list[Customer], user: User) -> Iterator[dict[str, Any]]:
    """With what each said last in the spike, and the newest case."""
    said = affected.responses_of(crisis).visible_to(user).filter(customer__in=customers)
    newest = {one.customer_id: one for one in said.prefetch_related("verbatims").order_by("at")}
    owed = affected.cases_of(crisis).visible_to(user).filter(customer__in=customers)
    cases: dict[int | None, Case] = {
        one.customer_id: one
        for one in owed.select_related("resolution", "outcome").prefetch_related("callbacks").order_by("pk")
    }
    for customer in customers:
        response, case = newest.get(customer.pk), cases.get(customer.pk)
        words = "；".join(v.text for v in response.verbatims.all() if v.text) if response else ""
        yield {
            "customer": customer,
            "at": response.at if response else case.opened_at if case else None,
            "words": words or (case.summary if case else ""),
            "case": case,
            "state": str(STATES.get(case.state, case.state)) if case else "",
            "why_not": runs.why_not(customer),
        }
