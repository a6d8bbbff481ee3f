"""The pages of tags and of their rules: parse, one verb or one reading, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.understand.customers import tag_conditions, tag_forms, tag_rules, tag_starter, tags
from voiceloop.server.understand.customers.tag_fields import FIELDS
from voiceloop.server.understand.tag_models import CustomerTag, TagRule, TagRuleRun

ROOM = {"room": "tags"}
RUNS_SHOWN = 20


@requires("customers.see")
def tag_list(request: HttpRequest) -> HttpResponse:
    rules = list(TagRule.objects.filter(archived_at=None))
    for rule in rules:
        rule.said, rule.last = tag_conditions.in_words(rule.conditions), rule.runs.order_by("-pk").first()  # type: ignore[attr-defined]  # for the template
    context = {
        "names": tags.names(user_of(request)),
        "rules": rules,
        "archived": TagRule.objects.exclude(archived_at=None),
        "runs": TagRuleRun.objects.select_related("rule").order_by("-pk")[:RUNS_SHOWN],
        "edits": _edits(request),
    }
    return render(request, "understand/customers/tags.html", context | ROOM)


@requires("customers.see")
def tag_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """What a rule says, what it did; for those who may, a form that changes it."""
    rule = get_object_or_404(TagRule, pk=pk)
    context = {"name": rule.name, "keep_days": rule.keep_days, "conditions": rule.conditions}
    return _form(request, rule, context)


@requires("settings.edit")
def tag_rule_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_POST
@requires("settings.edit")
def tag_rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(TagRule, pk=pk))


@require_POST
@requires("settings.edit")
def tag_rule_try(request: HttpRequest, pk: int) -> HttpResponse:
    tag_rules.dry_run(get_object_or_404(TagRule, pk=pk))
    return redirect("tag_rule", pk)


@require_POST
@requires("settings.edit")
def tag_rule_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Put in force, pause, archive or bring back, as the button says."""
    rule, do = get_object_or_404(TagRule, pk=pk), request.POST.get("do", "")
    known = {
        "activate": (tag_rules.activate, _("In force. It runs every night; you can also run it now.")),
        "pause": (tag_rules.pause, _("Paused. The tags that it gave stay.")),
        "archive": (tag_rules.archive, _("Archived, and its tags are gone. It can be brought back.")),
        "restore": (tag_rules.restore, _("Brought back, paused. Put it in force to give its tag again.")),
    }
    if do in known:
        verb, said = known[do]
        _told(request, said, verb, rule, by=user_of(request))
    return redirect(reverse("tags") if do == "archive" else reverse("tag_rule", args=[pk]))


@require_POST
@requires("settings.edit")
def tag_rules_run(request: HttpRequest) -> HttpResponse:
    tag_rules.queue()
    messages.success(request, _("The rules in force are running; this takes a minute at most."))
    return redirect("tags")


@require_POST
@requires("settings.edit")
def tag_rules_start(request: HttpRequest) -> HttpResponse:
    tag_starter.rules(active=False)
    messages.success(
        request, _("Three rules are there as drafts: look at them, try them, put them in force.")
    )
    return redirect("tags")


@require_POST
@requires("cases.work")
def customer_tag(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Customer.objects.visible_to(user_of(request))
    customer, form = get_object_or_404(visible, pk=pk), tag_forms.TagForm(request.POST)
    if form.is_valid():
        _told(request, _("Tagged."), tags.tag, customer, by=user_of(request), **form.cleaned_data)
    else:
        messages.error(request, tag_forms.first_fault(form))
    return redirect(_back(request, customer.pk))


@require_POST
@requires("cases.work")
def customers_tag(request: HttpRequest) -> HttpResponse:
    """One tag for the ticked rows of the list."""
    pks = [
        int(pk) for pk in request.POST.getlist("customer") if pk.isascii() and pk.isdigit() and len(pk) < 16
    ]
    chosen = list(Customer.objects.visible_to(user_of(request)).select_related("unit").filter(pk__in=pks))
    form = tag_forms.TagForm(request.POST)
    if not form.is_valid():
        messages.error(request, tag_forms.first_fault(form))
    elif not chosen:
        messages.error(request, _("Choose at least one customer."))
    else:
        _tag_many(request, chosen, form)
    return redirect(_back(request))


@require_POST
@requires("cases.work")
def customer_untag(request: HttpRequest, pk: int) -> HttpResponse:
    found = _tag(request, pk)
    tags.untag(found, by=user_of(request))
    messages.success(request, _("Tag taken away. It can be given back on the customer's page."))
    return redirect(_back(request, found.customer_id))


@require_POST
@requires("cases.work")
def customer_tag_restore(request: HttpRequest, pk: int) -> HttpResponse:
    found = _tag(request, pk)
    _told(request, _("Given back."), tags.restore, found, by=user_of(request))
    return redirect(_back(request, found.customer_id))


def _tag(request: HttpRequest, pk: int) -> CustomerTag:
    rows = CustomerTag.objects.visible_to(user_of(request)).select_related("customer__unit")
    return get_object_or_404(rows, pk=pk)


def _tag_many(request: HttpRequest, chosen: list[Customer], form: tag_forms.TagForm) -> None:
    given = {name: form.cleaned_data[name] for name in ("name", "expires_on")}
    try:
        n = tags.tag_many(chosen, by=user_of(request), **given)
    except tags.Refused as refused:
        messages.error(request, str(refused))
        return
    said = ngettext("%(n)s customer tagged.", "%(n)s customers tagged.", n) % {"n": n}
    messages.success(request, said)


def _edit(request: HttpRequest, rule: TagRule | None) -> HttpResponse:
    """One form: a button adds a condition, takes one away, or saves and counts."""
    if request.method != "POST":
        return _form(request, rule, {"name": "", "keep_days": 0, "conditions": []})
    days = request.POST.get("keep_days", "").strip() or "0"
    typed: dict[str, Any] = {
        "name": request.POST.get("name", ""),
        "keep_days": int(days) if days.isascii() and days.isdigit() and len(days) < 6 else -1,
        "conditions": tag_forms.conditions_of(request.POST),
    }
    if request.POST.get("do") != "save":
        return _form(request, rule, typed)
    try:
        given = {"name": typed["name"], "keep_days": typed["keep_days"]}
        made = tag_rules.save(rule, by=user_of(request), conditions_=typed["conditions"], **given)
    except tags.Refused as refused:
        return _form(request, rule, typed | {"fault": str(refused)}, status=422)
    tag_rules.dry_run(made)
    messages.success(request, _("Saved and counted; nobody has been tagged by that."))
    return redirect("tag_rule", made.pk)


def _form(
    request: HttpRequest, rule: TagRule | None, typed: dict[str, Any], status: int = 200
) -> HttpResponse:
    conditions = typed.pop("conditions")
    context = {
        "rule": rule,
        "rows": tag_forms.rows(conditions),
        "said": tag_conditions.in_words(rule.conditions) if rule else "",
        "fields": list(FIELDS.values()),
        "suggested": tags.suggestions(user_of(request)),
        "edits": _edits(request) and (rule is None or rule.archived_at is None),
        "is_tried": bool(rule and tag_rules.is_tried(rule)),
        "samples": tag_rules.samples(rule, user_of(request)) if rule else {},
        "runs": rule.runs.order_by("-pk")[:RUNS_SHOWN] if rule else [],
        "n_tagged": _n_tagged(request, rule),
    }
    return render(request, "understand/customers/tag_rule.html", context | typed | ROOM, status=status)


def _n_tagged(request: HttpRequest, rule: TagRule | None) -> int:
    return CustomerTag.objects.visible_to(user_of(request)).live().filter(rule=rule).count() if rule else 0


def _edits(request: HttpRequest) -> bool:
    return user_of(request).may("settings.edit")


def _told(request: HttpRequest, said: str, verb: Any, *noun: Any, **arguments: Any) -> bool:
    """Do it, and tell the person how it went."""
    try:
        verb(*noun, **arguments)
    except tags.Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, said)
    return True


def _back(request: HttpRequest, customer: int | None = None) -> str:
    given = request.POST.get("next", "")
    if given and url_has_allowed_host_and_scheme(given, allowed_hosts=None):
        return given
    return reverse("customer", args=[customer]) if customer else reverse("customers")
