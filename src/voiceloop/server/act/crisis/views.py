"""The pages of crises: parse, one verb or one queryset, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.crisis import crises, forms, page
from voiceloop.server.act.crisis.doors import led, seen, user_of
from voiceloop.server.act.models import Crisis
from voiceloop.server.core.rights import requires

PER_PAGE = 25


@requires("cases.see")
def crisis_list(request: HttpRequest) -> HttpResponse:
    context = page.overview(user_of(request))
    context["page"] = Paginator(context["over"], PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "act/crisis/list.html", context)


@requires("cases.see")
def crisis(request: HttpRequest, pk: int) -> HttpResponse:
    return _room(request, seen(request, pk))


@requires("cases.see")
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of the room that may have changed; nothing when none did."""
    found = seen(request, pk)
    if request.GET.get("seen") == page.version(found):
        return HttpResponse(status=204)
    return render(request, "act/crisis/_live.html", page.live(found, user_of(request)))


@requires("cases.assign")
def new(request: HttpRequest) -> HttpResponse:
    form = forms.OpenCrisisForm(request.POST or None, user=user_of(request))
    if form.is_valid():
        made = crises.open_by_hand(by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Opened. The people in charge are told."))
        return redirect("crisis", made.pk)
    context = {"form": form, "room": "crises"}
    return render(request, "act/crisis/new.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("cases.assign")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    crises.confirm(led(request, pk), by=user_of(request))
    return redirect("crisis", pk)


@require_POST
@requires("cases.assign")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, led(request, pk), forms.WhyForm(request.POST), crises.dismiss)


@require_POST
@requires("cases.assign")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, led(request, pk), forms.WhyForm(request.POST), crises.reopen)


@require_POST
@requires("cases.assign")
def give(request: HttpRequest, pk: int) -> HttpResponse:
    found = led(request, pk)
    return _act(request, found, forms.OwnerForm(request.POST, crisis=found), crises.give)


@require_POST
@requires("cases.assign")
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, led(request, pk), forms.LevelForm(request.POST), crises.grade)


@require_POST
@requires("cases.assign")
def name(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, led(request, pk), forms.NameForm(request.POST), crises.name)


@require_POST
@requires("cases.work")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, seen(request, pk), forms.CrisisNoteForm(request.POST), crises.note)


@requires("cases.assign")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What was learned; saving it closes the crisis."""
    found = led(request, pk)
    kept = getattr(found, "review", None)
    form = forms.ReviewForm(request.POST or None, initial=kept.lines() if kept else {})
    if form.is_valid():
        crises.close(found, by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Closed with its review."))
        return redirect("crisis", pk)
    context = page.live(found, user_of(request)) | {"form": form}
    return render(request, "act/crisis/review.html", context, status=422 if form.is_bound else 200)


def _act(
    request: HttpRequest, found: Crisis, form: django_forms.Form, verb: Callable[..., Any]
) -> HttpResponse:
    if not form.is_valid():
        messages.error(request, _("That was not understood. Nothing was changed."))
    else:
        verb(found, by=user_of(request), **form.cleaned_data)
    return redirect("crisis", found.pk)


def _room(request: HttpRequest, found: Crisis) -> HttpResponse:
    user = user_of(request)
    context: dict[str, Any] = page.context(found, user)
    if context["leads"]:
        context |= {
            "owner_form": forms.OwnerForm(crisis=found),
            "level_form": forms.LevelForm(initial={"level": found.level}),
            "name_form": forms.NameForm(initial={"title": found.title}),
            "why_form": forms.WhyForm(),
            "task_form": forms.TaskForm(crisis=found),
        }
    return render(request, "act/crisis/crisis.html", context)
