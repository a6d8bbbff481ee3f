"""The pages of initiatives: parse, one verb or one queryset, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import RootCause
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.verify import initiatives, page
from voiceloop.server.verify.forms import PlanForm, StandardForm, StepForm
from voiceloop.server.verify.models import Initiative


def board(request: HttpRequest) -> HttpResponse:
    return render(request, "verify/initiatives.html", page.board(_visible(request), request.GET))


@requires("initiatives.edit")
def new(request: HttpRequest) -> HttpResponse:
    cause = _cause(request.GET.get("cause"))
    form = PlanForm(request.POST or None, user=user_of(request), initial=page.initial(cause, request.GET))
    if form.is_valid():
        made = initiatives.plan(by=user_of(request), **form.arguments)
        messages.success(request, _("Planned. The baseline was measured now."))
        return redirect("initiative", made.pk)
    context = {"form": form, "cause": cause, "room": "initiatives"}
    return render(request, "verify/initiative_new.html", context, status=422 if form.is_bound else 200)


def initiative(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "verify/initiative.html", page.context(_initiative(request, pk), user_of(request)))


@requires("initiatives.edit")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _initiative(request, pk)
    form = PlanForm(request.POST or None, user=user_of(request), initiative=found)
    if form.is_valid():
        initiatives.revise(found, by=user_of(request), **form.arguments)
        return redirect("initiative", pk)
    context = {"form": form, "initiative": found, "room": "initiatives"}
    return render(request, "verify/initiative_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("initiatives.edit")
def start(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, initiatives.start, _("Started."))


@require_POST
@requires("initiatives.edit")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, initiatives.check, _("Measured again."))


@require_POST
@requires("initiatives.edit")
def standardise(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, initiatives.standardise, _("It is the standard now."), StandardForm)


@require_POST
@requires("initiatives.edit")
def replan(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, initiatives.replan, _("Back to the plan, with a new baseline."))


@require_POST
@requires("initiatives.edit")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, initiatives.stop, _("Stopped. It can be planned again at any time."))


def _move(
    request: HttpRequest,
    pk: int,
    verb: Callable[..., Initiative],
    said: str,
    form_class: type[StepForm | StandardForm] = StepForm,
) -> HttpResponse:
    found, form = _initiative(request, pk), form_class(request.POST)
    if not form.is_valid():
        context = page.context(found, user_of(request), standard_form=form)
        return render(request, "verify/initiative.html", context, status=422)
    try:
        verb(found, by=request.user, **form.cleaned_data)
        messages.success(request, said)
    except initiatives.WrongStage:
        messages.error(request, _("Somebody moved it meanwhile. This is how it stands now."))
    return redirect("initiative", pk)


def _visible(request: HttpRequest) -> QuerySet[Any]:
    return page.for_rows(Initiative.objects.visible_to(request.user))


def _initiative(request: HttpRequest, pk: int) -> Initiative:
    found: Initiative = get_object_or_404(_visible(request), pk=pk)
    return found


def _cause(text: str | None) -> RootCause | None:
    known = text and text.isdigit() and len(text) < 10
    return RootCause.objects.filter(pk=int(text)).first() if text and known else None
