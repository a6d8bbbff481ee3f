"""Statements and checklist of a crisis: parse, one verb, back to the room."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.crisis import checklist, forms, statements, templates
from voiceloop.server.act.crisis.doors import led, statement_led, task_led, task_seen, user_of
from voiceloop.server.act.models import CrisisTemplate
from voiceloop.server.core.rights import requires


@requires("cases.assign")
def statement_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft, begun from a template."""
    found = led(request, pk)
    several = templates.of_kind(CrisisTemplate.Kind.STATEMENT)
    chosen = next((one for one in several if str(one.pk) == request.GET.get("template")), None)
    begun = {"text_zh": chosen.text_zh, "text_en": chosen.text_en} if chosen else {}
    form = forms.StatementForm(request.POST or None, initial=begun)
    if form.is_valid():
        statements.write(found, by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Written. It can be used once it is approved."))
        return redirect("crisis", pk)
    context = {"form": form, "crisis": found, "templates": several, "chosen": chosen, "room": "crises"}
    return render(request, "act/crisis/statement.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("cases.assign")
def statement_approve(request: HttpRequest, pk: int) -> HttpResponse:
    found = statements.approve(statement_led(request, pk), by=user_of(request))
    messages.success(request, _("Approved. Agents can put it into their replies now."))
    return redirect("crisis", found.crisis_id)


@require_POST
@requires("cases.assign")
def statement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = statements.withdraw(statement_led(request, pk), by=user_of(request))
    return redirect("crisis", found.crisis_id)


@require_POST
@requires("cases.assign")
def task_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = led(request, pk)
    form = forms.TaskForm(request.POST, crisis=found)
    if form.is_valid():
        checklist.add(found, by=user_of(request), **form.cleaned_data)
    else:
        messages.error(request, _("That was not understood. Nothing was changed."))
    return redirect("crisis", pk)


@requires("cases.assign")
def task_edit(request: HttpRequest, pk: int) -> HttpResponse:
    task = task_led(request, pk)
    kept: dict[str, Any] = {"text": str(task), "owner": task.owner_id}
    kept["due_at"] = localtime(task.due_at) if task.due_at else None
    form = forms.TaskForm(request.POST or None, crisis=task.crisis, initial=kept)
    if form.is_valid():
        checklist.change(task, by=user_of(request), **form.cleaned_data)
        return redirect("crisis", task.crisis_id)
    context = {"form": form, "task": task, "crisis": task.crisis, "room": "crises"}
    return render(request, "act/crisis/task.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("cases.work")
def task_tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or not done after all; by anybody whom the crisis concerns."""
    task = task_seen(request, pk)
    if task.crisis.is_live and request.POST.get("do") == "undo":
        checklist.undo(task, by=user_of(request))
    elif task.crisis.is_live:
        checklist.do(task, by=user_of(request), note=request.POST.get("note", ""))
    return redirect("crisis", task.crisis_id)


@require_POST
@requires("cases.assign")
def task_drop(request: HttpRequest, pk: int) -> HttpResponse:
    task = checklist.drop(task_led(request, pk), by=user_of(request))
    return redirect("crisis", task.crisis_id)
