"""The green channel: what is worth most or is hardest goes to senior agents, and the lead knows at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now

from voiceloop.server.act import starter
from voiceloop.server.act.cases import clocks
from voiceloop.server.act.models import BusinessCalendar, Case, GreenCase, GreenRule, ServicePromise
from voiceloop.server.act.routing.events import CaseGreen, GreenRuleSaved
from voiceloop.server.act.routing.people import lead_above
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

# What holds until somebody says otherwise: nobody's tier is known to us, but a catastrophe is one anywhere.
USUAL = {"tiers": [], "severities": [Case.Severity.CATASTROPHIC.value], "reopenings": 2, "minutes": 30}
PROMISE = "绿色通道"


def rule() -> GreenRule:
    return GreenRule.objects.order_by("pk").last() or GreenRule(**USUAL)


def why(case: Case) -> dict[str, Any]:
    """What lets the case into the green channel, {} for nothing."""
    holds = rule()
    found: dict[str, Any] = {"tier": case.tier} if case.tier and case.tier in holds.tiers else {}
    if case.severity in holds.severities:
        found["severity"] = str(case.severity)
    n = case.reopenings.count() if holds.reopenings else 0
    if n and n >= holds.reopenings:
        found["reopenings"] = n
    return found


@verb
def consider(case: Case) -> GreenCase | None:
    """Let the case into the green channel if it belongs there; once, with one event."""
    reason = why(case)
    if not reason:
        return None
    made, is_new = GreenCase.objects.get_or_create(case=case, defaults={"reason": reason})
    if is_new:
        lead = lead_above(case.unit)
        leads = [lead.pk] if lead else []
        event = CaseGreen(case=case.pk, customer=case.customer_id, reason=reason, leads=leads)
        record(event, unit=case.unit)
        clocks.wind(case)
    return made


@verb
def save_rule(
    *, by: User, tiers: list[str], severities: list[str], reopenings: int, minutes: int
) -> GreenRule:
    """What goes through the green channel from now on, with a promise for each tier and severity."""
    made = GreenRule.objects.create(
        by=by, at=now(), tiers=tiers, severities=severities, reopenings=reopenings, minutes=minutes
    )
    _promise(made)
    record(GreenRuleSaved(minutes=minutes), by=by, unit=by.unit)
    return made


def promises() -> QuerySet[ServicePromise]:
    """The green channel's own promises."""
    found: QuerySet[ServicePromise] = ServicePromise.objects.open().filter(name__startswith=PROMISE)
    return found


def _promise(made: GreenRule) -> None:
    from voiceloop.server.act.tasks import rewind

    starter.promises()
    calendar = BusinessCalendar.objects.filter(archived_at=None).order_by("pk").first()
    promises().update(archived_at=now())
    if calendar:
        fits = [{"tier": tier} for tier in made.tiers] + [{"severity": one} for one in made.severities]
        for condition in fits:
            ServicePromise.objects.create(
                name=f"{PROMISE}：{made.minutes} 分钟首次联系",
                clock=ServicePromise.Clock.FIRST_CONTACT,
                minutes=made.minutes,
                calendar=calendar,
                on_breach=ServicePromise.OnBreach.ESCALATE,
                **condition,
            )
        rewind.defer()
