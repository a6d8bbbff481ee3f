"""The page of promised callbacks: what is due, what comes, what was said."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases import callbacks
from voiceloop.server.act.cases.forms import CallbackForm
from voiceloop.server.act.cases.pages import KeyPages, counted
from voiceloop.server.act.models import Callback
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires

PER_PAGE = 50
TABS = ("due", "later", "done")


@requires("cases.see")
def callback_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    tab = request.GET.get("tab", "") if request.GET.get("tab") in TABS else "due"
    whose = request.GET.get("whose") or ("me" if user.role == "agent" else "all")
    mine = _mine(user, whose)
    order = "-done_at" if tab == "done" else "due_at"
    found = KeyPages(getattr(mine, tab)().order_by(order, "pk"), PER_PAGE, reads=_rows)
    return render(
        request,
        "act/cases/callbacks.html",
        {
            "page": found.get_page(request.GET.get("page")),
            "tab": tab,
            "whose": whose,
            "n_due": counted(mine.due()),
            "n_later": counted(mine.later()),
            "works": user.may("cases.work"),
        },
    )


@require_POST
@requires("cases.work")
def record(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    callback = get_object_or_404(_rows(Callback.objects.visible_to(user)), pk=pk)
    form = CallbackForm(request.POST)
    if form.is_valid():
        callback = callbacks.record(callback, by=user, **form.cleaned_data)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("case", callback.case_id)
    return _answer(request, callback, status=200 if form.is_valid() else 422)


def _answer(request: HttpRequest, callback: Callback, status: int) -> HttpResponse:
    context = {"callback": callback, "works": True, "just_done": True, "in_case": "in_case" in request.POST}
    response = render(request, "act/cases/_callback.html", context, status=status)
    said = {"toast": {"text": _said(callback), "level": "success"}} if status == 200 else {}
    response["HX-Trigger"] = json.dumps({"case-changed": callback.case_id, **said})
    return response


def _said(callback: Callback) -> str:
    if callback.done_at is None:
        return _("No reply. It is tried again in four hours.")
    return _("The case is open again.") if callback.result == "not_solved" else _("Recorded.")


def _mine(user: User, whose: str) -> Any:
    rows = Callback.objects.visible_to(user)
    return rows.filter(case__owner=user) if whose == "me" else rows


def _rows(calls: QuerySet[Any]) -> QuerySet[Any]:
    return calls.select_related("case__customer", "case__unit", "case__owner", "by")
