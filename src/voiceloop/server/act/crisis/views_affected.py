"""Those who are affected: the list, the file, cases and messages for all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.crisis import affected, crises, listing, runs
from voiceloop.server.act.crisis.doors import led, seen, user_of
from voiceloop.server.act.models import Case
from voiceloop.server.core.rights import requires

PER_PAGE = 50


@requires("customers.see")
def affected_list(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = seen(request, pk), user_of(request)
    rows = affected.customers_of(found).visible_to(user).select_related("unit").order_by("pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = listing.context(found, page, user) | {"room": "crises"}
    return render(request, "act/crisis/affected.html", context)


@requires("customers.see")
def export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    return listing.answer(seen(request, pk), user_of(request), form)


@require_POST
@requires("cases.assign")
def open_cases(request: HttpRequest, pk: int) -> HttpResponse:
    runs.open_cases(led(request, pk), by=user_of(request))
    messages.success(request, _("Cases are being opened; the log says when all are."))
    return redirect("crisis", pk)


@requires("cases.assign")
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is reached and who is not and why, before anything leaves."""
    found = led(request, pk)
    usable = [one for one in found.statements.order_by("-pk") if one.is_usable]
    chosen = next((one for one in usable if str(one.pk) == request.POST.get("statement")), None)
    if request.method == "POST" and chosen:
        runs.write_to_all(found, statement=chosen, by=user_of(request))
        messages.success(request, _("The messages are being written; the log says when all are."))
        return redirect("crisis", pk)
    context: dict[str, Any] = {
        "crisis": found,
        "statements": usable,
        "reach": runs.reach(found),
        "room": "crises",
    }
    return render(request, "act/crisis/message.html", context, status=422 if request.POST else 200)


@require_POST
@requires("cases.work")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    case = _case(request)
    if case and crises.link(found, cases=[case], by=user_of(request)):
        messages.success(request, _("Case #%(number)s belongs to the crisis now.") % {"number": case.pk})
    elif not case:
        messages.error(request, _("No case has this number."))
    return redirect("crisis", pk)


@require_POST
@requires("cases.assign")
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    found = led(request, pk)
    case = get_object_or_404(
        Case.objects.visible_to(user_of(request)), crisis_links__crisis=found, **_number(request)
    )
    crises.unlink(found, case=case, by=user_of(request))
    return redirect("crisis", pk)


def _case(request: HttpRequest) -> Case | None:
    found: Case | None = Case.objects.visible_to(user_of(request)).filter(**_number(request)).first()
    return found


def _number(request: HttpRequest) -> dict[str, int]:
    text = request.POST.get("case", "").strip().lstrip("#")
    return {"pk": int(text) if text.isdigit() and len(text) < 18 else 0}
