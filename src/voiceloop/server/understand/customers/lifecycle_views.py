"""The lifecycle page and its rules: parse, one verb or one reading, render."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from voiceloop.server.collect.models import StageRules
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.understand.customers import lifecycle
from voiceloop.server.understand.customers import lifecycle_reading as reading

SHOWN = 12


class StageRulesForm(forms.Form):
    at_risk_days = forms.IntegerField(
        label=_lazy("Days without a purchase until at risk"), required=False, min_value=1, max_value=3650,
        help_text=_lazy("Both limits empty: as measured."),
    )  # fmt: skip
    lapsed_days = forms.IntegerField(
        label=_lazy("Days without a purchase until lapsed"), required=False, min_value=1, max_value=3650
    )
    regular_orders = forms.IntegerField(
        label=_lazy("Days with a purchase until regular"), min_value=2, max_value=1000, initial=4
    )
    note = forms.CharField(label=_lazy("Why (optional)"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            asked = (given["at_risk_days"], given["lapsed_days"], given["regular_orders"])
            try:
                lifecycle.check_rules(*asked)
            except lifecycle.NotPossible as error:
                raise forms.ValidationError(str(error)) from error
        return given


@requires("measure.see")
def stages(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = _report(request)
    more = {
        "windows": reading.WINDOWS,
        "units": reading.units(user),
        "option": reading.chart(found["trend"]),
        "table": reading.table(found["trend"]),
        "rules": lifecycle.rules_in_force(),
        "exports": user.may("measure.export"),
        "edits": user.may("settings.edit"),
        "opens": user.may("customers.see"),
        "room": "risks",
    }
    return render(request, "understand/customers/lifecycle.html", {**found, **more})


@requires("measure.export")
def stages_export(request: HttpRequest, form: str) -> HttpResponseBase:
    found = _report(request)
    return spreadsheets.answer(reading.rows_of_file(found), form, "lifecycle")


@require_http_methods(["GET", "POST"])
@requires("settings.edit")
def stage_rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, every version before, and a form for the next one."""
    form = StageRulesForm(request.POST or None, initial=_initial())
    if request.method == "POST" and form.is_valid():
        lifecycle.save_rules(by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Saved; it holds from the next night on."))
        return redirect("lifecycle")
    context = {
        "form": form,
        "versions": StageRules.objects.select_related("by")[:SHOWN],
        "run": lifecycle.newest_run(),
        "room": "risks",
    }
    return render(request, "understand/customers/lifecycle_rules.html", context)


def _initial() -> dict[str, Any]:
    rules = lifecycle.rules_in_force()
    names = ("at_risk_days", "lapsed_days", "regular_orders")
    return {name: getattr(rules, name) for name in names} if rules else {}


def _report(request: HttpRequest) -> dict[str, Any]:
    given = request.GET.get("days", "")
    window = int(given) if given.isdigit() and len(given) < 5 else 90
    return reading.report(user_of(request), window=window, unit=request.GET.get("unit", ""))
