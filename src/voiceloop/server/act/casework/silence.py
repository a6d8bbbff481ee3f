"""Cases that ended because their customer was silent: open again at the first word."""

from __future__ import annotations

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, Nudge
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import verb

LOOKED_AT = 5


@verb
def broken(case: Case | None, *, customer: Customer | None = None) -> Case | None:
    """The customer writes after all: the case of this thread, or else of this customer, opened again."""
    found = case if case and _ended_silent(case) else _of(customer)
    return cases.reopen(found) if found else None


def _of(customer: Customer | None) -> Case | None:
    if customer is None:
        return None
    ended = Nudge.objects.exclude(closed_at=None).filter(case__customer=customer).order_by("-closed_at")
    several = [one.case for one in ended.select_related("case")[:LOOKED_AT]]
    return next((one for one in several if _ended_silent(one)), None)


def _ended_silent(case: Case) -> bool:
    done = getattr(case, "resolution", None)
    return done is not None and case.nudges.filter(closed_at=done.at).exists()
