"""What raises a crisis: kept by the admins, tried on the past before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import localdate, localtime

from voiceloop.server.act.crisis.events import CrisisWatchSet
from voiceloop.server.act.crisis.watching import Found, looks
from voiceloop.server.act.models import CrisisAlarm, CrisisWatch
from voiceloop.server.act.models.crisis import Chart
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

# The days that a preview judges.
PREVIEW_DAYS = 90


@dataclass(frozen=True)
class Day:
    """A day of the past on which there would have been an alarm, with the rarest of them."""

    day: date
    rarest: Found
    n: int

    @property
    def chart(self) -> Any:
        return Chart(self.rarest.chart).label

    @property
    def grain(self) -> Any:
        return CrisisAlarm.Grain(self.rarest.grain).label


@verb
def save(*, by: User, **values: Any) -> CrisisWatch:
    watch, _is_new = CrisisWatch.objects.update_or_create(pk=1, defaults=values)
    record(CrisisWatchSet(), by=by, unit=by.unit)
    return watch


def preview(watch: CrisisWatch, *, n_days: int = PREVIEW_DAYS) -> list[Day]:
    """The days that would have alarmed, each judged by the eight weeks before it, newest first."""
    by_day: dict[date, list[Found]] = {}
    for look in looks(localdate(), watch, n_days=n_days):
        for found in look.found():
            by_day.setdefault(localtime(found.at).date(), []).append(found)
    days = [
        Day(day, min(several, key=lambda one: one.p_value), len(several)) for day, several in by_day.items()
    ]
    return sorted(days, key=lambda one: one.day, reverse=True)
