"""Outreach: a case for a customer who may leave, before they say a word."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from voiceloop.analytics.value.customers import NAMES
from voiceloop.server.act.cases import cases, clocks, priority
from voiceloop.server.act.events import CaseOpened
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.risk.events import RiskRaised
from voiceloop.server.understand.risk.verbs import AGAIN_AFTER

CHANNEL = "risk"
# Of a case that began because its customer moved into another stage of life.
OF_A_STAGE = "lifecycle"
# Of a case for a customer from whom we expect to hear: `act.anticipation` proposed it, a person accepted.
OF_A_HAPPENING = "anticipation"
# What we began ourselves: none of these is a word of the customer's.
UNASKED = (CHANNEL, OF_A_STAGE, OF_A_HAPPENING)


@verb
def open_for_risk(customer: Customer, *, raised: RiskRaised, by: User | None = None) -> Case | None:
    """The case of this warning; whoever is spoken with, or was for this within the month, needs no other."""
    Customer.objects.select_for_update().get(pk=customer.pk)
    known = Case.objects.filter(customer=customer)
    lately = known.filter(channel=CHANNEL, opened_at__gt=now() - AGAIN_AFTER)
    if known.filter(resolution__isnull=True).exists() or lately.exists():
        return None
    said = {"severity": Case.Severity.SERIOUS, "summary": _summary(raised), "channel": CHANNEL}
    return cases.route(_open(customer, by, **said))


@verb
def open_for_happening(customer: Customer, *, summary: str, by: User) -> Case:
    """The case of a customer whom somebody decided to speak with before they write."""
    return cases.route(_open(customer, by, summary=summary[:300], channel=OF_A_HAPPENING))


def _open(customer: Customer, by: User | None, **said: str) -> Case:
    about = {"customer": customer, "unit": customer.unit, "segment": customer.segment, "tier": customer.tier}
    case = Case.objects.create(kind=Case.Kind.REQUEST, playbook="keep", **about, **said)
    priority.settle(case)
    clocks.wind(case)
    record(CaseOpened(case=case.pk, customer=customer.pk, response=None), by=by, unit=case.unit)
    return case


def _summary(raised: RiskRaised) -> str:
    """In the company's language, since a case has one text for all who read it."""
    with override("zh-hans"):
        why = "、".join(
            f"{NAMES.get(column, (column,))[0]} {value or '—'}" for column, value in raised.reasons
        )
        return str(_("May leave (%(percent)s %%): %(why)s") % {"percent": raised.percent, "why": why})[:300]
