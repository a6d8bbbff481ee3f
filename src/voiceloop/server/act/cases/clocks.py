"""Working time: the hours in which a promise to a customer runs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_default_timezone, localtime

# Our choice for a restaurant chain: open every day; calendars with holidays replace it later.
OPENS, CLOSES = time(9), time(21)
DAY = timedelta(hours=CLOSES.hour - OPENS.hour)
FIRST_CONTACT = timedelta(hours=2)


def after(start: datetime, working: timedelta) -> datetime:
    """The moment at which so much working time has passed since `start`."""
    days, rest = divmod(_worked(start) + working, DAY)
    # TRICKY: a sum that ends with a day falls on its closing time, not on the next opening.
    days, rest = (days, rest) if rest else (days - 1, DAY)
    return _opening(date.fromordinal(days)) + rest


def between(start: datetime, end: datetime) -> timedelta:
    """The working time from one moment to another, negative when `end` lies before `start`."""
    return _worked(end) - _worked(start)


def _worked(at: datetime) -> timedelta:
    local = localtime(at, get_default_timezone())
    today = min(max(local - _opening(local.date()), timedelta()), DAY)
    return local.toordinal() * DAY + today


def _opening(day: date) -> datetime:
    return datetime.combine(day, OPENS, get_default_timezone())
