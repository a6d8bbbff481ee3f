"""What an event log shows: figures with their n and interval, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """A figure with the number of rows behind it and its interval."""

    n: int
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Activity:
    """An activity: its events, its cases, and the share of those in which it happens more than once."""

    name: str
    events: int
    cases: int
    rework: Estimate
    loops: int


@dataclass(frozen=True)
class Step:
    """One activity directly after another: how often, and the seconds between them.

    Attributes
    ----------
    before, after : str
    n, cases : int
        How often, and in how many cases.
    wait : Estimate
        The median.
    p90, total : float
        Of all its waits together ``total`` seconds.
    share : float
        Of all waiting in the log, in percent.
    """

    before: str
    after: str
    n: int
    cases: int
    wait: Estimate
    p90: float
    total: float
    share: float


@dataclass(frozen=True)
class Variant:
    """A way through: its activities in order, and how many cases go that way."""

    activities: tuple[str, ...]
    cases: int
    share: float


@dataclass(frozen=True)
class Flow:
    """The answer of `flow`.

    Attributes
    ----------
    cases, events : int
    first, last : datetime
        Of the events.
    throughput : Estimate
        Median seconds from a case's first event to its last; ``throughput_p90`` with it.
    activities : tuple of Activity
        The most frequent first.
    steps : tuple of Step
        Those with the largest total wait first; `bottleneck` is the first.
    variants : tuple of Variant
        The most frequent first.
    rework : Estimate
        Share of cases in which some activity happens more than once, in percent.
    ping_pong : Estimate
        Share of cases that come back to a person or team that had handed them over, in percent.
    handovers : float
        Mean number of changes of hand a case.
    hand : str
        What was taken as the hand: 'team', 'actor' or nothing.
    """

    cases: int
    events: int
    first: datetime
    last: datetime
    throughput: Estimate
    throughput_p90: float
    activities: tuple[Activity, ...]
    steps: tuple[Step, ...]
    variants: tuple[Variant, ...]
    n_variants: int
    rework: Estimate
    ping_pong: Estimate | None
    handovers: float | None
    hand: str
    confidence: float = 0.95
    read_as: Mapping[str, Any] = field(default_factory=dict)

    @property
    def bottleneck(self) -> Step | None:
        """The step in which cases wait longest in all."""
        return self.steps[0] if self.steps and self.steps[0].total > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain JSON types."""
        found = asdict(self) | {"first": self.first.isoformat(), "last": self.last.isoformat()}
        bottleneck = self.bottleneck
        return found | {
            "bottleneck": asdict(bottleneck) if bottleneck else None,
            "read_as": dict(self.read_as),
        }
