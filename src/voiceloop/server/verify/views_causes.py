"""The pages of root causes: which patterns there are, and one click to do something about one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.knowledge import causes as verbs
from voiceloop.server.act.models import RootCause
from voiceloop.server.core.models import Unit
from voiceloop.server.core.rights import for_the_company, requires, user_of
from voiceloop.server.verify import pattern_page
from voiceloop.server.verify.forms import CauseForm
from voiceloop.server.verify.patterns import DEFAULT_DAYS, PERIODS, Window


@requires("cases.see")
def causes(request: HttpRequest) -> HttpResponse:
    return render(request, "verify/causes.html", pattern_page.overview(_window(request), user_of(request)))


@requires("cases.see")
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(RootCause, pk=pk)
    return render(request, "verify/cause.html", pattern_page.one(found, _window(request), user_of(request)))


@requires("initiatives.edit")
@for_the_company
def add(request: HttpRequest) -> HttpResponse:
    form = CauseForm(request.POST or None)
    if form.is_valid():
        made = verbs.add(by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Added: %(cause)s") % {"cause": made})
        return redirect("causes")
    context: dict[str, Any] = {"form": form, "room": "causes"}
    return render(request, "verify/cause_form.html", context, status=422 if form.is_bound else 200)


@requires("initiatives.edit")
@for_the_company
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(RootCause, pk=pk)
    now = {"group": found.group, "name": found.name, "name_en": found.name_en}
    form = CauseForm(request.POST or None, initial=now)
    if form.is_valid():
        verbs.rename(found, by=user_of(request), **form.cleaned_data)
        return redirect("cause", pk)
    context = {"form": form, "cause": found, "room": "causes"}
    return render(request, "verify/cause_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("initiatives.edit")
@for_the_company
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The same button takes a cause out of use and back."""
    found = get_object_or_404(RootCause, pk=pk)
    (verbs.restore if request.POST.get("do") == "restore" else verbs.archive)(found, by=user_of(request))
    said = _("Out of use: %(cause)s") if found.archived_at else _("In use again: %(cause)s")
    messages.success(request, said % {"cause": found})
    return redirect("cause", pk)


def _window(request: HttpRequest) -> Window:
    """Unknown values fall back to what is shown by default."""
    user, days, code = user_of(request), request.GET.get("days", ""), request.GET.get("unit")
    unit = Unit.objects.visible_to(user).filter(code=code).first() if code else None
    return Window(user, int(days) if days.isdigit() and int(days) in PERIODS else DEFAULT_DAYS, unit)
