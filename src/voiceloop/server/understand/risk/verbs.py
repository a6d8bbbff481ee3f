"""What people and the night do about customers at risk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.timezone import localdate, now

from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.risk.events import RiskRaised, RiskSnoozed
from voiceloop.server.understand.risk_models import CustomerRisk

# Our choices: a customer is not raised twice within a month; a list is what a team can call in a week.
AGAIN_AFTER = timedelta(days=30)
MOST_AT_ONCE = 100


@verb
def start(risks: Iterable[CustomerRisk], *, by: User | None = None) -> int:
    """Ask for outreach to these customers; who was asked for within the month is left in peace."""
    pks = sorted({risk.pk for risk in risks})[:MOST_AT_ONCE]
    n = 0
    for risk in (
        CustomerRisk.objects.select_for_update(of=("self",))
        .select_related("customer__unit")
        .filter(pk__in=pks)
    ):
        n += _raise(risk, by)
    return n


@verb
def snooze(risk: CustomerRisk, *, by: User, days: int) -> CustomerRisk:
    """Leave a customer off the list for some days; 0 brings them back."""
    risk.snoozed_until = localdate() + timedelta(days=days - 1) if days else None
    risk.snoozed_by = by if days else None
    risk.save(update_fields=["snoozed_until", "snoozed_by"])
    until = risk.snoozed_until or localdate()
    record(RiskSnoozed(customer=risk.customer_id, until=until.isoformat()), by=by, unit=risk.customer.unit)
    return risk


def _raise(risk: CustomerRisk, by: User | None) -> int:
    if risk.raised_at is not None and risk.raised_at > now() - AGAIN_AFTER:
        return 0
    risk.raised_at = now()
    risk.save(update_fields=["raised_at"])
    reasons = [[one["column"], one["value"]] for one in risk.reasons]
    percent = round(100 * (risk.probability or 0))
    record(
        RiskRaised(customer=risk.customer_id, percent=percent, reasons=reasons),
        by=by,
        unit=risk.customer.unit,
    )
    return 1
