"""Care for passives, links of promoters; a link's public page writes only when its button is pressed."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.growth import ambassadors, care, effects, sharing
from voiceloop.server.act.growth.forms import CareForm
from voiceloop.server.act.models import Ambassador, CareTask, ShareLink
from voiceloop.server.collect import limits
from voiceloop.server.collect.models import Customer
from voiceloop.server.collect.survey_visit import company_of
from voiceloop.server.core.rights import requires, user_of

PER_PAGE = 25
SALT = "share"
DAY = 86_400


@requires("cases.see")
def growth(request: HttpRequest) -> HttpResponse:
    user, tab = user_of(request), request.GET.get("tab", "open")
    tab = tab if tab in effects.TABS else "open"
    found = Paginator(effects.TABS[tab](user), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "tab": tab,
        "page": found,
        "tabs": effects.counts(user),
        "effects": effects.effects(user),
    }
    if tab == "ambassadors":
        context["candidates"] = ambassadors.candidates(user)[:PER_PAGE]
        context["hows"] = Ambassador.How.choices[1:]
    if tab in ("open", "due"):
        for task in found:
            _propose(task)
    context |= {"works": user.may("cases.work"), **_choices()}
    return render(request, "act/growth/growth.html", context)


@require_POST
@requires("cases.work")
def care_record(request: HttpRequest, pk: int) -> HttpResponse:
    task, form = _task(request, pk), CareForm(request.POST)
    if form.is_valid():
        care.finish(task, by=user_of(request), **form.cleaned_data)
    return _answer(request, pk, status=200 if form.is_valid() else 422)


@require_POST
@requires("cases.work")
def care_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    care.reopen(_task(request, pk), by=user_of(request))
    return _answer(request, pk)


@require_POST
@requires("cases.work")
def care_offer(request: HttpRequest, pk: int) -> HttpResponse:
    task, given = _task(request, pk), request.POST.get("offer", "")
    if given in CareTask.Offer.values:
        care.offer(task, by=user_of(request), offer=given)
    return _answer(request, pk, status=200 if given in CareTask.Offer.values else 422)


@require_POST
@requires("cases.work")
def ambassador_join(request: HttpRequest, pk: int) -> HttpResponse:
    """An agent writes down that a customer agreed, and how; their own button needs no agent."""
    customer = get_object_or_404(Customer.objects.visible_to(user_of(request)), pk=pk, opted_out_at=None)
    how = request.POST.get("how", "")
    if how in (Ambassador.How.PHONE, Ambassador.How.WRITING):
        ambassadors.join(customer, how=how, by=user_of(request))
        messages.success(request, _("On the list of ambassadors."))
    else:
        messages.error(request, _("Choose how they agreed."))
    return redirect("/growth/?tab=ambassadors")


@require_POST
@requires("cases.work")
def ambassador_leave(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Ambassador.objects.visible_to(user_of(request)), pk=pk)
    ambassadors.leave(one, by=user_of(request))
    messages.success(request, _("Off the list of ambassadors."))
    return redirect("/growth/?tab=ambassadors")


@login_not_required
def ambassador_page(request: HttpRequest, token: str) -> HttpResponse:
    """The customer's own page: one button agrees, another one takes it back; looking changes nothing."""
    customer = ambassadors.customer_of(token)
    if customer is None or limits.is_over(f"ip{request.META.get('REMOTE_ADDR')}"):
        raise Http404
    if request.POST.get("answer") == "yes":
        ambassadors.join(customer, how=Ambassador.How.LINK)
    one = Ambassador.objects.filter(customer=customer, ended_at=None).first()
    if request.POST.get("answer") == "no" and one:
        ambassadors.leave(one)
        one = None
    context = {"company": company_of(customer.unit_id), "one": one, "asked": request.method == "POST"}
    return render(request, "act/growth/ambassador.html", context)


@login_not_required
def share(request: HttpRequest, code: str) -> HttpResponse:
    if limits.is_over(f"ip{request.META.get('REMOTE_ADDR')}"):
        return HttpResponse(status=429)
    link = get_object_or_404(ShareLink.objects.select_related("unit"), code=code)
    visitor = _visitor(request, link)
    if visitor:
        sharing.recommend(link, visitor=visitor)
    token = signing.dumps([link.pk, secrets.token_urlsafe(12)], salt=SALT)
    context = {"company": company_of(link.unit_id), "said": bool(visitor), "token": token}
    return render(request, "act/growth/share.html", context)


def _visitor(request: HttpRequest, link: ShareLink) -> str:
    """The opened page's own number, hashed: no cookie follows anybody, and two clicks count once."""
    try:
        given: Any = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=DAY)
    except signing.BadSignature:
        return ""
    return hashlib.sha256(given[1].encode()).hexdigest()[:40] if given[0] == link.pk else ""


def _task(request: HttpRequest, pk: int) -> CareTask:
    found: CareTask = get_object_or_404(effects.tasks(user_of(request)), pk=pk)
    return found


def _choices() -> dict[str, Any]:
    return {"results": CareTask.Result.choices, "offers": CareTask.Offer.choices}


def _propose(task: CareTask) -> CareTask:
    """With the offer that fits what the customer missed."""
    labels = [one for words in task.response.verbatims.all() for one in words.annotations.all()]
    task.fits = care.proposal({one.label for one in labels if one.kind == "reason"})  # type: ignore[attr-defined]
    return task


def _answer(request: HttpRequest, pk: int, status: int = 200) -> HttpResponse:
    """The line as it stands now for htmx, the list for a browser without."""
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        context = {"task": _propose(_task(request, pk)), "works": True, **_choices()}
        return render(request, "act/growth/_care.html", context, status=status)
    if status != 200:
        messages.error(request, _("Choose how it went."))
    return redirect("growth")
