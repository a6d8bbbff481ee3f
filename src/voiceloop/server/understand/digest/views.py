"""The digest's pages: read a week, take it along, have it mailed, name who answers, leave by a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.collect import tokens
from voiceloop.server.collect.views_leaving import for_anybody, leave_page
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.understand.digest import mailing, paper, slides, subscribing, words
from voiceloop.server.understand.digest.compose import Digest, compose
from voiceloop.server.understand.digest.forms import NoteForm, OwnerForm, SubscriptionForm
from voiceloop.server.understand.digest.weeks import Week
from voiceloop.server.understand.digest_models import DigestMail, DigestSubscription

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
FILES: Mapping[str, tuple[str, Callable[[Digest], bytes]]] = {
    "pdf": ("application/pdf", paper.pdf),
    "pptx": (SLIDES, slides.deck),
}


@requires("measure.see")
def digest(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = _asked(request)
    people = User.objects.visible_to(user).filter(is_active=True).order_by("name", "username")
    context: dict[str, Any] = {
        "digest": found,
        "week": found.week,
        "title": words.title(found),
        "period": words.period(found),
        "headline": words.headline(found),
        "units": Unit.objects.visible_to(user).in_tree_order(),
        "moves": [(move, words.moved(move)) for move in found.moves],
        "before": [(one, words.became(one)) for one in found.before],
        "footnote": paper.footnote(found),
        "people": people[:200],
        "may_export": user.may("measure.export"),
        "may_name": user.may("voice.correct"),
        "may_work": user.may("cases.work"),
        "may_see_cases": user.may("cases.see"),
        "room": "voice",
    }
    return render(request, "understand/digest.html", context)


@requires("measure.export")
def file(request: HttpRequest, kind: str) -> HttpResponse:
    found = _asked(request)
    content_type, make = FILES[kind]
    answer = HttpResponse(make(found), content_type=content_type)
    said = quote(mailing.filename(found, kind))
    answer["Content-Disposition"] = f"attachment; filename=\"digest.{kind}\"; filename*=UTF-8''{said}"
    return answer


@requires("measure.see")
def mails(request: HttpRequest) -> HttpResponse:
    """One's own subscriptions, and the log of what came of them."""
    user = user_of(request)
    initial = {"unit": user.unit, "language": user.language or "zh-hans"}
    form = SubscriptionForm(request.POST or None, by=user, initial=initial)
    if form.is_valid():
        subscribing.subscribe(user, by=user, **form.arguments())
        messages.success(request, _("You will receive the digest."))
        return redirect("digest_mails")
    rows = DigestSubscription.objects.visible_to(user)
    log = DigestMail.objects.filter(subscription__in=rows).select_related("subscription__unit")
    context = {
        "form": form,
        "subscriptions": rows.running().select_related("unit"),
        "log": log.defer("letter", "paper").order_by("-due_at")[:30],
        "email": user.email,
        "room": "voice",
    }
    return render(request, "understand/digest_mails.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("measure.see")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    subscribing.leave(get_object_or_404(DigestSubscription.objects.visible_to(user), pk=pk), by=user)
    messages.success(request, _("You will receive no more of these mails."))
    return redirect("digest_mails")


@for_anybody
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link of a mail ends these mails, without signing in."""
    pk = tokens.read(token, purpose=mailing.LEAVE)
    found = DigestSubscription.objects.filter(pk=pk).select_related("unit", "user").first() if pk else None
    if found is None:
        return leave_page("unknown")
    if request.method == "POST":
        subscribing.leave(found)
    left = request.method == "POST" or found.ended_at is not None
    name = _("Weekly digest of %(unit)s") % {"unit": found.unit}
    return leave_page("left" if left else "asked", name)


@require_POST
@requires("voice.correct")
def owner(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form, unit = OwnerForm(request.POST, by=user), _unit(request, request.POST.get("of", ""))
    if form.is_valid():
        subscribing.name_owner(unit, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect(_back(request, unit))


@require_POST
@requires("voice.correct")
def note(request: HttpRequest) -> HttpResponse:
    form, unit = NoteForm(request.POST), _unit(request, request.POST.get("of", ""))
    if form.is_valid():
        week = Week.of(request.POST.get("about_week") or request.POST.get("week"))
        subscribing.note(unit, week=week, by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect(_back(request, unit))


def _back(request: HttpRequest, unit: Unit) -> str:
    return f"{reverse('digest')}?week={Week.of(request.POST.get('week'))}&of={unit.code}"


def _asked(request: HttpRequest) -> Digest:
    unit = _unit(request, request.GET.get("of", ""))
    return compose(user_of(request), unit, Week.of(request.GET.get("week")))


def _unit(request: HttpRequest, code: str) -> Unit:
    """A unit that the reader may see; unsaid, their own."""
    user = user_of(request)
    units = Unit.objects.visible_to(user)
    return get_object_or_404(units, code=code) if code else get_object_or_404(units, pk=user.unit_id)
