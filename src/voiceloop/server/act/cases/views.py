"""The pages of cases and callbacks: parse, one verb or one queryset, render."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases import cases, grading, page, remedies
from voiceloop.server.act.cases.forms import OpenForm, form_of
from voiceloop.server.act.models import Case, Remedy
from voiceloop.server.act.playbooks import checklist
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires

Verb = Callable[..., Any]


@requires("cases.see")
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "act/cases/case.html", page.context(_case(request, pk), _user(request)))


@require_POST
@requires("cases.work")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "contact", cases.contact)


@require_POST
@requires("cases.work")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "note", cases.note)


@require_POST
@requires("cases.work")
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "resolve", cases.resolve, done=_("Resolved. Three callbacks are promised."))


@require_POST
@requires("cases.work")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "reopen", cases.reopen)


@require_POST
@requires("cases.work")
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "pause", cases.pause, done=_("Paused. The clocks stand still."))


@require_POST
@requires("cases.work")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    cases.resume(_case(request, pk), by=_user(request))
    return answer(request, _case(request, pk))


@require_POST
@requires("cases.work")
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "grade", grading.grade, done=_("Set. The clocks follow its promises."))


@require_POST
@requires("cases.work")
def escalate(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "escalate", cases.escalate)


@require_POST
@requires("cases.assign")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    before = _case(request, pk).owner
    return _act(request, pk, "assign", cases.assign, done=_("Assigned."), owner_before=before)


@require_POST
@requires("cases.work")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    case = cases.claim(_case(request, pk), by=_user(request))
    mine = case.owner == request.user
    said = _("It is yours now.") if mine else _("%(name)s was faster.") % {"name": case.owner}
    return answer(request, case, said=said)


@require_POST
@requires("cases.work")
def step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    case = _case(request, pk)
    item = next((one for one in checklist.items(case) if one.key == code), None)
    if item is None:
        raise Http404
    params = item.action.Params
    form = form_of(params)({**item.step.params, **request.POST.dict()}, auto_id=f"step-{code}-%s")
    if not form.is_valid():
        return answer(request, case, status=422, step_form=form, step_code=code)
    checklist.do(case, step=code, by=_user(request), params=params(**form.cleaned_data))
    return answer(request, _case(request, pk))


@require_POST
@requires("cases.assign")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    remedy = get_object_or_404(Remedy.objects.visible_to(_user(request)), pk=pk)
    remedies.decide(remedy, by=_user(request), approved=request.POST.get("decision") == "approve")
    return answer(request, _case(request, remedy.case_id))


@requires("cases.work")
def open_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(_user(request)), pk=pk)
    form = OpenForm(request.POST or None)
    if form.is_valid():
        opened = cases.open(customer, by=_user(request), **form.cleaned_data)
        return redirect("case", opened.pk)
    status = 422 if form.is_bound else 200
    return render(request, "act/cases/open.html", {"customer": customer, "form": form}, status=status)


@require_POST
@requires("cases.work")
def open_for_response(request: HttpRequest, pk: int) -> HttpResponse:
    """From a comment to its case: the one it has, or one that is now the reader's."""
    response = get_object_or_404(Response.objects.visible_to(request.user), pk=pk)
    return redirect("case", cases.take_up(response, by=_user(request)).pk)


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # behind LoginRequiredMiddleware


def _case(request: HttpRequest, pk: int) -> Case:
    found: Case = get_object_or_404(page.for_rows(Case.objects.visible_to(_user(request))), pk=pk)
    return found


def _act(request: HttpRequest, pk: int, name: str, act: Verb, done: str = "", **more: Any) -> HttpResponse:
    """One dialog's form to one verb; a refused form comes back open."""
    case = _case(request, pk)
    form = page.DIALOGS[name](request.POST, case=case)
    if not form.is_valid():
        refused: dict[str, Any] = {"opened": name, f"{name}_form": form}
        return answer(request, case, status=422, **refused)
    act(case, by=request.user, **form.cleaned_data)
    return answer(request, _case(request, pk), said=done, did=name, **more)


def answer(request: HttpRequest, case: Case, status: int = 200, said: str = "", **more: Any) -> HttpResponse:
    """The changed case: its part of the page for htmx, the whole page for a browser without."""
    if not request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        if status == 200:
            return redirect("case", case.pk)
        return render(
            request, "act/cases/case.html", page.context(case, _user(request), **more), status=status
        )
    context = page.context(case, _user(request), **more)
    response = render(request, "act/cases/_case.html", context, status=status)
    response["HX-Trigger"] = json.dumps(
        {"case-changed": case.pk} | ({"toast": {"text": said, "level": "success"}} if said else {})
    )
    return response
