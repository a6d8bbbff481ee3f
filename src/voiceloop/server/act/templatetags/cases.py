"""The clock of a case, and why somebody owns it, for templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.timezone import now

from voiceloop.server.act import routing
from voiceloop.server.act.cases import clocks
from voiceloop.server.act.models import Case

register = template.Library()
# Below this the clock is shown as a warning.
SOON = 30 * 60


@register.inclusion_tag("act/cases/_clock.html")
def clock(case: Case) -> dict[str, Any]:
    """Time left for the first contact, in words and with a sign, never by colour alone."""
    due = case.first_contact_due_at
    runs = due is not None and case.is_open and case.first_contact_at is None
    left = _left(case, due) if runs and due else 0.0
    return {
        "case": case,
        "runs": runs,
        "left": left,
        "is_over": case.is_overdue,
        "is_soon": left < SOON,
    }


def _left(case: Case, due: datetime) -> float:
    """Working time to the moment or since it; outside working hours, the time on the wall."""
    at = now()
    working = abs(clocks.hours_for(case).between(at, due))
    left = working or abs((due - at).total_seconds())
    return left - left % 60 if left >= 60 else left


@register.filter
def why(assignment: Any) -> str:
    return routing.sentence(assignment.reason) if assignment else ""
