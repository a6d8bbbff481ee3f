"""The clock of a case, and why somebody owns it, for templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.timezone import now

from voiceloop.server.act.cases import clocks, routing
from voiceloop.server.act.models import Case

register = template.Library()
# Below this the clock is shown as a warning.
SOON = 30 * 60


@register.inclusion_tag("act/cases/_clock.html")
def clock(case: Case) -> dict[str, Any]:
    """Time left for the first contact, in words and with a sign, never by colour alone."""
    left = seconds_left(case.first_contact_due_at)
    return {
        "case": case,
        "runs": case.is_open and case.first_contact_at is None and left is not None,
        "left": abs(left or 0),
        "is_over": left is not None and left < 0,
        "is_soon": left is not None and 0 <= left < SOON,
    }


@register.filter
def seconds_left(due: datetime | None) -> float | None:
    """Working time until the moment, negative once it has passed."""
    return None if due is None else clocks.between(now(), due).total_seconds() or -1.0


@register.filter
def why(assignment: Any) -> str:
    return routing.sentence(assignment.reason) if assignment else ""
