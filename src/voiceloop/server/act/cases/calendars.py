"""Business calendars: when we work, with a country's holidays and days of our own."""

from __future__ import annotations

import json
from datetime import date
from functools import cache, lru_cache
from typing import Any

from voiceloop.analytics.business_hours import BusinessHours, Span
from voiceloop.server.act.models import BusinessCalendar

# Years for which holidays are looked up; a law may still change those to come.
YEARS = range(2015, 2036)


def hours_of(calendar: BusinessCalendar) -> BusinessHours:
    """The hours of a calendar; equal calendars share one, so that its years are counted once."""
    week = json.dumps(calendar.week)
    return _hours(calendar.zone, week, calendar.country, json.dumps(calendar.days, sort_keys=True))


@lru_cache(maxsize=64)
def _hours(zone: str, week: str, country: str, days: str) -> BusinessHours:
    spans = tuple(_spans(day) for day in json.loads(week))
    closed, instead = _public(country, spans)
    for iso, own in json.loads(days).items():
        # Our own days go before the country's.
        day = date.fromisoformat(iso)
        closed.discard(day)
        instead.pop(day, None)
        if own:
            instead[day] = _spans(own)
        else:
            closed.add(day)
    return BusinessHours(spans, zone, frozenset(closed), instead)


def _public(
    country: str, week: tuple[tuple[Span, ...], ...]
) -> tuple[set[date], dict[date, tuple[Span, ...]]]:
    """Closed days of a country, and make-up workdays, which have the hours of the longest weekday."""
    if country not in countries():
        return set(), {}
    import holidays

    found: Any = holidays.country_holidays(country, years=YEARS, expand=False)
    workdays = {day for day in getattr(found, "weekend_workdays", ()) if day not in found}
    longest = max(week, key=lambda day: sum(_length(span) for span in day))
    # A weekend day that is worked anyway needs no hours of its own.
    return set(found), {day: longest for day in workdays if not week[day.weekday()]}


@cache
def countries() -> list[str]:
    """The countries whose holidays are known, as codes of two letters."""
    import holidays

    return sorted(holidays.list_supported_countries(include_aliases=False))


def holiday_name(country: str, day: date, language: str) -> str:
    """What a public holiday is called, "" for none."""
    if country not in countries():
        return ""
    import holidays

    known = holidays.country_holidays(
        country, years=day.year, language="zh_CN" if language == "zh" else "en_US"
    )
    return str(known.get(day, ""))


def _spans(day: list[list[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in day)


def _length(span: Span) -> int:
    start, end = span
    return end - start if end > start else end + 24 * 60 - start
