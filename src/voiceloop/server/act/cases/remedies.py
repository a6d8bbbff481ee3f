"""Remedies: what we give to make it good, within limits."""

from __future__ import annotations

from decimal import Decimal

from django.utils.timezone import now

from voiceloop.server.act.events import RemedyDecided
from voiceloop.server.act.models import Case, Remedy
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

# What an agent may give without asking; our choice for a restaurant bill.
AGENT_LIMIT = Decimal(100)


@verb
def give(case: Case, *, by: User, kind: str, amount: Decimal, note: str = "") -> Remedy:
    """Give it now, or leave it to a lead when above the limit; one that waits or was given is not doubled."""
    present: Remedy | None = case.remedies.filter(declined_at=None).first()
    if present:
        return present
    remedy = Remedy.objects.create(case=case, by=by, kind=kind, amount=amount, note=note)
    if amount <= AGENT_LIMIT or by.may("cases.assign"):
        _decide(remedy, by=by, approved=True)
    return remedy


@verb
def decide(remedy: Remedy, *, by: User, approved: bool) -> Remedy:
    """A lead lets it pass or not; the first word stands."""
    remedy.refresh_from_db(from_queryset=Remedy.objects.select_for_update())
    if remedy.is_waiting:
        if not by.may("cases.assign"):
            raise PermissionError("cases.assign")
        _decide(remedy, by=by, approved=approved)
    return remedy


def _decide(remedy: Remedy, *, by: User, approved: bool) -> None:
    remedy.approved_by = by
    remedy.approved_at, remedy.declined_at = (now(), None) if approved else (None, now())
    remedy.save(update_fields=["approved_by", "approved_at", "declined_at"])
    case = remedy.case
    event = RemedyDecided(case=case.pk, customer=case.customer_id, remedy=remedy.pk, approved=approved)
    record(event, by=by, unit=case.unit, note=str(remedy))
