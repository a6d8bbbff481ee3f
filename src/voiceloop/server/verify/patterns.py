"""Patterns: which causes the solved cases had, whether they grow, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate, now

from voiceloop.analytics.many import compare_among_many
from voiceloop.analytics.metric import Share
from voiceloop.analytics.result import Comparison, Row
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.core.models import Unit, User

PERIODS = (30, 90, 180, 365)
DEFAULT_DAYS = 90
BUCKETS = 12
SHARE = Share(
    name="cause_share",
    label_en="Share of solved cases",
    label_zh="占已解决工单比例",
    definition_en="Solved cases with this root cause, of all solved cases.",
    definition_zh="已解决工单中属于该根因的比例。",
    table="cases",
    better="lower",
)


@dataclass(frozen=True)
class Pattern:
    """One cause in one period: how many, of how many, and whether its share moved."""

    cause: RootCause
    row: Row
    hits: int
    before: int
    change: Comparison | None
    is_signal: bool
    spark: list[int]

    @property
    def better(self) -> bool | None:
        """A cause that takes less is good news."""
        known = self.change.difference if self.change else None
        return None if known is None else known < 0


@dataclass(frozen=True)
class Window:
    """Solved cases of the last `days` days that a person may see, in one unit and below."""

    user: User
    days: int = DEFAULT_DAYS
    unit: Unit | None = None

    @property
    def since(self) -> datetime:
        return now() - timedelta(days=self.days)

    def cases(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Case.objects.visible_to(self.user).resolved()
        return rows.filter(unit__path__startswith=self.unit.path) if self.unit else rows

    def within(self) -> QuerySet[Any]:
        return self.cases().filter(resolution__at__gte=self.since)


def patterns(window: Window) -> list[Pattern]:
    """Most frequent first; a share that moved is called a signal within a budget of false alarms."""
    counts, days = _counts(window), _by_day(window)
    total = sum(n for n, _ in counts.values())
    total_before = sum(before for _, before in counts.values())
    causes = [cause for cause in RootCause.objects.all() if not cause.archived_at or cause.pk in counts]
    looks = [_looked(counts.get(cause.pk, (0, 0)), total, total_before) for cause in causes]
    sure = within_budget([change.p_value if change else None for _, change in looks])
    found = [
        Pattern(cause, row, *counts.get(cause.pk, (0, 0)), change, is_sure, _spark(window, days, cause.pk))
        for cause, (row, change), is_sure in zip(causes, looks, sure, strict=True)
    ]
    return sorted(found, key=lambda pattern: (-pattern.hits, pattern.cause.code))


def _counts(window: Window) -> dict[int, tuple[int, int]]:
    """Cause → (in this period, in the one before)."""
    since = window.since
    rows = window.cases().filter(resolution__at__gte=since - timedelta(days=window.days))
    grouped = (
        rows.order_by()
        .values_list("resolution__root_cause")
        .annotate(
            n=Count("pk", filter=Q(resolution__at__gte=since)),
            n_before=Count("pk", filter=Q(resolution__at__lt=since)),
        )
    )
    return {cause: (n, before) for cause, n, before in grouped}


def _looked(counted: tuple[int, int], total: int, total_before: int) -> tuple[Row, Comparison | None]:
    row, before = share(counted[0], total), share(counted[1], total_before)
    both = row.value is not None and before.value is not None
    return row, compare_among_many(row, before) if both and any(counted) else None


def share(hits: int, n: int) -> Row:
    parts = Parts(n, float(n), float(n), float(hits), float(hits))
    bounds = SHARE.interval(parts, None, 0.95) if n else None
    low, high = (100 * bounds[0], 100 * bounds[1]) if bounds else (None, None)
    return Row({}, n, 100 * hits / n if n else None, low, high, parts, SHARE)


def _by_day(window: Window) -> dict[int, dict[date, int]]:
    rows = window.within().order_by().annotate(day=TruncDate("resolution__at"))
    days: dict[int, dict[date, int]] = {}
    for cause, day, n in rows.values_list("resolution__root_cause", "day").annotate(n=Count("pk")):
        days.setdefault(cause, {})[day] = n
    return days


def _spark(window: Window, days: dict[int, dict[date, int]], cause: int) -> list[int]:
    """Counts in twelve equal stretches of the period."""
    buckets, last = [0] * BUCKETS, localdate()
    for day, n in days.get(cause, {}).items():
        place = BUCKETS - 1 - (last - day).days * BUCKETS // (window.days + 1)
        buckets[max(place, 0)] += n
    return buckets


def by_unit(window: Window, cause: RootCause) -> list[tuple[Unit, int, Row]]:
    """Where the cause strikes: each unit's count and its share of that unit's solved cases."""
    mine = Count("pk", filter=Q(resolution__root_cause=cause))
    rows = (
        window.within().order_by().values_list("unit").annotate(hits=mine, n=Count("pk")).filter(hits__gt=0)
    )
    units = Unit.objects.in_bulk([unit for unit, _, _ in rows])
    found = [(units[unit], hits, share(hits, n)) for unit, hits, n in rows]
    return sorted(found, key=lambda line: -line[1])
