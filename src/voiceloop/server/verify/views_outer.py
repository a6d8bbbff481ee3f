"""The outer loop: from a pattern to an initiative with one click, from an initiative to what is learned."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import Crisis, RootCause
from voiceloop.server.core.models import Unit
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.verify import beginning, suggestions, training
from voiceloop.server.verify.forms import TrainingForm
from voiceloop.server.verify.models import Initiative, TrainingItem
from voiceloop.server.verify.patterns import DEFAULT_DAYS, PERIODS, Window


@require_POST
@requires("initiatives.edit")
def of_cause(request: HttpRequest, pk: int) -> HttpResponse:
    cause = get_object_or_404(RootCause, pk=pk)
    days = request.POST.get("days", "")
    window = Window(user_of(request), int(days) if days.isdigit() and int(days) in PERIODS else DEFAULT_DAYS)
    return _begun(request, beginning.of_cause(cause, window))


@require_POST
@requires("initiatives.edit")
def of_crisis(request: HttpRequest, pk: int) -> HttpResponse:
    crisis = get_object_or_404(Crisis.objects.visible_to(user_of(request)), pk=pk)
    return _begun(request, beginning.of_crisis(crisis, user_of(request)))


@require_POST
@requires("initiatives.edit")
def of_cases(request: HttpRequest) -> HttpResponse:
    texts = request.POST.getlist("case")[: beginning.MOST_CASES]
    keys = [int(text) for text in texts if text.isdigit() and len(text) < 18]
    name = request.POST.get("name", "")[:100]
    return _begun(request, beginning.of_cases(name, keys, user_of(request), suggestions.DAYS))


@requires("cases.see")
def suggested(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    tree = Unit.objects.visible_to(user).in_tree_order()
    unit = tree.filter(code=request.GET.get("unit", "")).first()
    context = {
        "found": suggestions.suggested(user, unit),
        "unit": unit,
        "tree": tree,
        "edits": user.may("initiatives.edit"),
        "days": suggestions.DAYS,
        "room": "causes",
    }
    return render(request, "verify/suggestions.html", context)


def training_list(request: HttpRequest) -> HttpResponse:
    lines = training.for_me(user_of(request))
    return render(
        request, "verify/training.html", {"lines": lines, "edits": user_of(request).may("initiatives.edit")}
    )


@require_POST
def learn(request: HttpRequest, pk: int) -> HttpResponse:
    training.learn(
        get_object_or_404(TrainingItem.objects.visible_to(user_of(request)), pk=pk), by=user_of(request)
    )
    messages.success(request, _("Noted: you have learned it."))
    return redirect("training")


@require_POST
@requires("initiatives.edit")
def training_archive(request: HttpRequest, pk: int) -> HttpResponse:
    rows = TrainingItem.objects.changeable_by(user_of(request))
    training.archive(get_object_or_404(rows, pk=pk), by=user_of(request))
    return redirect("training")


@requires("initiatives.edit")
def training_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begun from the initiative: its title and what it wants."""
    found = get_object_or_404(Initiative.objects.visible_to(user_of(request)), pk=pk)
    form = TrainingForm(request.POST or None, initial={"title": found.title, "text": found.goal})
    if form.is_valid():
        training.give(by=user_of(request), initiative=found, **form.cleaned_data)
        messages.success(request, _("Given to the front line of %(unit)s.") % {"unit": found.unit})
        return redirect("initiative", pk)
    context = {"form": form, "initiative": found, "room": "initiatives"}
    return render(request, "verify/training_new.html", context, status=422 if form.is_bound else 200)


def _begun(request: HttpRequest, start: beginning.Start) -> HttpResponse:
    made = beginning.begin(start, by=user_of(request))
    messages.success(request, _("Planned with its cases and a baseline. Change the plan as you like."))
    return redirect("initiative", made.pk)
