"""What customers were told and were not told, and where one order stands."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import Milestone
from voiceloop.server.act.status import effect, links, listing, milestones, refusing
from voiceloop.server.act.status.forms import ReportForm, soon
from voiceloop.server.act.status.kinds import CHOICES
from voiceloop.server.act.status.listing import Asked
from voiceloop.server.collect.models import Customer, Transaction
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.models import Unit
from voiceloop.server.core.rights import requires, user_of

PER_PAGE = 25


@requires("cases.see")
def notices(request: HttpRequest) -> HttpResponse:
    user, asked = user_of(request), Asked.of(request.GET)
    found = listing.rows(user, asked)
    context = {
        "asked": asked,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "counts": listing.counts(found),
        "effect": effect.of_delays(user),
        "kinds": CHOICES,
        "states": listing.states(),
        "days": listing.DAYS,
        "units": Unit.objects.visible_to(user).in_tree_order(),
        "exports": user.may("measure.export"),
    }
    return render(request, "act/status/list.html", context)


@requires("measure.export")
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    rows = listing.rows(user_of(request), Asked.of(request.GET))
    return spreadsheets.answer(listing.lines(rows), form, "status-messages")


@requires("customers.see")
def order_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an order stands, and the form in which somebody says what became of it."""
    order = _order(request, pk)
    form = ReportForm(request.POST or None, initial={"key": uuid4().hex, **soon()})
    if request.method == "POST" and not user_of(request).may("cases.work"):
        return HttpResponse(status=403)
    if form.is_valid():
        _one, is_new = milestones.report(order, said=form.report, by=user_of(request))
        said = _("Written down.") if is_new else _("That is known already.")
        messages.success(request, said)
        return redirect("order_status", pk)
    return render(
        request,
        "act/status/order.html",
        _of_order(request, order, form),
        status=422 if form.is_bound else 200,
    )


@require_POST
@requires("cases.work")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    one: Milestone = get_object_or_404(
        Milestone.objects.visible_to(user_of(request)).filter(order__isnull=False), pk=pk
    )
    in_time = milestones.withdraw(one, by=user_of(request))
    if in_time:
        messages.success(request, _("Taken back; the customer was not told."))
    else:
        messages.warning(request, _("Taken back; the customer had been told already."))
    return redirect("order_status", one.order_id)


@require_POST
@requires("cases.work")
def choice(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer said on the phone that they want no such messages, or want them again."""
    customer: Customer = get_object_or_404(Customer.objects.visible_to(user_of(request)), pk=pk)
    verb = refusing.want if request.POST.get("want") == "yes" else refusing.refuse
    verb(customer, by=user_of(request))
    messages.success(request, _("Saved."))
    return redirect("customer", pk)


def _order(request: HttpRequest, pk: int) -> Transaction:
    rows: Any = Transaction.objects.visible_to(user_of(request)).select_related("unit", "customer")
    found: Transaction = get_object_or_404(rows, pk=pk)
    return found


def _of_order(request: HttpRequest, order: Transaction, form: ReportForm) -> dict[str, Any]:
    user, every = user_of(request), Milestone.objects.filter(order=order).in_order()
    may_see = order.customer_id and Customer.objects.visible_to(user).filter(pk=order.customer_id).exists()
    return {
        "order": order,
        "form": form,
        "milestones": every.select_related("message", "by", "unit", "order"),
        "address": links.address_of(order),
        "customer": order.customer if may_see else None,
        "refuses": refusing.refuses(order.customer),
        "works": user.may("cases.work"),
        "room": "status_notices",
    }
