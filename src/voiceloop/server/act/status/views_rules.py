"""The page on which a unit says what it tells, by which words and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import Milestone, StatusRules
from voiceloop.server.act.status import rules, words
from voiceloop.server.act.status.forms import RulesForm
from voiceloop.server.act.status.kinds import KINDS
from voiceloop.server.act.status.rules import Line
from voiceloop.server.collect.models import Transaction
from voiceloop.server.collect.survey_visit import company_of
from voiceloop.server.core.models import Unit
from voiceloop.server.core.rights import requires, user_of

SHOWN = 20


@requires("cases.see")
def own(request: HttpRequest) -> HttpResponse:
    """Of one's own unit, or of the one that was chosen."""
    units = Unit.objects.visible_to(user_of(request))
    chosen = units.filter(code=request.GET.get("unit", "")).first() or user_of(request).unit
    return of_unit(request, chosen.pk) if chosen else HttpResponse(status=404)


@requires("cases.see")
def of_unit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(user_of(request)), pk=pk)
    if request.method == "POST" and not user_of(request).may("cases.assign"):
        return HttpResponse(status=403)
    version = rules.newest(unit)
    form = RulesForm(request.POST or None, version=version)
    is_looked_at = "preview" in request.POST
    if form.is_valid() and not is_looked_at:
        rules.save(unit, by=user_of(request), **form.arguments)
        messages.success(request, _("Saved."))
        return redirect("status_rules_of", pk)
    context = _context(request, unit, form, version)
    return render(
        request, "act/status/rules.html", context, status=422 if form.is_bound and form.errors else 200
    )


@require_POST
@requires("cases.assign")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    version: StatusRules = get_object_or_404(StatusRules.objects.visible_to(user_of(request)), pk=pk)
    rules.restore(version, by=user_of(request))
    messages.success(request, _("That version holds again."))
    return redirect("status_rules_of", version.unit_id)


def _context(
    request: HttpRequest, unit: Unit, form: RulesForm, version: StatusRules | None
) -> dict[str, Any]:
    user = user_of(request)
    versions = StatusRules.objects.filter(unit=unit).select_related("by").order_by("-number")
    holds, above = rules.of(unit), rules.of(unit, above=True)
    return {
        "unit": unit,
        "units": Unit.objects.visible_to(user).in_tree_order(),
        "form": form,
        "now": holds,
        "cards": [_card(form, unit, holds.lines[code], above.lines[code]) for code in KINDS],
        "places": [(f"{{{name}}}", label) for name, label in words.PLACES.items()],
        "versions": versions[:SHOWN],
        "newest": version,
        "edits": user.may("cases.assign"),
        "room": "status_rules",
    }


def _card(form: RulesForm, unit: Unit, line: Line, above: Line) -> dict[str, Any]:
    """One thing: its fields, what holds now, and the letters as they would be written."""
    fields = [form[f"{name}_{line.kind}"] for name in ("on", "zh", "en")]
    return {
        "kind": KINDS[line.kind],
        "line": line,
        "fields": fields,
        "is_open": any(field.errors for field in fields),
        "letters": [_letter(form, unit, above, language) for language in words.LANGUAGES],
    }


def _letter(form: RulesForm, unit: Unit, above: Line, language: str) -> tuple[str, tuple[str, str]]:
    """What stands in the form, else what holds above, else what is shipped."""
    field = form[f"{language}_{above.kind}"]
    written = "" if field.errors else str(field.value() or "")
    with translation.override(words.LANGUAGES[language]):
        link = f"{settings.BASE_URL}/track/…/"
        values = words.values_of(_sample(unit, above.kind), company=company_of(unit.pk), link=link)
        return language, words.letter(above.kind, written or rules.text_of(above, language), values)


def _sample(unit: Unit, code: str) -> Milestone:
    at = now() - timedelta(minutes=20)
    one = Milestone(unit=unit, kind=code, at=at, new_time=at + timedelta(hours=1))
    if KINDS[code].is_of_case:
        one.case_id = 1024
    else:
        one.order = Transaction(pk=1024, number="A-1024", unit=unit)
    return one
