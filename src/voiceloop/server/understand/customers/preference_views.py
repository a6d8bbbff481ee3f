"""Preferences on the customer's page: parse, one verb, back to the page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from voiceloop.server.collect.models import Customer, Preference
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.understand.customers import preferences
from voiceloop.server.understand.customers.preference_forms import PreferenceForm


@require_http_methods(["GET", "POST"])
@requires("cases.work")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of its own, so that a refused form keeps what was typed."""
    customer = get_object_or_404(Customer.objects.visible_to(user_of(request)), pk=pk)
    form = PreferenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        preferences.add(customer, by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("customer", pk)
    context = {"customer": customer, "form": form, "room": "customers"}
    return render(request, "understand/customers/preference_form.html", context)


@require_POST
@requires("cases.work")
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    preference = _one(request, pk)
    given = request.POST.get("consent", "")
    if given in Preference.Consent.values:
        preferences.confirm(preference, by=user_of(request), consent=given)
        messages.success(request, _("Saved."))
    return redirect("customer", preference.customer_id)


@require_POST
@requires("cases.work")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    preference = preferences.withdraw(_one(request, pk), by=user_of(request))
    messages.success(request, _("Withdrawn; it can be brought back."))
    return redirect("customer", preference.customer_id)


@require_POST
@requires("cases.work")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    preference = preferences.restore(_one(request, pk), by=user_of(request))
    messages.success(request, _("Saved."))
    return redirect("customer", preference.customer_id)


def _one(request: HttpRequest, pk: int) -> Any:
    rows = Preference.objects.visible_to(user_of(request)).select_related("customer__unit")
    return get_object_or_404(rows, pk=pk)
