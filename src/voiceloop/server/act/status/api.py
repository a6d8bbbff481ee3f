"""Where orders stand, for programs: a till or a carrier reports it, a dashboard reads it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from voiceloop.server.act.models import Milestone, StatusRules
from voiceloop.server.act.status import effect, links, listing, milestones, rules
from voiceloop.server.act.status.forms import RulesForm, fault_of
from voiceloop.server.act.status.kinds import KINDS, OF_ORDERS
from voiceloop.server.act.status.listing import Asked
from voiceloop.server.collect.models import Transaction
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["act"])
PROBLEMS = {403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST = 200


class MilestoneIn(Schema):
    event: str = Field(description=" | ".join(OF_ORDERS))
    at: datetime | None = Field(None, description="When it happened, with its zone; empty: now")
    new_time: datetime | None = Field(None, description="Of a delay: by when it comes now")
    key: str = Field("", max_length=64, description="Of one report; a repetition changes nothing")


class MilestoneOut(Schema):
    id: int
    number: str
    kind: str
    unit: str = Field(alias="unit.code")
    customer: int | None = Field(None, alias="customer_id")
    at: datetime
    new_time: datetime | None
    state: str
    held_back_by: str
    due_at: datetime | None
    told_at: datetime | None
    withdrawn_at: datetime | None


class OrderStandingOut(Schema):
    number: str
    address: str
    milestones: list[MilestoneOut]


class StatusWordsIn(Schema):
    on: bool | None = Field(None, description="null: as above")
    zh: str = ""
    en: str = ""


class StatusRulesIn(Schema):
    events: dict[str, StatusWordsIn] = {}
    quiet_from: time | None = None
    quiet_until: time | None = None
    hold_minutes: int | None = None


class StatusLineOut(Schema):
    kind: str
    on: bool
    zh: str
    en: str


class StatusRulesOut(Schema):
    unit: str
    version: int | None
    quiet_from: time
    quiet_until: time
    hold_minutes: int
    lines: list[StatusLineOut]


class ContactShareOut(Schema):
    n: int
    asked: int = Field(alias="hits")
    value: float | None = Field(description="Percent of n who asked; null where n is under 5")
    low: float | None
    high: float | None


class StatusEffectOut(Schema):
    told: ContactShareOut
    not_told: ContactShareOut
    note: str


@router.post("/orders/{number}/status", response={201: MilestoneOut, 200: MilestoneOut, **PROBLEMS})
def report_order_status(request: HttpRequest, number: str, body: MilestoneIn) -> Any:
    """What became of an order; 200 when that is known already."""
    user = allowed(request, "import")
    said = _report(body)
    try:
        one, is_new = milestones.report(_order(user, number), said=said, by=user)
    except milestones.Conflict:
        raise HttpError(409, _("This key was used for something else.")) from None
    return Status(201 if is_new else 200, one)


@router.get("/orders/{number}/status", response={200: OrderStandingOut, **PROBLEMS})
def order_standing(request: HttpRequest, number: str) -> Any:
    """Where an order stands, and the page that its customer sees."""
    user = allowed(request, "customers.see")
    order = _order(user, number)
    rows = Milestone.objects.filter(order=order).in_order().select_related("unit", "order", "message")
    return {"number": str(order), "address": links.address_of(order), "milestones": list(rows)}


@router.post("/status-messages/{pk}/withdrawal", response={200: MilestoneOut, 403: Problem, 404: Problem})
def withdraw_milestone(request: HttpRequest, pk: int) -> Any:
    """It was not so; what has not left yet is kept from leaving."""
    user = allowed(request, "cases.work")
    one = get_object_or_404(Milestone.objects.visible_to(user).filter(order__isnull=False), pk=pk)
    milestones.withdraw(one, by=user)
    return one


@router.get("/status-messages", response={200: list[MilestoneOut], 403: Problem})
def list_status_messages(
    request: HttpRequest, days: int = 30, kind: str = "", state: str = "", unit: str = "", q: str = ""
) -> Any:
    """Told, waiting and not told with the reason, the newest first."""
    user = allowed(request, "cases.see")
    asked = Asked.of({"days": str(days), "kind": kind, "state": state, "unit": unit, "q": q})
    return list(listing.rows(user, asked)[:MOST])


@router.get("/status-effect", response={200: StatusEffectOut, 403: Problem})
def status_effect(request: HttpRequest) -> Any:
    """Contacts within three days of a delay, of those told and not told."""
    found = effect.of_delays(allowed(request, "cases.see"))
    return found | {
        "note": _("Who was told was not chosen by chance: the difference need not come from telling.")
    }


@router.get("/status-rules/{pk}", response={200: StatusRulesOut, 403: Problem, 404: Problem})
def read_status_rules(request: HttpRequest, pk: int) -> Any:
    """What a unit tells, with what it has from above."""
    return _rules(_unit(allowed(request, "cases.see"), pk))


@router.put("/status-rules/{pk}", response={200: StatusRulesOut, 403: Problem, 404: Problem, 422: Problem})
def write_status_rules(request: HttpRequest, pk: int, body: StatusRulesIn) -> Any:
    """A new version of what a unit itself says; what is left out is as above."""
    user = allowed(request, "cases.assign")
    unit = _unit(user, pk)
    if unknown := set(body.events) - set(KINDS):
        raise HttpError(422, _("Unknown event: %(code)s") % {"code": ", ".join(sorted(unknown))})
    form = RulesForm(_as_form(body), version=None)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise HttpError(422, f"{name}: {errors[0]}")
    rules.save(unit, by=user, **form.arguments)
    return _rules(unit)


@router.post(
    "/status-rules/versions/{pk}/restore", response={200: StatusRulesOut, 403: Problem, 404: Problem}
)
def restore_status_rules(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.assign")
    version: StatusRules = get_object_or_404(StatusRules.objects.visible_to(user), pk=pk)
    rules.restore(version, by=user)
    return _rules(version.unit)


def _order(user: User, number: str) -> Transaction:
    """Ours by its number, else the only imported one of this number."""
    rows = list(Transaction.objects.visible_to(user).filter(number=number).select_related("unit")[:50])
    ours = [one for one in rows if one.batch_id is None]
    if not rows:
        raise HttpError(404, _("No order has this number."))
    if not ours and len(rows) > 1:
        raise HttpError(409, _("Several imported orders have this number."))
    found: Transaction = (ours or rows)[0]
    return found


def _report(body: MilestoneIn) -> milestones.Report:
    if body.event not in OF_ORDERS:
        raise HttpError(422, _("Unknown event: %(code)s") % {"code": body.event[:40]})
    at, new_time = body.at or now(), body.new_time if body.event == "delayed" else None
    if any(moment is not None and moment.tzinfo is None for moment in (at, new_time)):
        raise HttpError(422, _("Say the time with its zone."))
    if fault := fault_of(body.event, at, new_time):
        raise HttpError(422, fault[1])
    return milestones.Report(body.event, at, new_time, f"api:{body.key}" if body.key else "")


def _unit(user: User, pk: int) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(user), pk=pk)


def _as_form(body: StatusRulesIn) -> dict[str, Any]:
    found: dict[str, Any] = {
        "quiet_from": body.quiet_from and body.quiet_from.strftime("%H:%M"),
        "quiet_until": body.quiet_until and body.quiet_until.strftime("%H:%M"),
        "hold_minutes": body.hold_minutes,
    }
    choice = {True: "yes", False: "no", None: ""}
    for code, said in body.events.items():
        found |= {f"on_{code}": choice[said.on], f"zh_{code}": said.zh, f"en_{code}": said.en}
    return {name: "" if value is None else value for name, value in found.items()}


def _rules(unit: Unit) -> dict[str, Any]:
    found, version = rules.of(unit), rules.newest(unit)
    lines = [
        {"kind": code, "on": line.is_on, **{name: rules.text_of(line, name) for name in ("zh", "en")}}
        for code, line in found.lines.items()
    ]
    return {
        "unit": unit.code,
        "version": version.number if version else None,
        "quiet_from": found.quiet_from,
        "quiet_until": found.quiet_until,
        "hold_minutes": found.hold_minutes,
        "lines": lines,
    }
