"""The Risk page: parse, one verb or one reading, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.analytics.value.rfm import KINDS
from voiceloop.analytics.value.stages import STAGES
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.rights import for_the_company, requires, user_of
from voiceloop.server.understand.risk import export, reading, tasks, verbs
from voiceloop.server.understand.risk_models import CustomerRisk

ROWS = 25
SNOOZES = {"0": 0, "7": 7, "30": 30, "90": 90}


@requires("customers.see")
def risks(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    chosen = reading.RiskFilter(request.GET, user=user)
    rows = chosen.of(reading.visible(user))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    for one in page:
        one.why = reading.reasons(one)  # type: ignore[attr-defined]  # for the template
        one.kind_name, one.stage_name = reading.kind_name(one.kind), reading.stage_name(one.stage)  # type: ignore[attr-defined]
    context = {"chosen": chosen, "page": page, "cloud": reading.cloud(rows), **_frame(user)}
    return render(request, "understand/risk.html", context)


@requires("measure.export")
def risks_export(request: HttpRequest) -> HttpResponseBase:
    user = user_of(request)
    return export.answer(reading.RiskFilter(request.GET, user=user).of(reading.visible(user)))


@require_POST
@requires("voice.teach")
@for_the_company
def refresh(request: HttpRequest) -> HttpResponse:
    """Not wait for the night."""
    tasks.queue()
    messages.success(request, _("Customers are being scored; this takes a minute or two."))
    return redirect("risks")


@require_POST
@requires("cases.work")
def start(request: HttpRequest) -> HttpResponse:
    """Outreach to the chosen customers."""
    pks = [int(pk) for pk in request.POST.getlist("customer") if pk.isdigit()]
    n = verbs.start(reading.visible(user_of(request)).filter(customer__in=pks), by=user_of(request))
    said = ngettext("Outreach started for %(n)s customer.", "Outreach started for %(n)s customers.", n)
    messages.success(request, said % {"n": n})
    return redirect(_back(request))


@require_POST
@requires("cases.work")
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    risk = get_object_or_404(reading.visible(user_of(request)), customer=pk)
    verbs.snooze(risk, by=user_of(request), days=SNOOZES.get(request.POST.get("days", ""), 30))
    messages.success(request, _("Saved."))
    return redirect(_back(request))


def _frame(user: User) -> dict[str, Any]:
    run = reading.newest_run()
    report = run.model.report if run and run.model else {}
    steps = (report.get("later") or report).get("calibration", [])
    return {
        "run": run,
        "report": report,
        "summary": reading.summary(user),
        "why_not": [one["zh" if _zh() else "en"] for one in run.why_not] if run else [],
        "moved": [(reading.column_name(d["column"]), d) for d in run.drift if d["verdict"] != "stable"]
        if run
        else [],
        "reliability": reading.reliability(steps) if steps else None,
        "reliability_table": reading.calibration_table(steps),
        "kinds": [(one.code, reading.kind_name(one.code)) for one in KINDS],
        "stages": [(one.code, reading.stage_name(one.code)) for one in STAGES],
        "bands": CustomerRisk.Band.choices,
        "units": Unit.objects.visible_to(user).order_by("path"),
        "works": user.may("cases.work"),
        "teaches": user.may("voice.teach"),
        "exports": user.may("measure.export"),
    }


def _zh() -> bool:
    return (get_language() or "zh").startswith("zh")


def _back(request: HttpRequest) -> str:
    next_ = request.POST.get("next", "")
    return next_ if url_has_allowed_host_and_scheme(next_, allowed_hosts=None) else "risks"
