"""Snooze: out of the lists for a while, and back by itself."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.casework.events import CaseAwoke, CaseSnoozed
from voiceloop.server.act.models import Case, Snooze
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

AT_ONCE = 500


@verb
def snooze(case: Case, *, by: User, until: datetime | None = None) -> Case:
    """Until a moment, or until the customer writes. The clocks run on: only a pause stops them."""
    cases.lock(case)
    if case.is_open:
        end(case, why=Snooze.Ended.PERSON)
        Snooze.objects.create(case=case, by=by, until=until)
        said = until.isoformat() if until else None
        record(CaseSnoozed(case=case.pk, customer=case.customer_id, until=said), by=by, unit=case.unit)
    return case


@verb
def wake(case: Case, *, by: User | None = None, why: str = Snooze.Ended.PERSON) -> Case:
    cases.lock(case)
    if end(case, why=why):
        event = CaseAwoke(case=case.pk, customer=case.customer_id, why=why, owner=case.owner_id)
        record(event, by=by, unit=case.unit)
    return case


def end(case: Case, *, why: str) -> int:
    """The caller holds the case's lock."""
    return int(case.snoozes.filter(ended_at=None).update(ended_at=now(), ended_by=why))


def wake_all() -> int:
    """Bring back the cases whose moment has come; asked again, there is nothing left to bring."""
    over = Snooze.objects.over().order_by("until").values_list("case", flat=True)[:AT_ONCE]
    found = list(Case.objects.filter(pk__in=list(over)))
    for case in found:
        wake(case, why=Snooze.Ended.TIME)
    return len(found)
