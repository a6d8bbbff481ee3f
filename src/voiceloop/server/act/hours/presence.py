"""How many people are there in each hour of the week, as their working hours say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.timezone import now

from voiceloop.analytics.hours import HOURS, ZONE
from voiceloop.server.act.models import AgentProfile, BusinessCalendar
from voiceloop.server.core.models import Role, Unit, User
from voiceloop.server.measure.slices import Slice

WEEK = HOURS * 60
Minutes = list[tuple[int, int]]


@dataclass(frozen=True)
class Present:
    """People on duty, and how that is known.

    `hours` holds one number for each of the 168 hours; None while nobody's hours are known.
    """

    hours: tuple[float, ...] | None
    n_people: int
    n_own: int
    usual: BusinessCalendar | None
    seat: str = ""


def present(user: User, part: Slice, seat: str = "") -> Present:
    """Those who answer customers in the reader's part of the company, and in the units that are chosen."""
    profiles = _people(user, part)
    seated = [one for one in profiles if f"seat:{seat}" in one.skills] if seat else []
    # Where nobody's seats are kept, everybody may sit at each.
    counted = seated or profiles
    usual = usual_calendar()
    calendars = [one.calendar or usual for one in counted]
    if not counted or all(one is None for one in calendars):
        return Present(None, len(counted), 0, usual)
    weeks = {one.pk: hours_open(one) for one in calendars if one is not None}
    summed = [sum(weeks[one.pk][hour] for one in calendars if one is not None) for hour in range(HOURS)]
    n_own = sum(one.calendar is not None for one in counted)
    return Present(tuple(summed), len(counted), n_own, usual, seat if seated else "")


def usual_calendar() -> BusinessCalendar | None:
    """The hours in which most promises run: for those who have none of their own."""
    known = BusinessCalendar.objects.filter(archived_at=None)
    live = Count("promises", filter=Q(promises__archived_at=None))
    return known.annotate(n=live).order_by("-n", "pk").first()


def hours_open(calendar: BusinessCalendar) -> list[float]:
    """The share of each hour of an ordinary week in which the calendar is open, in local time here."""
    shares = [0.0] * HOURS
    for start, end in spans(calendar):
        for hour in range(start // 60, -(-end // 60)):
            within = min(end, hour * 60 + 60) - max(start, hour * 60)
            shares[hour % HOURS] = min(1.0, shares[hour % HOURS] + within / 60)
    return shares


def spans(calendar: BusinessCalendar) -> Minutes:
    """Open times in minutes after Monday 0:00 here; none goes beyond the end of the week."""
    shift = _shift(calendar.zone)
    found: Minutes = []
    for day, several in enumerate(calendar.week):
        for start, end in several:
            begins = (day * 24 * 60 + start + shift) % WEEK
            length = end - start if end > start else end + 24 * 60 - start
            found += [(begins, min(begins + length, WEEK))]
            if begins + length > WEEK:
                found.append((0, begins + length - WEEK))
    return _merged(found)


def _merged(found: Minutes) -> Minutes:
    merged: Minutes = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _shift(zone: str) -> int:
    """Minutes by which the clocks here are ahead of those of a zone."""
    moment: datetime = now()
    here = moment.astimezone(ZoneInfo(ZONE)).utcoffset() or timedelta()
    there = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int((here - there).total_seconds() // 60)


def _people(user: User, part: Slice) -> list[AgentProfile]:
    people = User.objects.visible_to(user).who_take_cases()
    units = dict(part.chosen).get("unit", ())
    if units:
        people = people.filter(_at_or_above(units))
    if people.filter(role=Role.AGENT).exists():
        people = people.filter(role=Role.AGENT)
    known = {one.user_id: one for one in _profiles(people)}
    return [known.get(one.pk) or AgentProfile(user=one) for one in people.order_by("pk")]


def _profiles(people: Iterable[User]) -> Iterable[AgentProfile]:
    return AgentProfile.objects.filter(user__in=people).select_related("calendar")


def _at_or_above(codes: Iterable[str]) -> Q:
    """Who answers for a unit stands at it or above it, or below when it is no leaf."""
    found = Q(pk__in=[])
    for unit in Unit.objects.filter(code__in=list(codes)):
        found |= Q(unit__in=unit.ancestors_and_self()) | Q(unit__path__startswith=unit.path)
    return found
