"""Telling: each milestone at most once, when its time has come, if it is still news and wanted."""

from __future__ import annotations

import logging

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.timezone import now

from voiceloop.server.act.models import Milestone, StatusRefusal, Thread
from voiceloop.server.act.status import links, rules, words
from voiceloop.server.act.status.events import StatusTold
from voiceloop.server.collect import channels, messages
from voiceloop.server.collect.channels import Channel
from voiceloop.server.collect.models import Customer, Message, Transaction
from voiceloop.server.collect.survey_visit import company_of
from voiceloop.server.core.events import record, verb

log = logging.getLogger(__name__)
Held = Milestone.Held
AT_ONCE = 500


def tell_due() -> int:
    """All whose time has come; whoever died on the way left its row waiting, and nothing else."""
    due = Milestone.objects.waiting().filter(due_at__lte=now()).order_by("due_at", "pk")
    return sum(_told(one) for one in list(due[:AT_ONCE]))


def _told(milestone: Milestone) -> bool:
    """One that fails is tried again in a minute and keeps nobody else from being told."""
    try:
        return tell(milestone)
    except Exception:
        log.exception("milestone %s was not told", milestone.pk)
        return False


@verb
def tell(milestone: Milestone) -> bool:
    """The message and the mark that it is written are one transaction; whether it was written now."""
    if milestone.order_id:
        # Whoever reports something newer waits for us, or we for them.
        Transaction.objects.select_for_update(no_key=True).get(pk=milestone.order_id)
    rows = Milestone.objects.select_for_update(of=("self",)).select_related(
        "unit", "customer", "order", "case"
    )
    milestone.refresh_from_db(from_queryset=rows)
    if milestone.due_at is None or milestone.told_at or milestone.held_back_by or milestone.due_at > now():
        return False
    adapter = channels.preferred()
    if reason := why_not(milestone, adapter):
        milestone.held_back_by = reason
        milestone.save(update_fields=["held_back_by"])
        return False
    milestone.message, milestone.told_at = _write(milestone, adapter), now()
    milestone.save(update_fields=["message", "told_at"])
    event = StatusTold(
        milestone=milestone.pk, customer=milestone.customer_id, case=milestone.case_id,
        number=milestone.number, kind=milestone.kind,
    )  # fmt: skip
    record(event, unit=milestone.unit)
    return True


def why_not(milestone: Milestone, adapter: Channel) -> str:
    """No more surveys is no word against news of one's own order; against these there is one of its own."""
    customer = milestone.customer
    if customer is None:
        return Held.NO_CUSTOMER
    if not rules.of(milestone.unit).lines[milestone.kind].is_on:
        return Held.OFF
    if milestone.withdrawn_at:
        return Held.WITHDRAWN
    if newer(milestone).exists() or _is_over(milestone):
        return Held.SUPERSEDED
    if StatusRefusal.objects.live().filter(customer=customer).exists():
        return Held.REFUSED
    if _is_acknowledged(milestone):
        return Held.ANSWERED
    if not adapter.address_of(customer):
        return Held.NO_ADDRESS
    return Held.BOUNCED if _came_back(customer, adapter) else ""


def newer(milestone: Milestone) -> QuerySet[Milestone]:
    """What makes this one old news."""
    later = Q(at__gt=milestone.at) | Q(at=milestone.at, pk__gt=milestone.pk or 0)
    same = Q(order=milestone.order_id) if milestone.order_id else Q(case=milestone.case_id)
    rows: QuerySet[Milestone] = Milestone.objects.live().filter(same & later)
    return rows.filter(kind__in=milestone.what.old_after)


def _is_over(milestone: Milestone) -> bool:
    """We wait for the customer no more."""
    case = milestone.case
    return milestone.kind == "case_waiting" and bool(case and not case.pauses.filter(ended_at=None).exists())


def _is_acknowledged(milestone: Milestone) -> bool:
    """Who wrote to us has our answer to that in their own conversation."""
    if milestone.kind != "case_received":
        return False
    return bool(Thread.objects.filter(case=milestone.case_id, posts__is_automatic=True).exists())


def _came_back(customer: Customer, adapter: Channel) -> bool:
    """The last message to the address they have now could not be delivered, or our mail to it came back."""
    to = adapter.address_of(customer)
    bounced = Thread.objects.filter(customer=customer, channel="email", bounced_at__isnull=False)
    if adapter.code == Thread.Channel.EMAIL and to.lower() in {one.address.lower() for one in bounced}:
        return True
    last = Message.objects.filter(customer=customer, channel=adapter.code).order_by("-pk").first()
    failed = last and last.sent_at is None and last.held_back_by in ("failed", "bounced")
    return bool(failed and last and last.to == to)


def _write(milestone: Milestone, adapter: Channel) -> Message:
    customer = milestone.customer
    assert customer is not None
    about = milestone.order or milestone.case
    assert about is not None
    language = "en" if customer.language.startswith("en") else "zh-hans"
    with translation.override(language):
        line = rules.of(milestone.unit).lines[milestone.kind]
        values = words.values_of(
            milestone, company=company_of(milestone.unit_id), link=links.address_of(about)
        )
        subject, body = words.letter(milestone.kind, rules.text_of(line, language), values)
    return messages.write(
        key=f"status:{milestone.pk}",
        channel_code=adapter.code,
        to=adapter.address_of(customer),
        subject=subject,
        body=body,
        unit=milestone.unit,
        customer=customer,
        about=f"milestone:{milestone.pk}",
    )
