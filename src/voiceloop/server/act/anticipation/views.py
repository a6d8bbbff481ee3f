"""The pages of anticipation: parse, one verb or one reading, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from voiceloop.server.act.anticipation import listing, proposals, results
from voiceloop.server.act.anticipation.forms import DismissalForm
from voiceloop.server.act.anticipation.kinds import Refused
from voiceloop.server.act.models import AnticipationRule, OutreachProposal
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.models import Unit
from voiceloop.server.core.rights import requires, user_of

PER_PAGE = 25


@requires("cases.see")
def anticipation(request: HttpRequest) -> HttpResponse:
    user, asked = user_of(request), listing.Asked.of(request.GET)
    found = listing.rows(user, asked)
    rules = listing.rules_of(user)
    context = {
        "asked": asked,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "rules": rules.live(),
        "n_on": rules.on().count(),
        "kinds": AnticipationRule.Kind.choices,
        "states": OutreachProposal.State.choices,
        "units": Unit.objects.visible_to(user).in_tree_order(),
        "dismissal": DismissalForm(),
        "reasons": OutreachProposal.Reason.choices,
        "undone": _just_dismissed(request),
        "works": user.may("cases.work"),
        "edits": user.may("settings.edit"),
        "exports": user.may("measure.export"),
    }
    return render(request, "act/anticipation/list.html", context)


@requires("measure.export")
def anticipation_export(request: HttpRequest, form: str) -> HttpResponseBase:
    found = listing.rows(user_of(request), listing.Asked.of(request.GET))
    return spreadsheets.answer(listing.of_file(found), form, "anticipation")


@require_POST
@requires("cases.work")
def anticipation_accept(request: HttpRequest) -> HttpResponse:
    """A case for each of the chosen customers."""
    pks = [pk for pk in request.POST.getlist("proposal") if pk.isascii() and pk.isdigit() and len(pk) < 16]
    chosen = OutreachProposal.objects.visible_to(user_of(request)).filter(pk__in=pks).order_by("expires_at")
    done = proposals.accept_all(chosen, by=user_of(request))
    _say_accepted(request, done)
    if len(done.cases) == 1 and not done.n_late:
        return redirect("case", done.cases[0].pk)
    return redirect(_back(request))


@require_POST
@requires("cases.work")
def anticipation_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _proposal(request, pk), DismissalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reason."))
        return redirect(_back(request))
    try:
        proposals.dismiss(found, by=user_of(request), **form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(_back(request))
    return redirect(f"{reverse('anticipation')}?dismissed={found.pk}")


@require_POST
@requires("cases.work")
def anticipation_restore(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        proposals.restore(_proposal(request, pk), by=user_of(request))
        messages.success(request, _("Taken back: it is to be decided again."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("anticipation")


@requires("cases.see")
def anticipation_results(request: HttpRequest) -> HttpResponse:
    user, asked = user_of(request), listing.Asked.of(request.GET)
    given = request.GET.get("days", "")
    days = int(given) if given in map(str, results.DAYS) else 90
    found = results.results(user, days=days, rule=asked.rule)
    context = {
        "found": found,
        "states": [(state.label, found["states"][state]) for state in OutreachProposal.State],
        "n": sum(found["states"].values()),
        "lines": _lines(found),
        "groups": [(name, found["groups"][code]) for code, (name, _of) in results.GROUPS.items()],
        "asked": asked,
        "days": days,
        "several": results.DAYS,
        "rules": listing.rules_of(user),
        "room": "anticipation",
    }
    return render(request, "act/anticipation/results.html", context)


def _lines(found: dict[str, Any]) -> list[dict[str, Any]]:
    """One line an outcome: its share on each side, and the difference."""
    return [
        {
            "said": said,
            "sides": [found["groups"][code][name] for code in results.GROUPS],
            "difference": found["differences"][name],
        }
        for name, said in results.OUTCOMES.items()
    ]


def _proposal(request: HttpRequest, pk: int) -> OutreachProposal:
    rows = OutreachProposal.objects.visible_to(user_of(request)).select_related("rule", "customer", "unit")
    found: OutreachProposal = get_object_or_404(rows, pk=pk)
    return found


def _just_dismissed(request: HttpRequest) -> OutreachProposal | None:
    """What this person dismissed a moment ago, so that it can be taken back at once."""
    pk, user = request.GET.get("dismissed", ""), user_of(request)
    if not (pk.isascii() and pk.isdigit() and len(pk) < 16):
        return None
    mine = OutreachProposal.objects.visible_to(user).filter(state="dismissed", decided_by=user, pk=pk)
    found: OutreachProposal | None = mine.select_related("customer", "rule").first()
    return found


def _say_accepted(request: HttpRequest, done: proposals.Accepted) -> None:
    n = len(done.cases)
    if n:
        said = ngettext("%(n)s case is open.", "%(n)s cases are open.", n)
        messages.success(request, said % {"n": n})
    if done.n_late:
        late = ngettext(
            "%(n)s proposal was over already: the customer was faster, or somebody had decided.",
            "%(n)s proposals were over already: the customer was faster, or somebody had decided.",
            done.n_late,
        )
        messages.warning(request, late % {"n": done.n_late})
    if not n and not done.n_late:
        messages.error(request, _("Choose at least one proposal."))


def _back(request: HttpRequest) -> str:
    next_ = request.POST.get("next", "")
    return next_ if url_has_allowed_host_and_scheme(next_, allowed_hosts=None) else "anticipation"
