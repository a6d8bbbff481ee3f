"""The pages of the rules: the list, one rule with its dry run, and the buttons on them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.anticipation import listing, page, rules, trials
from voiceloop.server.act.anticipation.forms import AnticipationRuleForm, DaysForm
from voiceloop.server.act.anticipation.kinds import Refused
from voiceloop.server.act.models import AnticipationRule
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import for_the_company, requires, user_of

ROOM = {"room": "anticipation"}


@requires("cases.see")
def rule_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    context = {
        "rules": page.listed(user),
        "archived": listing.rules_of(user).exclude(archived_at=None),
        "kinds": AnticipationRule.Kind.choices,
        "missing": rules.missing(user.unit),
        "edits": _edits(user),
        "n_days": page.SHOWN_DAYS,
    }
    return render(request, "act/anticipation/rules.html", context | ROOM)


@requires("cases.see")
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """The rule and its newest dry run; the part of the dry run alone while it is being counted."""
    found = _rule(request, pk)
    context = _of_rule(found, user_of(request))
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return render(request, "act/anticipation/_trial.html", context)
    return render(request, "act/anticipation/rule.html", context)


@for_the_company
@requires("settings.edit")
def rule_new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in AnticipationRule.Kind.values:
        raise Http404
    user = user_of(request)
    return _edited(request, AnticipationRule(kind=kind, unit=user.unit), None)


@for_the_company
@requires("settings.edit")
def rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _rule(request, pk)
    return _edited(request, found, found)


@require_POST
@for_the_company
@requires("settings.edit")
def rule_try(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _rule(request, pk), DaysForm(request.POST)
    if form.is_valid():
        trials.start(found, by=user_of(request), days=form.cleaned_data["days"])
    else:
        messages.error(request, _("Choose how many days of history are looked at."))
    return redirect("anticipation_rule", pk)


@require_POST
@for_the_company
@requires("settings.edit")
def rule_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On, off, into the archive or back, as the button says."""
    found, user = _rule(request, pk), user_of(request)
    do = request.POST.get("do", "")
    try:
        if do in ("on", "off"):
            rules.switch(found, by=user, on=do == "on")
        elif do in ("archive", "restore"):
            (rules.archive if do == "archive" else rules.restore)(found, by=user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = {
            "on": _("On. Proposals come within the hour."),
            "off": _("Off. What it proposed stays to be decided."),
            "archive": _("Archived. It can be brought back."),
            "restore": _("Brought back, switched off."),
        }
        if do in said:
            messages.success(request, said[do])
    return redirect("anticipation_rules") if do == "archive" else redirect("anticipation_rule", pk)


@require_POST
@for_the_company
@requires("settings.edit")
def rules_start(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    assert user.unit is not None, "who may edit the settings has a unit"
    rules.starter(user.unit, by=user)
    messages.success(request, _("The shipped rules are there, switched off: try each on your own history."))
    return redirect("anticipation_rules")


def _rule(request: HttpRequest, pk: int) -> AnticipationRule:
    rows = AnticipationRule.objects.visible_to(user_of(request)).select_related("unit")
    found: AnticipationRule = get_object_or_404(rows, pk=pk)
    return found


def _edits(user: User) -> bool:
    return user.may("settings.edit") and user.is_of_the_company


def _of_rule(found: AnticipationRule, user: User) -> dict[str, Any]:
    newest = trials.newest(found)
    return page.trial_page(newest, found) | ROOM | {
        "rule": found,
        "said": page.in_words(found),
        "is_tried": trials.is_tried(found),
        "days_form": DaysForm(initial={"days": newest.days if newest else 90}),
        "edits": _edits(user),
    }  # fmt: skip


def _edited(request: HttpRequest, shown: AnticipationRule, kept: AnticipationRule | None) -> HttpResponse:
    user = user_of(request)
    form = AnticipationRuleForm(request.POST or None, rule=shown, user=user)
    if form.is_valid():
        was_on = bool(kept and kept.is_on)
        try:
            made = rules.save(kept, by=user, **form.arguments)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            _say_saved(request, was_on, made)
            return redirect("anticipation_rule", made.pk)
    context = {"form": form, "rule": shown, "is_new": kept is None} | ROOM
    return render(request, "act/anticipation/rule_form.html", context, status=422 if form.is_bound else 200)


def _say_saved(request: HttpRequest, was_on: bool, made: AnticipationRule) -> None:
    if was_on and not made.is_on:
        said = _("Saved, and switched off: these numbers have not been tried yet. Make a dry run first.")
        messages.warning(request, said)
    else:
        messages.success(request, _("Saved."))
