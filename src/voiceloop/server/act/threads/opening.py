"""A case for somebody who wrote to us and is not waiting for anything yet."""

from __future__ import annotations

from voiceloop.server.act.cases import cases, clocks, priority, severity
from voiceloop.server.act.events import CaseOpened
from voiceloop.server.act.models import Case, Inlet
from voiceloop.server.act.threads import finding
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record


def language_of(text: str, customer: Customer | None = None) -> str:
    """The code that facts store, by the customer's own choice or else the letters they write."""
    if customer and customer.language:
        return "en" if customer.language.startswith("en") else "zh"
    has_han = any("\u4e00" <= c <= "\u9fff" for c in text)
    return "en" if not has_han and any(c.isascii() and c.isalpha() for c in text) else "zh"


def open_for_words(
    customer: Customer | None, *, channel: str, text: str, subject: str, inlet: Inlet | None
) -> Case:
    """The caller holds the address, so nobody opens another one meanwhile."""
    words = "\n".join(filter(None, [subject, text]))
    grade = severity.grade(words, None)
    case = Case.objects.create(
        customer=customer,
        unit=finding.unit_of(customer, inlet),
        kind=Case.Kind.REQUEST if grade == Case.Severity.SLIGHT else Case.Kind.COMPLAINT,
        severity=grade,
        playbook="fast",
        summary=(subject or text)[:300],
        channel=channel,
        segment=customer.segment if customer else "",
        tier=customer.tier if customer else "",
        language=language_of(words, customer),
    )
    priority.settle(case)
    clocks.wind(case)
    record(CaseOpened(case=case.pk, customer=case.customer_id, response=None), unit=case.unit)
    return cases.route(case)
