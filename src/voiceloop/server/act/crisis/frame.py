"""The counts of a stretch of days, laid out as series: the company, its units, its touchpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

import numpy as np
from django.db.models import Min
from django.utils.timezone import get_default_timezone, localdate, localtime, make_aware

from voiceloop.analytics.spikes import HOURS, Ints
from voiceloop.server.act.cases import calendars
from voiceloop.server.act.crisis.counting import Where, counted
from voiceloop.server.act.models import BusinessCalendar, Case, CrisisWatch
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import Unit

# Eight of each weekday. Our choice.
HISTORY = 56


@dataclass(frozen=True)
class Series:
    """One line that is watched: all of the company, a unit with all below it, or a touchpoint."""

    unit: Unit
    touchpoint: str = ""

    @property
    def is_company(self) -> bool:
        return self.unit.parent_id is None and not self.touchpoint

    @property
    def place(self) -> str:
        """The unit's code; "" for the company."""
        return self.unit.code if self.unit.parent_id else ""


@dataclass(frozen=True)
class Frame:
    """One chart's events by unit, touchpoint, day and hour."""

    first: date
    n_days: int
    # When the company began to listen; before, nothing is not zero.
    began: date
    units: tuple[Unit, ...]
    # One row an hour in which something happened.
    unit: Ints
    touchpoint: np.ndarray[tuple[int], np.dtype[np.str_]]
    hour: Ints
    n: Ints

    @cached_property
    def series(self) -> tuple[Series, ...]:
        root = next(unit for unit in self.units if unit.parent_id is None)
        codes = sorted({str(code) for code in self.touchpoint} - {""})
        below = [Series(unit) for unit in self.units if unit.parent_id]
        return (Series(root), *below, *(Series(root, code) for code in codes))

    @cached_property
    def counts(self) -> Ints:
        """Events of (series, days, 24)."""
        return np.stack([self.of(one) for one in self.series])

    def of(self, *several: Series) -> Ints:
        """Events of (days, 24) that belong to every one of the series."""
        mine = np.ones(len(self.n), dtype=bool)
        for one in several:
            mine &= self._mask(one)
        hours = np.bincount(self.hour[mine], weights=self.n[mine], minlength=self.n_days * HOURS)
        return hours.astype(np.int64).reshape(self.n_days, HOURS)

    def _mask(self, one: Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        path = one.unit.path or ""
        inside = [unit.pk for unit in self.units if (unit.path or "").startswith(path)]
        mine = np.isin(self.unit, inside)
        return mine & (self.touchpoint == one.touchpoint) if one.touchpoint else mine

    def days(self) -> list[date]:
        return [self.first + timedelta(days=i) for i in range(self.n_days)]


def frame(chart: str, *, until: date, n_days: int, watch: CrisisWatch) -> Frame:
    """The days up to and with `until`."""
    first = until - timedelta(days=n_days - 1)
    since, end = midnight(first), midnight(until + timedelta(days=1))
    rows = counted(chart, Where(since, end), watch)
    hours = [place_of(at, first) for _, _, at, _ in rows]
    return Frame(
        first,
        n_days,
        began(),
        tuple(Unit.objects.order_by("path")),
        np.array([unit for unit, _, _, _ in rows], dtype=np.int64),
        np.array([code for _, code, _, _ in rows], dtype=np.str_),
        np.array(hours, dtype=np.int64),
        np.array([n for _, _, _, n in rows], dtype=np.int64),
    )


def began() -> date:
    """The day of the first answer or case."""
    firsts = (
        Response.objects.aggregate(at=Min("at"))["at"],
        Case.objects.aggregate(at=Min("opened_at"))["at"],
    )
    known = [localtime(at, get_default_timezone()).date() for at in firsts if at]
    return min(known, default=localdate())


def place_of(at: datetime, first: date) -> int:
    """Hours since the first midnight, by the clock on the wall: each day has 24."""
    local = localtime(at, get_default_timezone())
    return (local.date() - first).days * HOURS + local.hour


def midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()), get_default_timezone())


def weekdays(days: Sequence[date]) -> Ints:
    """0 for a Monday to 6 for a Sunday or a public holiday; a make-up workday is a Friday."""
    calendar = BusinessCalendar.objects.filter(archived_at=None).exclude(country="").order_by("pk").first()
    if calendar is None:
        return np.array([day.weekday() for day in days], dtype=np.int64)
    hours = calendars.hours_of(calendar)
    kinds = [6 if day in hours.closed else 4 if day in hours.instead else day.weekday() for day in days]
    return np.array(kinds, dtype=np.int64)
