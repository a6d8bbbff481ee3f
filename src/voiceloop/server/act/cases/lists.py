"""The list of cases, its filters, its export; many cases given to one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from voiceloop.server.act import routing
from voiceloop.server.act.cases import cases, export, forms, net, page
from voiceloop.server.act.cases.filters import CaseFilter
from voiceloop.server.act.cases.pages import KeyPages
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires

PER_PAGE = 50
PERIODS = (90, 180, 365)


@requires("cases.see")
def case_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    chosen = CaseFilter(request.GET, user=user)
    found = KeyPages(chosen.sorted(_visible(user)), PER_PAGE).get_page(request.GET.get("page"))
    for case in found:
        case.score = page.score_of(case)
    return render(request, "act/cases/list.html", _choices(user) | {"page": found, "chosen": chosen})


@requires("cases.see")
def export_cases(request: HttpRequest, form: str) -> HttpResponseBase:
    user: User = request.user  # type: ignore[assignment]
    rows = page.for_rows(CaseFilter(request.GET, user=user).sorted(_visible(user)))
    return export.answer(rows, form)


@requires("cases.see")
def recovery_report(request: HttpRequest) -> HttpResponse:
    """How many came back, beside how many would have without us."""
    user: User = request.user  # type: ignore[assignment]
    query = {"days": "180", **request.GET.dict()}
    context = {"report": net.report(user, query), "days": query["days"], "room": "cases"}
    context["periods"] = [(str(days), _("Last %(days)s days") % {"days": days}) for days in PERIODS]
    return render(request, "act/cases/recovery.html", context)


@require_POST
@requires("cases.assign")
def assign_many(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = forms.BulkForm(request.POST, user=user)
    if form.is_valid():
        _assign(request, **form.cleaned_data)
    else:
        messages.error(request, _("Choose cases and a person first."))
    return redirect(f"{request.POST.get('next') or '/cases/'}" if _is_here(request) else "/cases/")


def _assign(request: HttpRequest, to: User, case: QuerySet[Any]) -> None:
    able = [one for one in case if routing.candidates(one.unit).filter(pk=to.pk).exists()]
    for one in able:
        cases.assign(one, to=to, by=request.user)  # type: ignore[arg-type]
    n, left = len(able), len(case) - len(able)
    messages.success(
        request,
        ngettext("%(n)s case assigned to %(to)s.", "%(n)s cases assigned to %(to)s.", n) % {"n": n, "to": to},
    )
    if left:
        messages.warning(
            request, _("%(n)s left as they were: another branch answers for them.") % {"n": left}
        )


def _is_here(request: HttpRequest) -> bool:
    return request.POST.get("next", "").startswith("/cases/")


def _visible(user: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = Case.objects.visible_to(user)
    return rows


def _choices(user: User) -> dict[str, Any]:
    return {
        "owners": forms.takers(user),
        "causes": forms.grouped_causes()[1:],
        "units": forms.unit_choices(user),
        "assigns": user.may("cases.assign"),
    }
