"""The pages of promises and hours: parse, one verb, render."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act.cases import calendars, promises
from voiceloop.server.act.cases.promise_forms import WEEKDAYS, CalendarForm, PromiseForm, in_words
from voiceloop.server.act.models import BusinessCalendar, ServicePromise
from voiceloop.server.core.rights import for_the_company, requires, user_of

# Half a year is looked at: enough to see the next long holiday and its make-up days.
MONTHS = 6


@requires("cases.see")
def promise_list(request: HttpRequest) -> HttpResponse:
    rows = ServicePromise.objects.select_related("calendar")
    hours = BusinessCalendar.objects.filter(archived_at=None)
    context = {
        "promises": rows.open(),
        "archived": rows.exclude(archived_at=None),
        "calendars": [{"calendar": one, "week": week_in_words(one)} for one in hours],
        "edits": _edits(request),
    }
    return render(request, "act/cases/promises.html", context)


@for_the_company
@requires("settings.edit")
def promise_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(ServicePromise, pk=pk) if pk else ServicePromise()
    form = PromiseForm(request.POST or None, instance=found)
    if form.is_valid():
        promises.save_promise(found, by=user_of(request), **form.arguments)
        messages.success(request, _("Saved. Open cases are read anew."))
        return redirect("promises")
    context = {"form": form, "promise": found, "room": "promises"}
    return render(request, "act/cases/promise_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_the_company
@requires("settings.edit")
def promise_archive(request: HttpRequest, pk: int) -> HttpResponse:
    promises.archive(get_object_or_404(ServicePromise, pk=pk), by=user_of(request))
    messages.success(request, _("Taken back. It can be brought back below."))
    return redirect("promises")


@require_POST
@for_the_company
@requires("settings.edit")
def promise_restore(request: HttpRequest, pk: int) -> HttpResponse:
    promises.restore(get_object_or_404(ServicePromise, pk=pk), by=user_of(request))
    return redirect("promises")


@require_POST
@for_the_company
@requires("settings.edit")
def promise_critical(request: HttpRequest) -> HttpResponse:
    promises.add_critical(by=user_of(request))
    messages.success(request, _("Added: 30 minutes to the first word, 2 hours to the solution."))
    return redirect("promises")


@requires("cases.see")
def calendar_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(BusinessCalendar, pk=pk)
    context = {
        "calendar": found,
        "week": week_in_words(found),
        "months": year_ahead(found, localdate()),
        "weekdays": [{"name": day, "short": _short(str(day))} for day in WEEKDAYS],
        "edits": _edits(request),
        "room": "promises",
    }
    return render(request, "act/cases/calendar.html", context)


@for_the_company
@requires("settings.edit")
def calendar_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(BusinessCalendar, pk=pk) if pk else BusinessCalendar()
    form = CalendarForm(request.POST or None, calendar=found)
    if form.is_valid():
        try:
            promises.save_calendar(found, by=user_of(request), **form.arguments)
            messages.success(request, _("Saved. Open cases are read anew."))
            return redirect("calendar", found.pk)
        except AnalyticsError as error:
            form.add_error(None, error.say(get_language() or "zh"))
    context = {"form": form, "calendar": found, "room": "promises"}
    return render(request, "act/cases/calendar_form.html", context, status=422 if form.is_bound else 200)


def week_in_words(found: BusinessCalendar) -> list[tuple[str, str]]:
    return [(str(day), in_words(spans)) for day, spans in zip(WEEKDAYS, found.week, strict=True)]


def year_ahead(found: BusinessCalendar, today: date) -> list[dict[str, Any]]:
    """Month by month, which days are worked, closed for a holiday, or worked instead of one."""
    first = today.replace(day=1)
    starts = [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(MONTHS)
    ]
    return [{"first": start, "weeks": _weeks(found, start, today)} for start in starts]


def _weeks(found: BusinessCalendar, first: date, today: date) -> list[list[dict[str, Any] | None]]:
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    return [[_day(found, day, today) if day.month == first.month else None for day in week] for week in weeks]


def _day(found: BusinessCalendar, day: date, today: date) -> dict[str, Any]:
    hours = calendars.hours_of(found)
    midnight = datetime.combine(day, time(), ZoneInfo(found.zone))
    seconds = hours.between(midnight, datetime.combine(day + timedelta(days=1), time(), ZoneInfo(found.zone)))
    usual = bool(found.week[day.weekday()])
    name = calendars.holiday_name(found.country, day, get_language() or "zh") if found.country else ""
    kind = "worked" if seconds else "closed"
    if bool(seconds) != usual:
        kind = "instead" if seconds else "holiday"
    return {"day": day.day, "kind": kind, "name": name, "is_today": day == today, "hours": seconds / 3600}


def _short(weekday: str) -> str:
    """一 of 星期一, Mo of Monday."""
    return weekday[:2] if weekday.isascii() else weekday[-1]


def _edits(request: HttpRequest) -> bool:
    return user_of(request).may("settings.edit")
