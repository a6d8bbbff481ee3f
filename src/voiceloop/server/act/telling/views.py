"""The pages of “You said, we did”: the list, a draft with its preview and its readers, and who was told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import Telling, Told
from voiceloop.server.act.telling import raisers, tellings
from voiceloop.server.act.telling.forms import TellingForm, name_of
from voiceloop.server.core.rights import requires, user_of

PER_PAGE = 25


@requires("cases.see")
def telling_list(request: HttpRequest) -> HttpResponse:
    told = Count("told", filter=Q(told__held_back_by=""))
    rows = Telling.objects.visible_to(user_of(request)).select_related("by", "unit").annotate(n_told=told)
    page = Paginator(rows.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.about = name_of(one)
    return render(request, "act/telling/list.html", {"page": page, "tells": _tells(request)})


@requires("cases.assign")
def telling_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    user = user_of(request)
    found = get_object_or_404(Telling.objects.visible_to(user), pk=pk, state="draft") if pk else None
    form = TellingForm(request.POST or None, user=user, initial=_initial(request, found))
    if form.is_valid():
        kept = (
            tellings.change(found, **form.arguments) if found else tellings.draft(by=user, **form.arguments)
        )
        return redirect("telling", kept.pk)
    context = {"form": form, "telling": found, "room": "tellings"}
    return render(request, "act/telling/form.html", context, status=422 if form.is_bound else 200)


@requires("cases.see")
def telling(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Telling.objects.visible_to(user_of(request)).select_related("unit", "by"), pk=pk)
    told = one.told.select_related("customer", "message").order_by("held_back_by", "pk")
    draft = one.state == Telling.State.DRAFT
    n_done = one.told.count()
    context = {
        "telling": one,
        "about": name_of(one),
        "preview": tellings.preview(one).items(),
        "counts": raisers.counts(one) if draft else _counted(one),
        "held": Told.Held.choices,
        "page": Paginator(told, PER_PAGE).get_page(request.GET.get("page")),
        "progress": {"done": n_done, "total": one.n_total, "label": _("Writing to customers")},
        "tells": _tells(request),
        "room": "tellings",
    }
    fragment = request.htmx and one.state != "draft"  # type: ignore[attr-defined]  # set by HtmxMiddleware
    page = "act/telling/_told.html" if fragment else "act/telling/telling.html"
    return render(request, page, context)


@require_POST
@requires("cases.assign")
def telling_send(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Telling.objects.visible_to(user_of(request)), pk=pk)
    tellings.send(one, by=user_of(request))
    messages.success(request, _("It is being sent."))
    return redirect("telling", pk)


def _initial(request: HttpRequest, found: Telling | None) -> dict[str, Any]:
    """A page of a theme, cause or initiative may say what it is about."""
    if found is None:
        names = ("about", "said", "did", "since", "until")
        return {name: request.GET[name] for name in names if request.GET.get(name)}
    kept = ("since", "until", "rest_days", "said", "said_en", "did", "did_en")
    return {"about": f"{found.kind}:{found.subject}", **{name: getattr(found, name) for name in kept}}


def _counted(one: Telling) -> dict[str, int]:
    rows = one.told.order_by().values_list("held_back_by").annotate(n=Count("pk"))
    found = dict(rows)
    return {
        "n": sum(found.values()),
        "told": found.get("", 0),
        **{code: n for code, n in found.items() if code},
    }


def _tells(request: HttpRequest) -> bool:
    return user_of(request).may("cases.assign")
