"""Care for passives, links of promoters; a link's public page writes only when its button is pressed."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.growth import care, effects, sharing
from voiceloop.server.act.growth.forms import CareForm
from voiceloop.server.act.models import CareTask, ShareLink
from voiceloop.server.collect import limits
from voiceloop.server.collect.survey_visit import company_of
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires

PER_PAGE = 25
SALT = "share"
DAY = 86_400


@requires("cases.see")
def growth(request: HttpRequest) -> HttpResponse:
    user, tab = _user(request), request.GET.get("tab", "open")
    tab = tab if tab in effects.TABS else "open"
    found = Paginator(effects.TABS[tab](user), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "tab": tab,
        "page": found,
        "tabs": effects.counts(user),
        "effects": effects.effects(user),
    }
    context |= {"works": user.may("cases.work"), "results": CareTask.Result.choices}
    return render(request, "act/growth/growth.html", context)


@require_POST
@requires("cases.work")
def care_record(request: HttpRequest, pk: int) -> HttpResponse:
    task, form = _task(request, pk), CareForm(request.POST)
    if form.is_valid():
        care.finish(task, by=_user(request), **form.cleaned_data)
    return _answer(request, pk, status=200 if form.is_valid() else 422)


@require_POST
@requires("cases.work")
def care_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    care.reopen(_task(request, pk), by=_user(request))
    return _answer(request, pk)


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


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # behind LoginRequiredMiddleware


def _task(request: HttpRequest, pk: int) -> CareTask:
    found: CareTask = get_object_or_404(effects.tasks(_user(request)), pk=pk)
    return found


def _answer(request: HttpRequest, pk: int, status: int = 200) -> HttpResponse:
    """The line as it stands now for htmx, the list for a browser without."""
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        context = {"task": _task(request, pk), "works": True, "results": CareTask.Result.choices}
        return render(request, "act/growth/_care.html", context, status=status)
    if status != 200:
        messages.error(request, _("Choose how it went."))
    return redirect("growth")
