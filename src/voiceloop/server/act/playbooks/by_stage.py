"""A case for a customer who moved into another stage of life, where a playbook begins with that."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from voiceloop.server.act.cases import cases, clocks, priority
from voiceloop.server.act.cases.outreach import OF_A_STAGE
from voiceloop.server.act.events import CaseOpened
from voiceloop.server.act.models import Case, PlaybookVersion
from voiceloop.server.act.playbooks import book, situations
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.understand.customers.lifecycle_events import StageEntered
from voiceloop.server.understand.risk.reading import stage_name
from voiceloop.server.understand.risk.verbs import AGAIN_AFTER


@verb
def open_for_stage(customer: Customer, *, moved: StageEntered) -> Case | None:
    """The case that a playbook asks for; whoever is spoken with, or was within the month, needs no other."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    known = Case.objects.filter(customer=customer)
    lately = known.filter(channel=OF_A_STAGE, opened_at__gt=now() - AGAIN_AFTER)
    if known.filter(resolution__isnull=True).exists() or lately.exists():
        return None
    facts = situations.of_move(customer, moved, now()).facts
    version = book.first_of(book.in_use(), PlaybookVersion.Trigger.STAGE, facts)
    return _open(customer, moved, version) if version else None


def _open(customer: Customer, moved: StageEntered, version: PlaybookVersion) -> Case:
    case = Case.objects.create(
        customer=customer,
        unit=customer.unit,
        kind=Case.Kind.REQUEST,
        playbook=version.playbook.code,
        summary=_summary(moved),
        channel=OF_A_STAGE,
        segment=customer.segment,
        tier=customer.tier,
    )
    priority.settle(case)
    clocks.wind(case)
    record(CaseOpened(case=case.pk, customer=customer.pk, response=None), unit=case.unit)
    return cases.route(case)


def _summary(moved: StageEntered) -> str:
    """In the company's language, since a case has one text for all who read it."""
    with override("zh-hans"):
        names = {"before": stage_name(moved.before), "stage": stage_name(moved.stage)}
        return str(_("Stage of life: %(before)s → %(stage)s") % names)[:300]
