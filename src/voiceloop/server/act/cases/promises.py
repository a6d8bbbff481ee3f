"""Promises to customers and the hours they run in. The verbs; open cases are then read anew."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act import starter
from voiceloop.server.act.cases.calendars import hours_of
from voiceloop.server.act.cases.events import CalendarSaved, PromiseArchived, PromiseRestored, PromiseSaved
from voiceloop.server.act.models import BusinessCalendar, ServicePromise
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.core.queueing import queue_once


@verb
def save_promise(promise: ServicePromise, *, by: User, **values: Any) -> ServicePromise:
    """Set a new promise, or change one for all cases that are still open."""
    for name, value in values.items():
        setattr(promise, name, value)
    promise.full_clean()
    promise.save()
    record(PromiseSaved(promise=promise.pk, name=promise.name), by=by, unit=by.unit)
    _read_anew()
    return promise


@verb
def archive(promise: ServicePromise, *, by: User) -> ServicePromise:
    """New cases no longer get it; clocks that run on it run on."""
    if ServicePromise.objects.open().filter(pk=promise.pk).update(archived_at=now()):
        record(PromiseArchived(promise=promise.pk, name=promise.name), by=by, unit=by.unit)
    promise.refresh_from_db()
    return promise


@verb
def restore(promise: ServicePromise, *, by: User) -> ServicePromise:
    if ServicePromise.objects.filter(pk=promise.pk).exclude(archived_at=None).update(archived_at=None):
        record(PromiseRestored(promise=promise.pk, name=promise.name), by=by, unit=by.unit)
    promise.refresh_from_db()
    return promise


@verb
def add_critical(*, by: User) -> list[ServicePromise]:
    """The template "device stopped": thirty minutes to the first word, two hours to the solution."""
    made = starter.critical()
    for promise in made:
        record(PromiseSaved(promise=promise.pk, name=promise.name), by=by, unit=by.unit)
    _read_anew()
    return made


@verb
def save_calendar(calendar: BusinessCalendar, *, by: User, **values: Any) -> BusinessCalendar:
    """Change the hours; hours that are never open are refused, since no promise could ever fall due."""
    for name, value in values.items():
        setattr(calendar, name, value)
    calendar.full_clean()
    if not any(calendar.week) and not any(calendar.days.values()):
        raise AnalyticsError("These hours are never open.", "该工作时间没有任何开放时段。")
    hours_of(calendar).after(now(), 60)
    calendar.save()
    record(CalendarSaved(calendar=calendar.pk, name=calendar.name), by=by, unit=by.unit)
    _read_anew()
    return calendar


def _read_anew() -> None:
    queue_once("act.rewind")
