"""The pages about drivers: parse, one reading, render."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from voiceloop.server.core import spreadsheets
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.understand.drivers import claiming, costing, files, page, pictures, reading


@requires("measure.see")
def drivers(request: HttpRequest) -> HttpResponse:
    return render(request, "understand/drivers.html", page.context(user_of(request), request.GET))


@requires("measure.export")
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    part, question = reading.slice_of(user_of(request), request.GET), reading.outcome_of(request.GET)
    found, fault = page.tried(part, question, page.efforts(request.GET))
    if found is None:
        return HttpResponse(fault, status=422, content_type="text/plain; charset=utf-8")
    return files.MAKERS[kind](found, part)


@requires("measure.see")
def cost(request: HttpRequest) -> HttpResponse:
    user, asked = user_of(request), costing.Asked.of(request.GET)
    part = reading.slice_of(user, request.GET, "all")
    found, fault = page.read(lambda: costing.costs(part, asked))
    context = page.common(user, part, "detractor_cost") | {"asked": asked, "windows": costing.WINDOWS}
    context["kept"] = [(name, request.GET[name]) for name in ("window", "contact") if request.GET.get(name)]
    context["may_export"] = user.may("measure.export")
    if found:
        context |= {"found": found, "chart": pictures.cost(found), "rows": costing.named(found)}
    return render(request, "understand/detractor_cost.html", context | {"fault": fault})


@requires("measure.export")
def cost_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    part, asked = reading.slice_of(user_of(request), request.GET, "all"), costing.Asked.of(request.GET)
    found, fault = page.read(lambda: costing.costs(part, asked))
    if found is None:
        return HttpResponse(fault, status=422, content_type="text/plain; charset=utf-8")
    return spreadsheets.answer(files.cost_lines(found, part, asked), kind, "detractor-cost")


@requires("measure.see")
def claims(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    part = reading.slice_of(user, request.GET, "all")
    found = claiming.lines(part)
    context = page.common(user, part, "claims") | {"lines": found, "chart": pictures.claims(found)}
    context |= {"starts": user.may("initiatives.edit"), "may_export": user.may("measure.export")}
    return render(request, "understand/claims.html", context)


@requires("measure.export")
def claims_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    part = reading.slice_of(user_of(request), request.GET, "all")
    return spreadsheets.answer(claiming.for_a_file(claiming.lines(part)), kind, "claims")


@requires("measure.see")
def delights(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    part = reading.slice_of(user, request.GET, reading.LONG_DAYS)
    found, fault = page.read(lambda: reading.delights_of(part))
    rows = [(label("segment", one.segment), label("reason", one.reason), one) for one in found or ()]
    context = page.common(user, part, "delights") | {"rows": rows, "fault": fault}
    return render(request, "understand/delights.html", context)


@requires("measure.see")
def misfits(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    part = reading.slice_of(user, request.GET, "all")
    found, fault = page.read(lambda: reading.fit_of(part))
    rows = [(_where(one.where), one) for one in found.misfits] if found else []
    context = page.common(user, part, "misfits") | {"found": found, "rows": rows, "fault": fault}
    return render(request, "understand/misfits.html", context)


def _where(where: dict[str, str]) -> str:
    return " · ".join(f"{dimension_label(name)}: {label(name, code)}" for name, code in where.items())
