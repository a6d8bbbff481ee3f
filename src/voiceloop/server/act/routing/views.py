"""The pages of routing: who is there, what somebody can do, my own status, the green channel."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from voiceloop.server.act.routing import green, page, people, presence, skills
from voiceloop.server.act.routing.forms import GreenForm, ProfileForm, StatusForm
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import for_the_company, requires, user_of

PER_PAGE, QUEUE = 50, 10


@requires("cases.assign")
def team(request: HttpRequest) -> HttpResponse:
    only = request.GET.get("only", "")
    rows = page.team(user_of(request), only=only)
    waiting = page.queued(user_of(request))
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "tiles": page.tiles(page.team(user_of(request)) if only else rows),
        "only": only,
        "groups": skills.groups()[:1],
        "languages": [(f"language:{code}", skills.language_name(code)) for code in skills.LANGUAGES[:2]],
        "queue": waiting[:QUEUE],
        "n_queue": waiting.count(),
        "rule": green.rule(),
        "edits_rule": user_of(request).may("settings.edit"),
    }
    return render(request, "act/routing/team.html", context)


@requires("cases.assign")
def matrix(request: HttpRequest) -> HttpResponse:
    """Everybody's skills side by side, each a choice that is kept at once."""
    groups = skills.groups()
    rows = page.team(user_of(request))
    found = Paginator(rows, 20).get_page(request.GET.get("page"))
    context = {"groups": groups, "page": found, "levels": skills.LEVELS, "room": "routing_team"}
    return render(request, "act/routing/matrix.html", context)


@require_POST
@requires("cases.assign")
def skill(request: HttpRequest, pk: int) -> HttpResponse:
    """One cell of the matrix."""
    person = _taker(request, pk)
    code, level = request.POST.get("skill", ""), request.POST.get("level", "")
    if code not in skills.known() or level not in ("0", "1", "2", "3"):
        return HttpResponse(status=422)
    people.set_skill(person, skill=code, level=int(level), by=user_of(request))
    return HttpResponse(status=204) if request.htmx else redirect("routing_matrix")  # type: ignore[attr-defined]


@requires("cases.assign")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    who = _taker(request, pk)
    form = ProfileForm(request.POST or None, profile=people.profile_of(who))
    if form.is_valid():
        people.save_profile(who, by=user_of(request), **form.values)
        messages.success(request, _("Saved."))
        return redirect("routing_team")
    context = {"person": who, "form": form, "profile": people.profile_of(who), "room": "routing_team"}
    return render(request, "act/routing/person.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("cases.work")
def my_status(request: HttpRequest) -> HttpResponse:
    """I am here, busy, away or off: one click."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    moved = presence.change(user_of(request), to=form.cleaned_data["status"], by=user_of(request))
    if not request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        if _told(moved):
            messages.success(request, _told(moved))
        return redirect(request.headers.get("referer") or "workbench")
    answer = render(request, "act/routing/_status.html", {"profile": people.profile_of(user_of(request))})
    return _with_toast(answer, _told(moved))


@require_POST
@requires("cases.assign")
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """A lead says it for somebody who forgot."""
    who, form = _taker(request, pk), StatusForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    moved = presence.change(who, to=form.cleaned_data["status"], by=user_of(request))
    messages.success(request, _told(moved) or _("Saved."))
    return redirect("routing_team")


@for_the_company
@requires("settings.edit")
def green_rule(request: HttpRequest) -> HttpResponse:
    form = GreenForm(request.POST or None, rule=green.rule())
    if form.is_valid():
        green.save_rule(by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Saved. The clocks of open cases are read anew."))
        return redirect("routing_team")
    context = {"form": form, "promises": green.promises(), "room": "routing_team"}
    return render(request, "act/routing/green.html", context, status=422 if form.is_bound else 200)


def _taker(request: HttpRequest, pk: int) -> User:
    found: User = get_object_or_404(page.takers(user_of(request)), pk=pk)
    return found


def _told(moved: presence.Moved) -> str:
    """What the change did to cases, "" for nothing."""
    if moved.taken:
        n = moved.taken
        return ngettext("%(n)s case came from the queue.", "%(n)s cases came from the queue.", n) % {"n": n}
    if moved.returned:
        n = moved.returned
        return ngettext(
            "%(n)s case that is due soon went back to the queue.",
            "%(n)s cases that are due soon went back to the queue.",
            n,
        ) % {"n": n}
    return ""


def _with_toast(answer: HttpResponse, text: str) -> HttpResponse:
    told = {"toast": {"text": text, "level": "info"}} if text else {}
    answer["HX-Trigger"] = json.dumps({"case-changed": 0} | told)
    return answer
