"""The pages of the tiers: parse, one verb or one reading, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.customers import tag_forms, tier_promises, tiers
from voiceloop.server.understand.customers.tags import Refused
from voiceloop.server.understand.tag_models import TierApplication, TierHold, TierScheme

ROOM = {"room": "tiers"}


@requires("customers.see")
def tier_list(request: HttpRequest) -> HttpResponse:
    user, scheme = user_of(request), tiers.scheme()
    held = TierHold.objects.visible_to(user).live().select_related("customer", "by").order_by("until")
    context = {
        "scheme": scheme,
        "steps": steps(scheme, user),
        "others": others(scheme, user),
        "last": TierApplication.objects.order_by("-pk").first(),
        "held": held[:50],
        "edits": _edits(user),
    }
    return render(request, "understand/customers/tiers.html", context | ROOM)


@requires("settings.edit")
def tier_edit(request: HttpRequest) -> HttpResponse:
    """One form: a button adds a tier, takes one away, or saves."""
    scheme, fault = tiers.scheme(), ""
    rows, measure = scheme.steps, scheme.measure
    if request.method == "POST":
        rows, measure = tag_forms.steps_of(request.POST), request.POST.get("measure", "")
        fault = _save(request, measure, rows) if request.POST.get("do") == "save" else ""
        if request.POST.get("do") == "save" and not fault:
            return redirect("tiers")
    context = {"rows": list(enumerate(rows)), "measure": measure, "measures": TierScheme.Measure.choices}
    more = {"fault": fault, "scheme": scheme, **ROOM}
    return render(
        request, "understand/customers/tier_form.html", context | more, status=422 if fault else 200
    )


@requires("settings.edit")
def tier_dry(request: HttpRequest) -> HttpResponse:
    """Who would go up and down; nothing is changed by looking."""
    scheme = tiers.scheme()
    plan = tiers.plan(scheme)
    context = {"scheme": scheme, "plan": plan, "matrix": matrix(scheme, plan), **ROOM}
    return render(request, "understand/customers/tier_dry.html", context)


@require_POST
@requires("settings.edit")
def tier_apply(request: HttpRequest) -> HttpResponse:
    tiers.queue()
    messages.success(request, _("The tiers are being applied; this takes a minute at most."))
    return redirect("tiers")


@require_POST
@requires("settings.edit")
def tier_switch(request: HttpRequest) -> HttpResponse:
    made = tiers.switch(by=user_of(request), is_active=request.POST.get("is_active") == "1")
    on, off = _("On: applied every night from now on."), _("Off: tiers stay as they are.")
    messages.success(request, on if made.is_active else off)
    return redirect("tiers")


@require_POST
@requires("settings.edit")
def tier_undo(request: HttpRequest) -> HttpResponse:
    newest = TierApplication.objects.order_by("-pk").first()
    try:
        n = tiers.undo(newest, by=user_of(request)) if newest else 0
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("tiers")
    said = ngettext(
        "Undone for %(n)s customer. The nightly application is off.",
        "Undone for %(n)s customers. The nightly application is off.",
        n,
    )
    messages.success(request, said % {"n": n})
    return redirect("tiers")


@require_POST
@requires("cases.assign")
def tier_hold(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(user_of(request)), pk=pk)
    form = tag_forms.HoldForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(tag_forms.first_fault(form))
        tiers.hold(customer, by=user_of(request), **form.cleaned_data)
        messages.success(request, _("The tier is kept."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("customer", pk)


@require_POST
@requires("cases.assign")
def tier_release(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(TierHold.objects.visible_to(user_of(request)).live(), customer=pk)
    tiers.release(held, by=user_of(request))
    messages.success(request, _("The tier is no longer kept."))
    return redirect("customer", pk)


def steps(scheme: TierScheme, user: User) -> list[dict[str, Any]]:
    """Each tier with its name, how many of the reader's customers have it, and what it is promised."""
    n, promised = _counts(user), tier_promises.of([step["code"] for step in scheme.steps])
    return [
        {
            **step,
            "called": scheme.names[step["code"]],
            "n": n.get(step["code"], 0),
            "promises": promised[step["code"]],
        }
        for step in scheme.steps
    ]


def others(scheme: TierScheme, user: User) -> list[dict[str, Any]]:
    """Tiers that customers have and the scheme does not know, such as those of an import."""
    known = scheme.names
    rows = ((code, n) for code, n in sorted(_counts(user).items()) if code not in known)
    return [{"code": code, "called": label("tier", code) if code else "", "n": n} for code, n in rows]


def matrix(scheme: TierScheme, plan: tiers.Plan) -> dict[str, Any]:
    """From which tier to which, highest first."""
    after = [*(code for code in scheme.names), *sorted({a for _b, a in plan.moves} - set(scheme.names))]
    before = [*(code for code in scheme.names), *sorted({b for b, _a in plan.moves} - set(scheme.names))]
    named = {
        code: scheme.names.get(code) or (label("tier", code) if code else "") for code in {*after, *before}
    }
    rows = [
        {"name": named[b], "cells": [{"n": plan.moves[b, a], "same": a == b} for a in after]}
        for b in before
        if any(plan.moves[b, a] for a in after)
    ]
    return {"head": [named[code] for code in after], "rows": rows}


def _counts(user: User) -> dict[str, int]:
    rows = Customer.objects.visible_to(user).order_by().values("tier").annotate(n=Count("pk"))
    return dict(rows.values_list("tier", "n"))


def _save(request: HttpRequest, measure: str, rows: list[dict[str, Any]]) -> str:
    try:
        tiers.save(by=user_of(request), measure=measure, steps=rows)
    except Refused as refused:
        return str(refused)
    messages.success(request, _("Saved. Look at the dry run before you apply it."))
    return ""


def _edits(user: User) -> bool:
    return user.may("settings.edit")
