"""The pages of cases and callbacks: parse, one verb or one queryset, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases import cases, grading, page, remedies
from voiceloop.server.act.cases.answers import answer, case_of, user_of
from voiceloop.server.act.cases.forms import OpenForm, form_of
from voiceloop.server.act.casework import guard, undoing
from voiceloop.server.act.compensation import limits
from voiceloop.server.act.models import Case, Remedy
from voiceloop.server.act.playbooks import checklist
from voiceloop.server.act.threads import threads
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import Event
from voiceloop.server.core.rights import requires

Verb = Callable[..., Any]


@requires("cases.see")
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "act/cases/case.html", page.context(case_of(request, pk), user_of(request)))


@require_POST
@requires("cases.work")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "contact", threads.talk)


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
    case, by = case_of(request, pk), user_of(request)
    undoing.do(case, by=by, name="resume", act=lambda: cases.resume(case, by=by))
    deed = undoing.last(case, by=by)
    return answer(request, case_of(request, pk), said=_("The case goes on."), deed=deed)


@require_POST
@requires("cases.work")
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "grade", grading.grade, done=_("Set. The clocks follow its promises."))


@require_POST
@requires("cases.work")
def escalate(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "escalate", cases.escalate, done=_("Handed up."))


@require_POST
@requires("cases.assign")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "assign", cases.assign, done=_("Assigned."))


@require_POST
@requires("cases.work")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    case, by = case_of(request, pk), user_of(request)
    undoing.do(case, by=by, name="claim", act=lambda: cases.claim(case, by=by))
    mine = case.owner == by
    said = _("It is yours now.") if mine else _("%(name)s was first.") % {"name": case.owner}
    return answer(request, case, said=said, deed=undoing.last(case, by=by) if mine else None)


@require_POST
@requires("cases.work")
def step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    case = case_of(request, pk)
    item = next((one for one in checklist.items(case) if one.key == code), None)
    if item is None:
        raise Http404
    params = item.action.Params
    form = form_of(params)({**item.step.params, **request.POST.dict()}, auto_id=f"step-{code}-%s")
    if not form.is_valid():
        return answer(request, case, status=422, step_form=form, step_code=code)
    checklist.do(case, step=code, by=user_of(request), params=params(**form.cleaned_data))
    return answer(request, case_of(request, pk))


@require_POST
@requires("cases.assign")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    remedy = get_object_or_404(Remedy.objects.visible_to(user_of(request)), pk=pk)
    approved = request.POST.get("decision") == "approve"
    if approved and limits.standing(user_of(request)).over(remedy.amount):
        return answer(request, case_of(request, remedy.case_id), said=_("This is above your own limit, too."))
    remedies.decide(remedy, by=user_of(request), approved=approved)
    return answer(request, case_of(request, remedy.case_id))


@requires("cases.work")
def open_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(user_of(request)), pk=pk)
    form = OpenForm(request.POST or None)
    if form.is_valid():
        opened = cases.open(customer, by=user_of(request), **form.cleaned_data)
        return redirect("case", opened.pk)
    status = 422 if form.is_bound else 200
    return render(request, "act/cases/open.html", {"customer": customer, "form": form}, status=status)


@require_POST
@requires("cases.work")
def open_for_response(request: HttpRequest, pk: int) -> HttpResponse:
    """From a comment to its case: the one it has, or one that is now the reader's."""
    response = get_object_or_404(Response.objects.visible_to(request.user), pk=pk)
    return redirect("case", cases.take_up(response, by=user_of(request)).pk)


def _act(request: HttpRequest, pk: int, name: str, act: Verb, done: str = "", **more: Any) -> HttpResponse:
    """One dialog's form to one verb; a refused form comes back open, as does one that others overtook."""
    case = case_of(request, pk)
    form = page.DIALOGS[name](request.POST, case=case)
    news = _news(request, case, name)
    if not form.is_valid() or news:
        refused: dict[str, Any] = {"opened": name, f"{name}_form": form, "news": news}
        return answer(request, case, status=422, **refused)
    given, by = form.cleaned_data, user_of(request)
    undoing.do(case, by=by, name=name, act=lambda: act(case, by=by, **given))
    deed = undoing.last(case, by=by) if name in undoing.NAMES else None
    return answer(request, case_of(request, pk), said=done, deed=deed, did=name, **more)


def _news(request: HttpRequest, case: Case, name: str) -> list[Event]:
    if name not in guard.GUARDED:
        return []
    return guard.since(case, seen=request.POST.get("version", ""), user=user_of(request))
