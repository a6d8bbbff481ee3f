"""The pages of busy queues: what is so now, who was pointed elsewhere, what is set, and a sheet to print."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import Case, OverflowRule, SelfServicePage
from voiceloop.server.act.overflow import diverting, listing, queues, rules
from voiceloop.server.act.overflow.forms import OverflowForm, PageForm
from voiceloop.server.act.overflow.listing import Asked
from voiceloop.server.collect import links
from voiceloop.server.collect.survey_visit import CSP, company_of, frame
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.rights import requires, user_of

PER_PAGE = 25


@requires("cases.see")
def overflow(request: HttpRequest) -> HttpResponse:
    user, asked = user_of(request), Asked.of(request.GET)
    found = listing.rows(user, asked)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.outcome_label = listing.OUTCOMES[one.outcome]
    unit = user.unit
    context = {
        "asked": asked,
        "page": page,
        "share": listing.share(found),
        "queues": [_queue(unit, channel) for channel in OverflowRule.Channel] if unit else [],
        "pages": rules.pages_for(unit) if unit else [],
        "channels": OverflowRule.Channel.choices,
        "outcomes": listing.OUTCOMES.items(),
        "days": listing.DAYS,
        "units": Unit.objects.visible_to(user).in_tree_order(),
        "exports": user.may("measure.export"),
        "works": user.may("cases.work"),
    }
    return render(request, "act/overflow/list.html", context)


@requires("measure.export")
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    rows = listing.rows(user_of(request), Asked.of(request.GET))
    return spreadsheets.answer(listing.lines(rows), form, "diversions")


@require_POST
@requires("cases.work")
def send(request: HttpRequest) -> HttpResponse:
    """To the customer of a case, who is on the phone right now."""
    number = request.POST.get("case", "").strip().lstrip("#")
    known = number.isdigit() and len(number) < 19
    case = Case.objects.visible_to(user_of(request)).filter(pk=int(number)).first() if known else None
    if case is None:
        messages.error(request, _("No case has this number."))
        return redirect("overflow")
    try:
        diverting.send_link(case, by=user_of(request))
        messages.success(request, _("The link is on its way to the customer."))
    except diverting.NotNow as error:
        messages.error(request, str(error))
    return redirect("overflow")


@requires("cases.see")
def own_settings(request: HttpRequest) -> HttpResponse:
    units = Unit.objects.visible_to(user_of(request))
    chosen = units.filter(code=request.GET.get("unit", "")).first() or user_of(request).unit
    return settings_of(request, chosen.pk) if chosen else HttpResponse(status=404)


@requires("cases.see")
def settings_of(request: HttpRequest, pk: int) -> HttpResponse:
    user, unit = user_of(request), _unit(request, pk)
    if request.method == "POST" and not user.may("cases.assign"):
        return HttpResponse(status=403)
    form = OverflowForm(request.POST or None, unit=unit)
    if form.is_valid():
        rules.save(unit, by=user, channels=form.channels)
        messages.success(request, _("Saved."))
        return redirect("overflow_settings_of", pk)
    context = _settings(user, unit) | {"form": form}
    return render(request, "act/overflow/settings.html", context, status=422 if form.is_bound else 200)


@requires("cases.assign")
def page_new(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, SelfServicePage(unit=_unit(request, pk)))


@requires("cases.assign")
def page_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _page(request, pk))


@require_POST
@requires("cases.assign")
def page_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of the messages, or back into them."""
    page = rules.archive_page(
        _page(request, pk), by=user_of(request), archived=request.POST.get("back") != "yes"
    )
    return redirect("overflow_settings_of", page.unit_id)


@requires("cases.see")
def page_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """For the desk of the unit and of those below it."""
    page = get_object_or_404(SelfServicePage.objects.visible_to(user_of(request)), pk=pk)
    return HttpResponse(links.qr_picture(page.here), content_type="image/svg+xml")


@requires("cases.see")
@csp_update(CSP)  # type: ignore[arg-type]  # its stub knows views without arguments only
def page_print(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(SelfServicePage.objects.visible_to(user_of(request)), pk=pk)
    return render(request, "act/overflow/print.html", {**frame(company_of(page.unit_id)), "one": page})


def _queue(unit: Unit, channel: OverflowRule.Channel) -> dict[str, Any]:
    rule = rules.rule_for(unit, channel.value)
    return {
        "label": channel.label,
        "rule": rule,
        "n": queues.waiting(unit, channel.value),
        "wait": queues.expected(unit, channel.value),
        "busy": diverting.busy(unit, channel.value),
        "is_phone": channel == OverflowRule.Channel.PHONE,
    }


def _settings(user: User, unit: Unit) -> dict[str, Any]:
    channels = [
        {
            "code": c.value,
            "label": c.label,
            "holds": rules.rule_for(unit, c.value),
            "n": queues.waiting(unit, c.value),
        }
        for c in OverflowRule.Channel
    ]
    return {
        "unit": unit,
        "units": Unit.objects.visible_to(user).in_tree_order(),
        "channels": channels,
        "pages": rules.pages_for(unit),
        "own": SelfServicePage.objects.filter(unit=unit, archived_at=None),
        "archived": SelfServicePage.objects.filter(unit=unit).exclude(archived_at=None),
        "edits": user.may("cases.assign"),
        "spared": diverting.SPARED.values(),
        "room": "overflow",
    }


def _edit(request: HttpRequest, page: SelfServicePage) -> HttpResponse:
    form = PageForm(request.POST or None, instance=page)
    if form.is_valid():
        rules.save_page(page, by=user_of(request), **form.arguments)
        messages.success(request, _("Saved."))
        return redirect("overflow_settings_of", page.unit_id)
    context = {"form": form, "one": page, "room": "overflow"}
    return render(request, "act/overflow/page_form.html", context, status=422 if form.is_bound else 200)


def _unit(request: HttpRequest, pk: int) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(user_of(request)), pk=pk)


def _page(request: HttpRequest, pk: int) -> SelfServicePage:
    found: SelfServicePage = get_object_or_404(SelfServicePage.objects.changeable_by(user_of(request)), pk=pk)
    return found
