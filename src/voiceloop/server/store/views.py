"""Erasing a customer, and the receipts of those who were erased."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.store import erasure, receipts
from voiceloop.server.store.models import Erasure

PER_PAGE = 50


@require_POST
@requires("customers.erase")
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(erasure.erasable_by(user_of(request)), pk=pk)
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Nothing was erased: tick the box to confirm."))
        return redirect("customer", pk)
    made = erasure.erase(customer, by=user_of(request), reason=request.POST.get("reason", "").strip())
    messages.success(request, _("The customer was erased. This is the receipt."))
    return redirect("erasure", made.pk)


@requires("audit.see")
def erasures(request: HttpRequest) -> HttpResponse:
    visible = Erasure.objects.visible_to(user_of(request)).select_related("by", "unit").order_by("-pk")
    page = Paginator(visible, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "store/erasures.html", {"page": page})


@requires("audit.see")
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Erasure.objects.visible_to(user_of(request)).select_related("by", "unit")
    return render(request, "store/erasure.html", receipts.context(get_object_or_404(visible, pk=pk)))
