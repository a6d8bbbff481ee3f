"""The pages of how promises are kept and of what has been open for long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from voiceloop.server.act.cases import forms
from voiceloop.server.act.cases.ageing import Ageing, age, rows, waits_for, with_reasons
from voiceloop.server.act.cases.kept import BY, Report
from voiceloop.server.act.cases.pages import KeyPages
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.slices import in_words

PER_PAGE = 50


@requires("cases.see")
def promises_kept(request: HttpRequest) -> HttpResponse:
    report = _report(request)
    context = {
        "report": report,
        "figures": _figures(report),
        "lines": report.lines(),
        "pictures": list(report.pictures()),
        "by_choices": BY,
        "kept": [("by", report.by)],
        "words": in_words(report.part),
        "choices": choices(user_of(request), report.part),
        "part": report.part,
        "room": "cases",
    }
    return render(request, "act/cases/kept.html", context)


@requires("cases.see")
def promises_kept_export(request: HttpRequest, form: str) -> HttpResponseBase:
    report = _report(request)
    if form == "json":
        return JsonResponse(as_plain(report))
    head: list[Any] = [
        str(BY[report.by]),
        _("Promise"),
        _("Promises due"),
        _("Kept (%)"),
        _("Low"),
        _("High"),
    ]
    lines: Iterator[list[Any]] = (
        [name or _("All"), clock, one.n, *(_rounded(value) for value in (one.value, one.low, one.high))]
        for name, clock, one in report.rows()
    )
    return spreadsheets.answer([head, *lines], form, "promises-kept")


@requires("cases.see")
def ageing(request: HttpRequest) -> HttpResponse:
    found = _ageing(request)
    page = KeyPages(found.cases, PER_PAGE, reads=with_reasons).get_page(request.GET.get("page"))
    for case in page:
        case.age, case.waits_for = age(case, found.at), waits_for(case)
    context = {"ageing": found, "bands": found.bands(), "page": page, "room": "cases"}
    context["owners"] = forms.takers(user_of(request))
    return render(request, "act/cases/ageing.html", context)


@requires("cases.see")
def ageing_export(request: HttpRequest, form: str) -> HttpResponseBase:
    if form not in ("csv", "xlsx"):
        raise Http404
    return spreadsheets.answer(rows(_ageing(request).cases), form, "ageing")


def _figures(report: Report) -> list[dict[str, Any]]:
    """The three clocks as cards."""
    shown = zip(report.clocks, report.whole(), strict=True)
    return [
        {"label": name, "fmt": "pct", "span": 4, "n": one.n}
        | {"value": one.value, "low": one.low, "high": one.high}
        for (_clock, name), one in shown
    ]


def as_plain(report: Report) -> dict[str, Any]:
    """The report as plain JSON types."""
    return {
        "by": report.by,
        "since": report.part.since.isoformat() if report.part.since else None,
        "until": report.part.until.isoformat() if report.part.until else None,
        "whole": [vars(one) for one in report.whole()],
        "groups": [
            {"code": line.code, "name": line.name, "clocks": [vars(one) for one in line.cells]}
            for line in report.lines()
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _report(request: HttpRequest) -> Report:
    return Report(user_of(request), request.GET, by=request.GET.get("by", "agent"))


def _ageing(request: HttpRequest) -> Ageing:
    given = request.GET
    return Ageing(
        user_of(request),
        band=given.get("band", ""),
        owner=given.get("owner", ""),
        level=given.get("level", ""),
    )
