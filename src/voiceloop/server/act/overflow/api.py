"""Busy queues for programs: the same numbers, settings and log as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from voiceloop.server.act.models import Case, Diversion, OverflowRule, SelfServicePage
from voiceloop.server.act.overflow import diverting, listing, queues, rules
from voiceloop.server.act.overflow.forms import OverflowForm
from voiceloop.server.act.overflow.listing import Asked
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["act"])
MOST = 200


class QueueOut(Schema):
    channel: str
    waiting: int
    is_on: bool
    threshold: int | None
    is_busy: bool
    minutes: int | None = Field(description="8 of 10 of the last waits were over within it")
    longer: bool = Field(description="That one still waits")
    n: int = Field(description="Of how many waits")


class DiversionOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    channel: str
    how: str
    at: datetime
    n_waiting: int
    minutes: int | None
    pages: list[int]
    outcome: str


class DiversionsOut(Schema):
    rows: list[DiversionOut]
    n: int = Field(description="Whose day is over")
    back: int
    value: float | None = Field(description="Percent of n who came back; null where n is under 5")
    low: float | None
    high: float | None


class OverflowChannelIn(Schema):
    """`on` null: as above."""

    on: bool | None = None
    threshold: int = 10


class OverflowIn(Schema):
    chat: OverflowChannelIn = OverflowChannelIn()
    email: OverflowChannelIn = OverflowChannelIn()
    phone: OverflowChannelIn = OverflowChannelIn()


class SelfServiceIn(Schema):
    title: str = Field(min_length=1, max_length=80)
    title_en: str = Field("", max_length=80)
    address: str = Field(max_length=300)
    address_en: str = Field("", max_length=300)


class SelfServiceOut(SelfServiceIn):
    id: int
    unit: str = Field(alias="unit.code")
    archived_at: datetime | None


class SentLinkOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    at: datetime


@router.get("/units/{pk}/queues", response={200: list[QueueOut], 403: Problem, 404: Problem})
def list_queues(request: HttpRequest, pk: int) -> Any:
    """How many wait over each channel at and below a unit, and what is said to them."""
    return _queues(_unit(allowed(request, "cases.see"), pk))


@router.put("/units/{pk}/queues", response={200: list[QueueOut], 403: Problem, 404: Problem, 422: Problem})
def set_overflow(request: HttpRequest, pk: int, body: OverflowIn) -> Any:
    """From how many waiting on each channel points to self-service."""
    user = allowed(request, "cases.assign")
    unit = _unit(user, pk)
    said = {name: getattr(body, name) for name in OverflowRule.Channel.values}
    choice = {True: "yes", False: "no", None: ""}
    data = {f"on_{name}": choice[one.on] for name, one in said.items()}
    form = OverflowForm(data | {f"threshold_{name}": one.threshold for name, one in said.items()}, unit=unit)
    if not form.is_valid():
        raise HttpError(422, str(next(iter(form.errors.values()))[0]))
    rules.save(unit, by=user, channels=form.channels)
    return _queues(unit)


@router.get("/diversions", response={200: DiversionsOut, 403: Problem})
def list_diversions(
    request: HttpRequest, days: int = 30, channel: str = "", outcome: str = "", unit: str = ""
) -> Any:
    """Who was pointed to self-service, and how many came back within 24 hours."""
    user = allowed(request, "cases.see")
    asked = Asked.of({"days": str(days), "channel": channel, "outcome": outcome, "unit": unit})
    found = listing.rows(user, asked)
    share = listing.share(found)
    ends = {"value": share.value, "low": share.low, "high": share.high}
    return {"rows": list(found[:MOST]), "n": share.n, "back": share.hits, **ends}


@router.get("/self-service-pages", response={200: list[SelfServiceOut], 403: Problem})
def list_self_service(request: HttpRequest) -> Any:
    user = allowed(request, "cases.see")
    return list(SelfServicePage.objects.visible_to(user).select_related("unit"))


@router.post(
    "/units/{pk}/self-service-pages",
    response={201: SelfServiceOut, 403: Problem, 404: Problem, 422: Problem},
)
def add_self_service(request: HttpRequest, pk: int, body: SelfServiceIn) -> Any:
    user = allowed(request, "cases.assign")
    return Status(201, _saved(SelfServicePage(unit=_unit(user, pk)), body, user))


@router.put(
    "/self-service-pages/{pk}", response={200: SelfServiceOut, 403: Problem, 404: Problem, 422: Problem}
)
def change_self_service(request: HttpRequest, pk: int, body: SelfServiceIn) -> Any:
    user = allowed(request, "cases.assign")
    return _saved(_page(user, pk), body, user)


@router.delete("/self-service-pages/{pk}", response={200: SelfServiceOut, 403: Problem, 404: Problem})
def archive_self_service(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.assign")
    return rules.archive_page(_page(user, pk), by=user)


@router.post("/self-service-pages/{pk}/restore", response={200: SelfServiceOut, 403: Problem, 404: Problem})
def restore_self_service(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.assign")
    return rules.archive_page(_page(user, pk), by=user, archived=False)


@router.post(
    "/cases/{pk}/self-service-link",
    response={201: SentLinkOut, 403: Problem, 404: Problem, 409: Problem},
)
def send_self_service_link(request: HttpRequest, pk: int) -> Any:
    """Send the pages to the customer of a case as a message."""
    user = allowed(request, "cases.work")
    case = get_object_or_404(Case.objects.visible_to(user), pk=pk)
    try:
        made: Diversion = diverting.send_link(case, by=user)
    except diverting.NotNow as error:
        raise HttpError(409, str(error)) from None
    return Status(201, made)


def _queues(unit: Unit) -> list[dict[str, Any]]:
    return [_queue(unit, channel) for channel in OverflowRule.Channel.values]


def _queue(unit: Unit, channel: str) -> dict[str, Any]:
    rule, wait = rules.rule_for(unit, channel), queues.expected(unit, channel)
    return {
        "channel": channel,
        "waiting": queues.waiting(unit, channel),
        "is_on": bool(rule and rule.is_on),
        "threshold": rule.threshold if rule else None,
        "is_busy": diverting.busy(unit, channel) is not None,
        "minutes": wait.minutes if wait else None,
        "longer": bool(wait and wait.is_more),
        "n": wait.n if wait else 0,
    }


def _saved(page: SelfServicePage, body: SelfServiceIn, user: User) -> SelfServicePage:
    try:
        return rules.save_page(page, by=user, **body.dict())
    except ValidationError as error:
        raise HttpError(422, str(error.messages[0])) from None


def _unit(user: User, pk: int) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(user), pk=pk)


def _page(user: User, pk: int) -> SelfServicePage:
    found: SelfServicePage = get_object_or_404(SelfServicePage.objects.changeable_by(user), pk=pk)
    return found
