"""Steps across departments: the list of what was handed to us, one of them, and handing over from a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import Case, StepRun
from voiceloop.server.act.playbooks import handing
from voiceloop.server.act.playbooks.naming import title
from voiceloop.server.act.playbooks.views import own_step, user_of
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.rights import requires

PER_PAGE = 25
TABS = {"open": gettext_lazy("To do"), "returned": gettext_lazy("Given back"), "done": gettext_lazy("Done")}


class HandForm(forms.Form):
    """Any department may be asked for help: not only those below the reader."""

    unit = forms.ModelChoiceField(label=gettext_lazy("Department"), queryset=Unit.objects.none())
    what = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    hours = forms.FloatField(
        label=gettext_lazy("Within (working hours)"), min_value=0, max_value=500, initial=8, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = Unit.objects.in_tree_order()  # type: ignore[attr-defined]


def steps_of(user: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = StepRun.objects.handed_to(user)
    return rows.select_related("run__case", "run__unit", "run__version", "unit", "owner", "by")


@requires("cases.see")
def handed_list(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    order = ("-done_at",) if tab == "done" else ("due_at",)
    rows = steps_of(user_of(request)).filter(state=tab).order_by(*order, "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for step in page:
        step.name = title(step.action, step.params)
    context = {"page": page, "tab": tab, "tabs": TABS.items(), "works": user_of(request).may("cases.work")}
    return render(request, "act/playbooks/handed.html", context)


@requires("cases.see")
def handed(request: HttpRequest, pk: int) -> HttpResponse:
    """The step with as much of the case as the reader may see: the customer only where their page is open."""
    return render(request, "act/playbooks/handed_step.html", _context(request, _step(request, pk)))


@require_POST
@requires("cases.work")
def handed_take(request: HttpRequest, pk: int) -> HttpResponse:
    step = handing.take(_step(request, pk), by=user_of(request))
    mine = step.owner == request.user
    said = _("It is yours now.") if mine else _("%(name)s was faster.") % {"name": step.owner}
    messages.success(request, said)
    return redirect("handed", pk)


@require_POST
@requires("cases.work")
def handed_finish(request: HttpRequest, pk: int) -> HttpResponse:
    note = request.POST.get("note", "")[:4000]
    handing.finish(_step(request, pk), by=user_of(request), note=note)
    messages.success(request, _("Done. The case's owner sees it."))
    return redirect("handed_list")


@require_POST
@requires("cases.work")
def handed_return(request: HttpRequest, pk: int) -> HttpResponse:
    step, note = _step(request, pk), request.POST.get("note", "").strip()[:4000]
    if not note:
        context = _context(request, step) | {"missing": _("Say why you give it back.")}
        return render(request, "act/playbooks/handed_step.html", context, status=422)
    handing.give_back(step, by=user_of(request), note=note)
    messages.success(request, _("Given back to the case's owner."))
    return redirect("handed_list")


@requires("cases.work")
def case_hand(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(user_of(request)), pk=pk)
    form = HandForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        minutes = round(60 * (said["hours"] or 0))
        handing.hand(case, by=user_of(request), unit=said["unit"], what=said["what"], minutes=minutes)
        messages.success(request, _("Handed to %(unit)s.") % {"unit": said["unit"]})
        return redirect("case", pk)
    context = {"case": case, "form": form, "room": "cases"}
    return render(request, "act/playbooks/hand.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("cases.work")
def step_again(request: HttpRequest, pk: int) -> HttpResponse:
    step = own_step(request, pk)
    unit = Unit.objects.filter(code=request.POST.get("unit", "")).first() or step.unit
    if unit is not None:
        note = request.POST.get("note", "")[:4000]
        handing.hand_again(step, by=user_of(request), unit=unit, note=note)
    return redirect("case", step.run.case_id) if step.run.case_id else redirect("playbooks")


def _step(request: HttpRequest, pk: int) -> StepRun:
    found: StepRun = get_object_or_404(steps_of(user_of(request)), pk=pk)
    return found


def _context(request: HttpRequest, step: StepRun) -> dict[str, Any]:
    user, run = user_of(request), step.run
    customer = Customer.objects.visible_to(user).filter(pk=run.customer_id).first()
    return {
        "step": step,
        "name": title(step.action, step.params),
        "case": run.case,
        "customer": customer,
        "sees_case": run.case is not None and Case.objects.visible_to(user).filter(pk=run.case_id).exists(),
        "strip": handing.strip_of(run),
        "works": user.may("cases.work"),
        "room": "handed_list",
    }
