"""Remedies: what we give to make it good, within limits; a mistake is taken back by a line of its own."""

from __future__ import annotations

from decimal import Decimal

from django.utils.timezone import now

from voiceloop.server.act.compensation import limits
from voiceloop.server.act.compensation.events import RemedyReversed
from voiceloop.server.act.events import RemedyDecided
from voiceloop.server.act.models import Case, Remedy
from voiceloop.server.act.notices.events import RemedyAsked
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@verb
def give(case: Case, *, by: User, kind: str, amount: Decimal, note: str = "") -> Remedy:
    """Give it now, or leave it to a lead when above the limit; one that waits or was given is not doubled."""
    # One at a time: two gifts at once could each be within a budget that both together break.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    present: Remedy | None = next(
        (one for one in case.remedies.all() if one.is_waiting or one.is_given), None
    )
    if present:
        return present
    standing = limits.standing(by)
    limit = standing.kept(amount)
    remedy = Remedy.objects.create(case=case, by=by, kind=kind, amount=amount, note=note, limit=limit)
    if not limit["over"]:
        _decide(remedy, by=by, approved=True)
    else:
        asked = RemedyAsked(case=case.pk, customer=case.customer_id, remedy=remedy.pk)
        record(asked, by=by, unit=case.unit, note=str(remedy))
    return remedy


@verb
def decide(remedy: Remedy, *, by: User, approved: bool) -> Remedy:
    """A lead lets it pass or not, within their own limit; the first word stands."""
    remedy.refresh_from_db(from_queryset=Remedy.objects.select_for_update())
    if remedy.is_waiting:
        if not by.may("cases.assign"):
            raise PermissionError("cases.assign")
        if approved and limits.standing(by).over(remedy.amount):
            raise PermissionError("limit")
        _decide(remedy, by=by, approved=approved)
    return remedy


@verb
def reverse(remedy: Remedy, *, by: User, note: str) -> Remedy:
    """Take it back with a line below zero; the line itself stays as it was."""
    remedy.refresh_from_db(from_queryset=Remedy.objects.select_for_update(of=("self",)))
    if not by.may("cases.assign"):
        raise PermissionError("cases.assign")
    if not remedy.is_given:
        return Remedy.objects.filter(reverses=remedy).first() or remedy
    at = now()
    line = Remedy.objects.create(
        case=remedy.case, kind=remedy.kind, amount=-remedy.amount, by=remedy.by, note=note, at=at,
        reverses=remedy, approved_by=remedy.approved_by, approved_at=at, limit={"reversed_by": by.pk},
    )  # fmt: skip
    case = remedy.case
    event = RemedyReversed(
        case=case.pk, customer=case.customer_id, remedy=remedy.pk, amount=str(remedy.amount)
    )
    record(event, by=by, unit=case.unit, note=note)
    return line


def _decide(remedy: Remedy, *, by: User, approved: bool) -> None:
    remedy.approved_by = by
    remedy.approved_at, remedy.declined_at = (now(), None) if approved else (None, now())
    remedy.save(update_fields=["approved_by", "approved_at", "declined_at"])
    case = remedy.case
    event = RemedyDecided(case=case.pk, customer=case.customer_id, remedy=remedy.pk, approved=approved)
    record(event, by=by, unit=case.unit, note=str(remedy))
