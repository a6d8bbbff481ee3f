"""The pages of peak hours and of access: parse, one reading, render."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from voiceloop.server.act.cases.promise_forms import WEEKDAYS
from voiceloop.server.act.hours import page
from voiceloop.server.act.hours.access import Access
from voiceloop.server.act.hours.access import in_words as access_in_words
from voiceloop.server.act.hours.report import KINDS, Report
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.slices import in_words


@requires("measure.see")
def hours(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    report = Report(user, request.GET)
    offered = page.shows(report)
    show = request.GET.get("show", "")
    show = show if show in offered else "gap" if "gap" in offered else "n"
    context = {
        "report": report,
        "week": report.week,
        "finding": page.finding(report),
        "sentences": page.sentences(report),
        "picture": page.picture(report) if "gap" in offered else None,
        "show": show,
        "shows": offered,
        "lines": page.table(report, show),
        "clocks": range(24),
        "kinds": {code: word for code, (word, *_rest) in KINDS.items()},
        "kept": [(name, str(value)) for name, value in _own(report, show)],
        "words": in_words(report.part),
        "choices": choices(user, report.part),
        "part": report.part,
    }
    return render(request, "act/hours/hours.html", context)


@requires("measure.see")
def hours_export(request: HttpRequest, form: str) -> HttpResponseBase:
    return spreadsheets.answer(Report(user_of(request), request.GET).rows(), form, "hours")


@requires("measure.see")
def access(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = Access(user, request.GET)
    context = {
        "access": found,
        "finding": access_in_words(found),
        "weekdays": WEEKDAYS,
        "clocks": page.failed(found.by_clock()),
        "kept": [("reply", str(found.reply_hours))],
        "words": in_words(found.part),
        "choices": choices(user, found.part),
        "part": found.part,
        "room": "hours",
    }
    return render(request, "act/hours/access.html", context)


@requires("measure.see")
def access_export(request: HttpRequest, form: str) -> HttpResponseBase:
    return spreadsheets.answer(Access(user_of(request), request.GET).rows(), form, "access")


def _own(report: Report, show: str) -> list[tuple[str, object]]:
    """What else the page's address says, to be carried by the filter's form."""
    return [("of", report.kind), ("show", show), *report.settings.items()]
