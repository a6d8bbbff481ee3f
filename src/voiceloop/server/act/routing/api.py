"""Routing for programs: who is there, what they can do, what waits, and why somebody has a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from ninja.responses import codes_4xx

from voiceloop.server.act.models import Assignment, BusinessCalendar, Case
from voiceloop.server.act.routing import green, page, people, presence, skills
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import allowed, user_of

router = Router(tags=["act"])
StatusName = Literal["available", "busy", "away", "off"]


class RoutingProblem(Schema):
    detail: Any


class AgentOut(Schema):
    username: str = Field(alias="user.username")
    name: str
    unit: str | None = Field(None, alias="user.unit.code")
    status: str = Field(alias="profile.status")
    status_at: datetime = Field(alias="profile.status_at")
    is_on_shift: bool
    is_free: bool
    is_senior: bool = Field(alias="profile.is_senior")
    capacity: int = Field(alias="profile.capacity")
    load: float
    n_open: int
    languages: list[str] = Field(alias="profile.languages")
    skills: dict[str, int] = Field(alias="profile.skills")
    hours: int | None = Field(None, alias="profile.calendar_id")

    @staticmethod
    def resolve_name(row: Any) -> str:
        return str(row.user)


class StatusIn(Schema):
    status: StatusName


class StatusOut(Schema):
    status: str
    taken: int = Field(description="Cases that came out of the queue")
    returned: int = Field(description="Cases that went back to it")


class SkillsIn(Schema):
    skills: dict[str, int] = Field(description="Level 1 to 3 by 'seat:phone', 'kind:complaint', 'reason:…'")
    languages: list[str] = ["zh"]
    capacity: int = Field(default=20, ge=1, le=500)
    is_senior: bool = False
    hours: int | None = Field(default=None, description="A business calendar; none: whenever they are there")
    video_url: str = Field(default="", max_length=300)


class QueuedOut(Schema):
    id: int
    priority: int
    unit: str = Field(alias="unit.code")
    opened_at: datetime
    due_at: datetime | None


class AgainstOut(Schema):
    username: str
    verdict: str
    why: str
    n_open: int


class RouteStepOut(Schema):
    at: datetime
    to: str | None
    sentence: str


class WhyOut(Schema):
    steps: list[RouteStepOut]
    others: list[AgainstOut]
    green: str | None


class GreenIn(Schema):
    tiers: list[str]
    severities: list[Literal["slight", "serious", "catastrophic"]]
    reopenings: int = Field(default=2, ge=0, le=20)
    minutes: int = Field(default=30, ge=1, le=10_080)


class GreenOut(Schema):
    tiers: list[str]
    severities: list[str]
    reopenings: int
    minutes: int


@router.get("/agents", response={200: list[AgentOut], codes_4xx: RoutingProblem})
def list_agents(request: HttpRequest, only: str = "") -> Any:
    """Who takes cases; `only` is 'free', a skill such as 'seat:phone', or 'language:en'."""
    allowed(request, "cases.assign")
    return page.team(user_of(request), only=only)


@router.put("/agents/me/status", response={200: StatusOut, codes_4xx: RoutingProblem})
def set_my_status(request: HttpRequest, body: StatusIn) -> Any:
    """I am here, busy, away or off."""
    allowed(request, "cases.work")
    return _changed(user_of(request), body.status, user_of(request))


@router.put("/agents/{username}/status", response={200: StatusOut, codes_4xx: RoutingProblem})
def set_status(request: HttpRequest, username: str, body: StatusIn) -> Any:
    """A lead says it for somebody."""
    allowed(request, "cases.assign")
    return _changed(_taker(request, username), body.status, user_of(request))


@router.put("/agents/{username}/skills", response={200: AgentOut, codes_4xx: RoutingProblem})
def set_skills(request: HttpRequest, username: str, body: SkillsIn) -> Any:
    """What somebody can do, how much they can hold, and when they work."""
    allowed(request, "cases.assign")
    who = _taker(request, username)
    unknown = sorted(set(body.skills) - skills.known())
    wrong = [code for code, level in body.skills.items() if level not in (1, 2, 3)]
    if unknown or wrong:
        raise HttpError(422, f"unknown skills or levels: {', '.join(unknown + wrong)}")
    given = body.dict()
    hours = given.pop("hours")
    calendar = get_object_or_404(BusinessCalendar, pk=hours, archived_at=None) if hours else None
    people.save_profile(who, by=user_of(request), calendar=calendar, **given)
    return next(row for row in page.team(user_of(request)) if row.user == who)


@router.get("/queue", response={200: list[QueuedOut], codes_4xx: RoutingProblem})
def list_queue(request: HttpRequest, limit: int = 50) -> Any:
    """What waits for somebody, the most urgent first."""
    allowed(request, "cases.assign")
    return list(page.queued(user_of(request))[: max(1, min(limit, 200))])


@router.get("/cases/{int:pk}/why", response={200: WhyOut, codes_4xx: RoutingProblem})
def why_owner(request: HttpRequest, pk: int) -> Any:
    """Why somebody has the case, and what spoke against the others."""
    allowed(request, "cases.see")
    case = get_object_or_404(Case.objects.visible_to(user_of(request)), pk=pk)
    found = page.why(case)
    return {
        "steps": [_step(**one) for one in found["steps"]],
        "others": [{**one, "username": one["user"].username} for one in found["others"]],
        "green": page.green_of(case),
    }


@router.get("/green-channel", response={200: GreenOut, codes_4xx: RoutingProblem})
def get_green_channel(request: HttpRequest) -> Any:
    """Which cases go to senior agents at once."""
    allowed(request, "cases.see")
    return green.rule()


@router.put("/green-channel", response={200: GreenOut, codes_4xx: RoutingProblem})
def set_green_channel(request: HttpRequest, body: GreenIn) -> Any:
    allowed(request, "settings.edit")
    return green.save_rule(by=user_of(request), **body.dict())


def _step(step: Assignment, sentence: str) -> dict[str, Any]:
    return {"at": step.at, "to": step.to.username if step.to else None, "sentence": sentence}


def _changed(who: User, status: str, by: User) -> dict[str, Any]:
    return {"status": status, **presence.change(who, to=status, by=by)._asdict()}


def _taker(request: HttpRequest, username: str) -> User:
    found: User = get_object_or_404(page.takers(user_of(request)), username=username)
    return found
