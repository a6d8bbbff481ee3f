"""Customers: found by an exact phone, address, number or name; each with one page."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases import contacts
from voiceloop.server.collect import invitations
from voiceloop.server.collect.models import Customer
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.web import customer_list, customer_page
from voiceloop.server.web.customer_list import CustomerFilter

SHOWN = 50


@requires("customers.see")
def customers(request: HttpRequest) -> HttpResponse:
    user, chosen = user_of(request), CustomerFilter(request.GET)
    page = Paginator(chosen.of(user), SHOWN).get_page(request.GET.get("page"))
    customer_list.dressed(list(page.object_list))
    context = {
        "chosen": chosen,
        "page": page,
        "works": user.may("cases.work"),
        "exports": user.may("measure.export"),
        "today": localdate(),
        **customer_list.choices(user),
    }
    return render(request, "web/customers.html", context)


@requires("measure.export")
def customers_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as it is narrowed, as a file."""
    rows = CustomerFilter(request.GET).of(user_of(request))
    return spreadsheets.answer(customer_list.lines(rows), form, "customers")


@requires("customers.see")
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    return render(
        request, "web/customer.html", customer_page.context(_customer(request, pk), user_of(request))
    )


@require_POST
@requires("cases.work")
def show_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone number and address in full; that somebody looked is written down."""
    shown = contacts.show(_customer(request, pk), by=user_of(request))
    return render(request, "web/customer.html#contact", {"customer": shown, "shown": True, "works": True})


@require_POST
@requires("cases.work")
def opt_out(request: HttpRequest, pk: int) -> HttpResponse:
    invitations.opt_out(customer=_customer(request, pk))
    messages.success(request, _("No more surveys will be sent to this customer."))
    return redirect("customer", pk)


def _customer(request: HttpRequest, pk: int) -> Customer:
    found: Customer = get_object_or_404(Customer.objects.visible_to(user_of(request)), pk=pk)
    return found
