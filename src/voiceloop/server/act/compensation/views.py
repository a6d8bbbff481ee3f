"""The pages of the ledger and of the limits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases import remedies
from voiceloop.server.act.compensation import ledger, limits
from voiceloop.server.act.models import Remedy, SpendingLimit
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.models import Role, Unit, User
from voiceloop.server.core.rights import for_the_company, requires, user_of

PER_PAGE = 25
STATES = {
    "waiting": gettext_lazy("Waits for approval"),
    "given": gettext_lazy("Given"),
    "declined": gettext_lazy("Declined"),
    "reversed": gettext_lazy("Taken back"),
}
BY = {
    "unit": pgettext_lazy("organisation", "Unit"),
    "agent": gettext_lazy("Given by"),
    "kind": gettext_lazy("Remedy"),
    "month": gettext_lazy("Month"),
}


class LimitForm(forms.Form):
    whose = forms.ChoiceField(label=gettext_lazy("For"))
    each = forms.DecimalField(label=gettext_lazy("One gift at most (¥)"), min_value=0, max_value=1_000_000)
    month = forms.DecimalField(
        label=gettext_lazy("In a month at most (¥, empty: no budget)"),
        min_value=0,
        max_value=100_000_000,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = User.objects.filter(is_active=True).select_related("unit").order_by("name")
        roles = [(f"role:{code}", str(name)) for code, name in Role.choices]
        named = [(f"person:{one.pk}", f"{one} · {one.unit}") for one in people]
        self.fields["whose"].choices = [(_("Role"), roles), (_("Person"), named)]  # type: ignore[attr-defined]

    @property
    def arguments(self) -> dict[str, Any]:
        kind, _colon, key = self.cleaned_data["whose"].partition(":")
        whose = {"person": User.objects.get(pk=key)} if kind == "person" else {"role": key}
        return {**whose, "each": self.cleaned_data["each"], "month": self.cleaned_data["month"]}


@requires("cases.see")
def ledger_page(request: HttpRequest) -> HttpResponse:
    user, asked = user_of(request), ledger.Asked.of(request.GET)
    rows = ledger.lines(user, asked)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for line in page:
        line.state = ledger.state_of(line)
    context = {
        "page": page,
        "asked": asked,
        "total": ledger.total(rows),
        "sums": ledger.sums(rows, asked.by)[:12],
        "waiting": ledger.waiting(user)[:PER_PAGE],
        "n_waiting": ledger.waiting(user).count(),
        "states": STATES.items(),
        "groups": BY.items(),
        "kinds": Remedy.Kind.choices,
        "units": Unit.objects.visible_to(user).in_tree_order(),
        "assigns": user.may("cases.assign"),
        "standing": limits.standing(user),
        "edits": user.may("settings.edit"),
    }
    return render(request, "act/compensation/ledger.html", context)


@requires("cases.see")
def ledger_export(request: HttpRequest, form: str) -> HttpResponseBase:
    found = ledger.lines(user_of(request), ledger.Asked.of(request.GET))
    return spreadsheets.answer(ledger.rows_of(found), form, "compensation")


@require_POST
@requires("cases.assign")
def ledger_decide(request: HttpRequest, pk: int) -> HttpResponse:
    remedy = get_object_or_404(Remedy.objects.visible_to(user_of(request)), pk=pk)
    approved = request.POST.get("decision") == "approve"
    if approved and limits.standing(user_of(request)).over(remedy.amount):
        messages.error(request, _("This is above your own limit, too."))
        return redirect("ledger")
    remedies.decide(remedy, by=user_of(request), approved=approved)
    messages.success(request, _("Approved.") if approved else _("Declined."))
    return redirect("ledger")


@require_POST
@requires("cases.assign")
def ledger_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    remedy = get_object_or_404(Remedy.objects.visible_to(user_of(request)), pk=pk)
    note = request.POST.get("note", "").strip()[:4000]
    if not note:
        messages.error(request, _("Say why it is taken back."))
    else:
        remedies.reverse(remedy, by=user_of(request), note=note)
        messages.success(request, _("Taken back with a line of its own."))
    return redirect("ledger")


@for_the_company
@requires("settings.edit")
def limit_list(request: HttpRequest) -> HttpResponse:
    form = LimitForm(request.POST or None)
    if form.is_valid():
        limits.set_limit(by=user_of(request), **form.arguments)
        messages.success(request, _("Saved."))
        return redirect("limits")
    context = {
        "form": form,
        "limits": SpendingLimit.objects.select_related("person__unit"),
        "shipped": [(name, *limits.SHIPPED[code]) for code, name in Role.choices if code in limits.SHIPPED],
        "room": "ledger",
        "roles": dict(Role.choices),
    }
    return render(request, "act/compensation/limits.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_the_company
@requires("settings.edit")
def limit_remove(request: HttpRequest, pk: int) -> HttpResponse:
    limits.remove(get_object_or_404(SpendingLimit, pk=pk), by=user_of(request))
    messages.success(request, _("Taken away."))
    return redirect("limits")
