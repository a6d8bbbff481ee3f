"""The periodic look: each spike gets one crisis, and what goes on is added to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate, now

from voiceloop.server.act.crisis import crises
from voiceloop.server.act.crisis.frame import Series
from voiceloop.server.act.crisis.watching import Found, Look, looks
from voiceloop.server.act.models import Crisis, CrisisAlarm, CrisisWatch
from voiceloop.server.core.models import Unit

# What came in late is judged too; and for so long after its last hour a spike is still the same one.
LOOKED_BACK = 2
QUIET = timedelta(hours=24)


@dataclass(frozen=True)
class Alarm:
    found: Found
    look: Look


@transaction.atomic
def watch() -> list[Crisis]:
    """Look at yesterday and today; return the crises that are new.

    The row of the settings is the lock: two workers look one after the other.
    """
    if not Unit.objects.exists():
        return []
    CrisisWatch.objects.get_or_create(pk=1)
    setting = CrisisWatch.objects.select_for_update().get(pk=1)
    day = localdate()
    alarms = [Alarm(one, look) for look in looks(day, setting, n_days=LOOKED_BACK) for one in look.found()]
    opened = [crisis for alarm in sorted(alarms, key=_order) if (crisis := _handle(alarm, setting))]
    CrisisWatch.objects.filter(pk=1).update(looked_at=now())
    return opened


def _order(alarm: Alarm) -> tuple[bool, int, bool, float]:
    """Hours before days, the company before its parts: what explains most comes first."""
    series = alarm.found.series
    return (
        alarm.found.grain != CrisisAlarm.Grain.HOUR,
        series.unit.depth,
        bool(series.touchpoint),
        alarm.found.p_value,
    )


def _handle(alarm: Alarm, setting: CrisisWatch) -> Crisis | None:
    found = alarm.found
    known = CrisisAlarm.objects.filter(
        chart=found.chart, grain=found.grain, place=found.series.place,
        touchpoint=found.series.touchpoint, at=found.at,
    ).select_related("crisis__unit").first()  # fmt: skip
    crisis = known.crisis if known else _explaining(alarm)
    if crisis:
        crises.follow(crisis, found=found)
        return None
    unit, point = alarm.look.narrowest(found)
    return crises.open_for_spike(
        found,
        unit=unit.unit,
        touchpoint=(point or found.series).touchpoint,
        proposes=setting.answer == CrisisWatch.Answer.PROPOSE,
    )


def _explaining(alarm: Alarm) -> Crisis | None:
    """The crisis without which this would be no alarm."""
    found = alarm.found
    since = found.at - QUIET
    near = Crisis.objects.filter(until__gte=since, since__lt=found.until + QUIET) | Crisis.objects.live()
    crisis: Crisis
    for crisis in near.select_related("unit").order_by("-opened_at")[:50]:
        if _holds(crisis, found.series) or (crisis.chart and not _lasts_without(alarm, crisis)):
            return crisis
    return None


def _lasts_without(alarm: Alarm, crisis: Crisis) -> bool:
    return alarm.look.without(alarm.found, Series(crisis.unit, crisis.touchpoint))


def _holds(crisis: Crisis, series: Series) -> bool:
    """The crisis is about all of the series; one that a person opened is about its own place only."""
    inside = (series.unit.path or "").startswith(crisis.unit.path or "")
    here = inside if crisis.chart else series.unit == crisis.unit
    return here and crisis.touchpoint in ("", series.touchpoint)
