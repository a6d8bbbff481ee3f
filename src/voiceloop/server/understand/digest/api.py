"""The digest for programs: the same week, units and rights as the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand.digest import subscribing
from voiceloop.server.understand.digest.compose import compose, to_dict
from voiceloop.server.understand.digest.weeks import Week
from voiceloop.server.understand.digest_models import DigestSubscription

router = Router(tags=["digest"])
Answers: dict[int, Any] = {403: Problem, 404: Problem, 422: Problem}


class SubscriptionIn(Schema):
    """`unit` is a code; `weekday` counts from Monday 0; `minute` of the day, by the company's clock."""

    unit: str
    weekday: int = Field(0, ge=0, le=6)
    minute: int = Field(480, ge=0, lt=1440)
    language: str = Field("zh-hans", pattern="^(zh-hans|en)$")


class SubscriptionOut(Schema):
    id: int
    unit: str
    weekday: int
    minute: int
    language: str

    @staticmethod
    def resolve_unit(obj: DigestSubscription) -> str:
        return obj.unit.code


class OwnerIn(Schema):
    """`subject` is `reason:waiting`, `touchpoint:hotline` …; no owner takes the name away."""

    unit: str
    subject: str
    owner: int | None = None


class DigestNoteIn(Schema):
    unit: str
    week: str
    subject: str
    text: str = Field(min_length=1, max_length=500)


@router.get("/digest", response={200: dict[str, Any], **Answers})
def digest(request: HttpRequest, week: str = "", unit: str = "") -> Any:
    """A week's digest: `week` is `2026-W47` or a day, else the last; `unit` a code, else one's own."""
    user = allowed(request, "measure.see")
    try:
        return to_dict(compose(user, _unit(user, unit), Week.of(week)))
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})


@router.get("/digest/subscriptions", response={200: list[SubscriptionOut], 403: Problem})
def subscriptions(request: HttpRequest) -> Any:
    """The caller's own."""
    user = allowed(request, "measure.see")
    return list(DigestSubscription.objects.visible_to(user).running().select_related("unit"))


@router.put("/digest/subscriptions", response={200: SubscriptionOut, **Answers})
def subscribe(request: HttpRequest, body: SubscriptionIn) -> Any:
    """Have the digest of a unit mailed to oneself; a second time changes when it comes."""
    user = allowed(request, "measure.see")
    how = body.dict(exclude={"unit"})
    return subscribing.subscribe(user, unit=_unit(user, body.unit), by=user, **how)


@router.delete("/digest/subscriptions/{pk}", response={204: None, 403: Problem, 404: Problem})
def leave(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "measure.see")
    subscribing.leave(get_object_or_404(DigestSubscription.objects.visible_to(user), pk=pk), by=user)
    return Status(204, None)


@router.put("/digest/owners", response={204: None, **Answers})
def name_owner(request: HttpRequest, body: OwnerIn) -> Any:
    user = allowed(request, "voice.correct")
    people = User.objects.visible_to(user).filter(is_active=True)
    owner = get_object_or_404(people, pk=body.owner) if body.owner else None
    try:
        subscribing.name_owner(_unit(user, body.unit), subject=body.subject, owner=owner, by=user)
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})
    return Status(204, None)


@router.post("/digest/notes", response={201: dict[str, Any], **Answers})
def note(request: HttpRequest, body: DigestNoteIn) -> Any:
    """What is done about a subject of a week."""
    user = allowed(request, "voice.correct")
    try:
        week = Week.of(body.week)
        made = subscribing.note(
            _unit(user, body.unit), week=week, subject=body.subject, text=body.text, by=user
        )
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})
    return Status(201, {"id": made.pk})


def _unit(user: User, code: str) -> Unit:
    units = Unit.objects.visible_to(user)
    return get_object_or_404(units, code=code) if code else get_object_or_404(units, pk=user.unit_id)
