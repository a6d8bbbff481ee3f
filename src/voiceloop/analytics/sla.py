"""A promise with a clock: read from what happened, so that replaying it gives the same clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from voiceloop.analytics.business_hours import BusinessHours

What = Literal["start", "pause", "resume", "met"]
State = Literal["running", "paused", "met", "idle"]


class Mark(NamedTuple):
    """Something that moves a clock: it starts (again), pauses, goes on, or its promise is kept."""

    at: datetime
    what: What


@dataclass(frozen=True)
class Reading:
    """What a clock shows.

    Attributes
    ----------
    state : {'running', 'paused', 'met', 'idle'}
        'idle' before it was ever started.
    spent : float
        Working seconds that count so far in this run.
    due_at : datetime or None
        When the promise breaks, or broke; while it is paused, None if there is time left.
    met_at : datetime or None
        When the promise of this run was kept, early or late.
    is_broken : bool
        Whether more working time passed than was promised, in this run.
    n_runs, n_broken : int
        Runs so far and those broken: a reopened case runs anew.
    """

    state: State
    spent: float
    due_at: datetime | None
    met_at: datetime | None
    is_broken: bool
    n_runs: int
    n_broken: int


def read(marks: Iterable[Mark], hours: BusinessHours, seconds: float, now: datetime) -> Reading:
    """Read a clock at ``now``.

    Parameters
    ----------
    marks : iterable of Mark
        In any order; of marks at one moment, a start comes first and a promise kept last. Marks after
        ``now`` have not happened yet. A mark that changes nothing, such as a second pause, is passed over.
    hours : BusinessHours
        In which the clock runs; outside them it stands still.
    seconds : float
        What is promised, in working time.
    now : datetime
        Aware moment.

    Returns
    -------
    Reading
        The present run, and how many there were.

    Examples
    --------
    >>> from datetime import UTC
    >>> at = lambda hour, minute=0: datetime(2026, 11, 23, hour, minute, tzinfo=UTC)
    >>> marks = [Mark(at(2), "start"), Mark(at(3), "pause"), Mark(at(5), "resume")]
    >>> clock = read(marks, BusinessHours(), 7200, at(5, 30))
    >>> clock.state, clock.spent, clock.due_at == at(6), clock.is_broken
    ('running', 5400.0, True, False)
    """
    run = _Run(hours, seconds)
    past = (mark for mark in marks if mark.at <= now)
    for mark in sorted(past, key=lambda mark: (mark.at, _ORDER[mark.what])):
        run.move(mark)
    return run.reading(now)


_ORDER: dict[What, int] = {"start": 0, "resume": 1, "pause": 2, "met": 3}


class _Run:
    """A clock on its way through its marks."""

    def __init__(self, hours: BusinessHours, seconds: float) -> None:
        self.hours, self.seconds = hours, seconds
        self.state: State = "idle"
        self.spent = 0.0
        self.since: datetime | None = None
        self.met_at: datetime | None = None
        self.broke_at: datetime | None = None
        self.n_runs = self.n_broken = 0

    def move(self, mark: Mark) -> None:
        if mark.what == "start" and self.state in ("idle", "met"):
            self.state, self.since, self.spent = "running", mark.at, 0.0
            self.met_at = self.broke_at = None
            self.n_runs += 1
        elif mark.what == "pause" and self.state == "running":
            self._stand(mark.at, "paused")
        elif mark.what == "resume" and self.state == "paused":
            self.state, self.since = "running", mark.at
        elif mark.what == "met" and self.state in ("running", "paused"):
            self._stand(mark.at, "met")
            self.met_at = mark.at

    def reading(self, now: datetime) -> Reading:
        due = self._due()
        if self.state == "running":
            self._count(now)
        return Reading(
            self.state, self.spent, due, self.met_at, self.broke_at is not None, self.n_runs, self.n_broken
        )

    def _stand(self, at: datetime, state: State) -> None:
        if self.state == "running":
            self._count(at)
        self.state, self.since = state, None

    def _count(self, until: datetime) -> None:
        """Add the working time of a stretch, and see whether the promise broke in it."""
        assert self.since is not None
        due = self._due()
        self.spent += self.hours.between(self.since, until)
        if self.broke_at is None and self.spent > self.seconds:
            self.broke_at, self.n_broken = due, self.n_broken + 1

    def _due(self) -> datetime | None:
        if self.broke_at is not None or self.since is None:
            return self.broke_at
        return self.hours.after(self.since, self.seconds - self.spent)
