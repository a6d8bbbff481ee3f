"""The hourly round: what has happened since is proposed, what is over ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import now

from voiceloop.server.act.anticipation import kinds
from voiceloop.server.act.anticipation.events import OutreachLapsed, OutreachProposed
from voiceloop.server.act.anticipation.kinds import Occasion, Period
from voiceloop.server.act.anticipation.sparing import OPEN_CASE, OPTED_OUT, WRITTEN, Peace
from voiceloop.server.act.models import AnticipationRule, OutreachProposal
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb

State = OutreachProposal.State


def make_round() -> int:
    """End what is over, then let every rule that is on propose; how many proposals were made."""
    sweep()
    rules = AnticipationRule.objects.on().select_related("unit").order_by("pk")
    return sum(propose(rule) for rule in rules)


def propose(rule: AnticipationRule) -> int:
    """What happened within the days that a proposal is kept; the worst first, as many as a day allows."""
    at = now()
    room = rule.most_a_day - rule.proposals.filter(proposed_at__gt=at - timedelta(days=1)).count()
    if room <= 0:
        return 0
    kept = timedelta(days=rule.keep_days)
    period = Period(at - kept, at, rule.unit.path or "", known=at)
    values = kinds.values(rule.kind, rule.parameters)
    found = [one for one in kinds.of(rule.kind).occasions(values, period) if one.happened]
    n = 0
    for one in _free(found, at):
        n += _propose(rule, one=one, at=at, until=one.at + kept)
        if n >= room:
            break
    return n


def _free(found: list[Occasion], at: datetime) -> Iterable[Occasion]:
    """Those whom nothing spares, the worst first, each customer once."""
    customers = {one.customer for one in found}
    if not customers:
        return []
    peace = Peace(min(one.since for one in found), at + timedelta(seconds=1), customers=customers)
    known = OutreachProposal.objects.filter(customer__in=customers)
    busy = set(known.filter(state=State.OPEN).values_list("customer_id", flat=True))
    told = set(known.values_list("customer_id", "happening"))
    free = [
        one
        for one in found
        if one.customer not in busy
        and (one.customer, one.key) not in told
        and not peace.why_not(one.customer, since=one.since, at=at, own=one.own)
    ]
    return sorted(free, key=lambda one: (-one.weight, one.at, one.customer))


@verb
def _propose(rule: AnticipationRule, *, one: Occasion, at: datetime, until: datetime) -> int:
    """Behind the customer's lock, so that two rounds at once say it once."""
    customer = Customer.objects.select_for_update(no_key=True).select_related("unit").filter(pk=one.customer)
    found = customer.first()
    known = OutreachProposal.objects.filter(customer=one.customer)
    if found is None or known.filter(state=State.OPEN).exists() or known.filter(happening=one.key).exists():
        return 0
    made = OutreachProposal.objects.create(
        rule=rule, customer=found, unit=found.unit, happening=one.key, happened_at=one.at, facts=one.facts,
        proposed_at=at, expires_at=until,
    )  # fmt: skip
    record(OutreachProposed(customer=found.pk, proposal=made.pk), unit=found.unit)
    return 1


def sweep() -> int:
    """End what nobody decided in time, and what the customer was faster with."""
    over = OutreachProposal.objects.filter(state=State.OPEN, expires_at__lte=now())
    n = sum(lapse(one, state=State.EXPIRED) for one in _whole(over))
    waiting = list(_whole(OutreachProposal.objects.filter(state=State.OPEN)))
    faster = overtaken(waiting)
    return n + sum(lapse(one, state=State.OVERTAKEN) for one in waiting if one.pk in faster)


def overtaken(proposals: list[OutreachProposal]) -> set[int]:
    """Those among them whose customer contacted us, has an open case or was written to since."""
    if not proposals:
        return set()
    at = now() + timedelta(seconds=1)
    customers = {one.customer_id for one in proposals}
    peace = Peace(min(one.happened_at for one in proposals), at, customers=customers)
    return {
        one.pk
        for one in proposals
        if peace.heard(one.customer_id, one.proposed_at, at)
        or peace.why_not(one.customer_id, since=at, at=at) in (OPEN_CASE, WRITTEN, OPTED_OUT)
    }


@verb
def lapse(proposal: OutreachProposal, *, state: str) -> bool:
    proposal.refresh_from_db(from_queryset=OutreachProposal.objects.select_for_update())
    if proposal.state != State.OPEN:
        return False
    proposal.state, proposal.decided_at = state, now()
    proposal.save(update_fields=["state", "decided_at"])
    event = OutreachLapsed(customer=proposal.customer_id, proposal=proposal.pk, state=state)
    record(event, unit=proposal.unit)
    return True


def _whole(rows: QuerySet[OutreachProposal]) -> QuerySet[OutreachProposal]:
    return rows.select_related("unit").order_by("pk")
