"""Peak hours and access, for programs: the same readings as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Schema, Status
from pydantic import Field

from voiceloop.analytics.attempts import Attempts
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act.hours import page
from voiceloop.server.act.hours.access import Access, Line, in_words
from voiceloop.server.act.hours.report import Cell, Report
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.measure import numbers

router = Router(tags=["measure"])
REFUSED = {403: Problem, 422: Problem}


class HourOut(Schema):
    """Times in seconds. Under five contacts nothing is said but the number of people there."""

    weekday: int = Field(description="0 is Monday")
    hour: int
    n: int | None
    days: int
    per_hour: float | None
    p50: float | None
    p90: float | None
    p90_low: float | None
    p90_high: float | None
    there: float | None
    needed: int | None
    needed_low: int | None
    needed_high: int | None
    gap: float | None
    is_sure: bool


class HoursOut(Schema):
    finding: str
    n: int
    first: date | None
    last: date | None
    time: str
    handling: float | None
    n_people: int
    n_with_own_hours: int
    settings: dict[str, int]
    hours: list[HourOut]


class AttemptsOut(Schema):
    """`share` is that of the failed among those with a known end, in per cent."""

    channel: str | None
    n: int
    failed: int | None
    unknown: int
    share: float | None
    low: float | None
    high: float | None


class ChannelHoursOut(Schema):
    channel: str
    calendar: int | None
    is_own: bool
    hours_a_week: float
    days: list[list[str]]


class AccessLineOut(Schema):
    whole: AttemptsOut
    inside: AttemptsOut | None
    outside: AttemptsOut | None


class AccessOut(Schema):
    finding: str
    open: list[ChannelHoursOut]
    attempts: list[AccessLineOut]
    by_hour_of_day: list[AttemptsOut]
    ours: list[AttemptsOut]
    reply_hours: int
    without_reply: list[AttemptsOut]
    n_bounced: int


@router.get("/hours", response={200: HoursOut, **REFUSED})
def peak_hours(request: HttpRequest) -> Any:
    """Contacts, waits and people by hour of the week.

    The filter is that of every page of figures; `of` is live, call, chat or written; `share`, `within`,
    `away` and `at_once` are the promise by which people are counted.
    """
    user = allowed(request, "measure.see")
    try:
        return _week(Report(user, request.GET))
    except AnalyticsError as error:
        return _refused(error)


@router.get("/access", response={200: AccessOut, **REFUSED})
def access(request: HttpRequest) -> Any:
    """Which channels are open when, and the attempts that failed; `reply` is in hours."""
    user = allowed(request, "measure.see")
    try:
        return _access(Access(user, request.GET))
    except AnalyticsError as error:
        return _refused(error)


def _refused(error: AnalyticsError) -> Any:
    return Status(422, {"detail": error.say(get_language() or "zh")})


def _week(report: Report) -> dict[str, Any]:
    week, people = report.week, report.present
    return {
        "finding": page.finding(report),
        **{name: getattr(week, name) for name in ("n", "first", "last", "time", "handling")},
        "n_people": people.n_people,
        "n_with_own_hours": people.n_own,
        "settings": report.settings,
        "hours": [_hour(cell) for cell in report.cells],
    }


def _access(found: Access) -> dict[str, Any]:
    return {
        "finding": in_words(found),
        "open": [
            {
                "channel": one.channel,
                "calendar": one.calendar.pk if one.calendar else None,
                "is_own": one.is_own,
                "hours_a_week": one.hours,
                "days": [[times for _left, _width, times in day] for day in one.days],
            }
            for one in found.open
        ],
        "attempts": [_line(line) for line in found.lines],
        "by_hour_of_day": [_attempts(one) for one in found.by_clock()],
        "ours": [_attempts(line.whole) for line in found.ours],
        "reply_hours": found.reply_hours,
        "without_reply": [_attempts(line.whole) for line in found.late],
        "n_bounced": found.n_bounced,
    }


def _hour(cell: Cell) -> dict[str, Any]:
    hour, shown = cell.hour, cell.hour.n >= numbers.MIN_N
    times = {name: getattr(hour, name) for name in ("days", "p50", "p90", "p90_low", "p90_high")}
    return times | {
        "weekday": hour.weekday,
        "hour": hour.clock,
        "n": hour.n if shown else None,
        "per_hour": hour.per_hour if shown else None,
        "there": cell.there,
        "needed": cell.need.on_duty if cell.need else None,
        "needed_low": cell.need_low,
        "needed_high": cell.need_high,
        "gap": cell.gap,
        "is_sure": cell.is_sure,
    }


def _line(line: Line) -> dict[str, Any]:
    several = {"whole": line.whole, "inside": line.inside, "outside": line.outside}
    return {name: _attempts(one) if one else None for name, one in several.items()}


def _attempts(one: Attempts) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in ("channel", "n", "unknown", "share", "low", "high")}
    return shown | {"failed": one.failed if one.n >= numbers.MIN_N else None}
