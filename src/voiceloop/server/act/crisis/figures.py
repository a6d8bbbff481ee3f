"""How fast we were: to see it, to say something, to end it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from voiceloop.server.act.models import Crisis


@dataclass(frozen=True)
class Figures:
    """In seconds; None while it has not happened."""

    to_detect: float | None
    to_first_statement: float | None
    to_close: float | None
    n_alarms: int
    peak: int
    peak_usual: float | None
    tasks_done: int
    tasks: int


def of(crisis: Crisis) -> Figures:
    """Detection counts from the beginning of the first hour beyond its limit."""
    first = crisis.statements.exclude(approved_at=None).order_by("approved_at").first()
    # Hours before days: what is compared with an hour is an hour.
    peak = crisis.alarms.filter(chart=crisis.chart).order_by("-grain", "-n", "at").first()
    tasks = crisis.tasks.filter(dropped_at=None)
    return Figures(
        to_detect=(crisis.opened_at - crisis.since).total_seconds() if crisis.chart else None,
        to_first_statement=_seconds(crisis, first.approved_at if first else None),
        to_close=_seconds(crisis, crisis.closed_at),
        n_alarms=crisis.alarms.count(),
        peak=peak.n if peak else 0,
        peak_usual=peak.usual if peak else None,
        tasks_done=tasks.exclude(done_at=None).count(),
        tasks=tasks.count(),
    )


def _seconds(crisis: Crisis, at: datetime | None) -> float | None:
    return (at - crisis.opened_at).total_seconds() if at else None
