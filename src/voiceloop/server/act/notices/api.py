"""Notices, choices and robots for programs: the same verbs as the pages, the same rights."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from ninja.pagination import LimitOffsetPagination, paginate
from ninja.responses import codes_4xx

from voiceloop.server.act.models import BusinessCalendar, Notice, Robot
from voiceloop.server.act.notices import choices, notices, outgoing, reading, robots
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.rights import allowed, user_of

router = Router(tags=["notices"])
Kind = Literal[
    "assigned", "mention", "reply", "warning", "breach", "approval", "decision", "step",
    "green", "awoke", "crisis", "report", "visit",
]  # fmt: skip


class NoticeProblem(Schema):
    detail: Any


class NoticeOut(Schema):
    id: int
    kind: str
    at: datetime
    seen_at: datetime | None
    case: int | None = Field(None, alias="case_id")
    sentence: str = Field(alias="event.sentence")


class NoticeCountsOut(Schema):
    unread: int
    mentions: int
    cases: int


class NoticesSeenOut(Schema):
    at: datetime


class WaysIn(Schema):
    in_app: bool = True
    mail: Literal["", "now", "daily"] = ""
    robot: bool = False


class NoticeChoicesIn(Schema):
    ways: dict[Kind, WaysIn]
    digest_hour: int = Field(8, ge=0, le=23)
    calendar: int | None = None
    language: str = settings.LANGUAGE_CODE


class RobotIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    flavour: Literal["wecom", "feishu", "dingtalk", "slack"]
    unit: str = Field(description="Code of the team")
    address: str = Field("", max_length=500, description="Never given back; empty keeps it")
    secret: str = Field("", max_length=200)
    kinds: list[Kind] = []
    language: str = settings.LANGUAGE_CODE
    per_hour: int = Field(20, ge=1, le=600)


class RobotOut(Schema):
    id: int
    name: str
    flavour: str
    unit: str = Field(alias="unit.code")
    kinds: list[str]
    language: str
    per_hour: int
    archived_at: datetime | None


class RobotTriedOut(Schema):
    works: bool
    why: str


@router.get("/notices", response={200: list[NoticeOut], codes_4xx: NoticeProblem})
@paginate(LimitOffsetPagination)
def list_notices(request: HttpRequest, unread: bool = False) -> Any:
    """Your own, newest first; those of cases that you may no longer see are left out."""
    rows = reading.visible(user_of(request)).select_related("event__by", "event__unit").order_by("-pk")
    return rows.unread() if unread else rows  # type: ignore[attr-defined]  # NoticeQuerySet


@router.get("/notices/counts", response={200: NoticeCountsOut, codes_4xx: NoticeProblem})
def count_notices(request: HttpRequest) -> Any:
    return reading.counts(user_of(request))


@router.put("/notices/{int:pk}/seen", response={200: NoticeOut, codes_4xx: NoticeProblem})
def see_notice(request: HttpRequest, pk: int) -> Any:
    mine = Notice.objects.visible_to(user_of(request))
    notice = get_object_or_404(mine, pk=pk)
    notices.see(user_of(request), notices=mine.filter(pk=notice.pk))
    return mine.select_related("event__by", "event__unit").get(pk=pk)


@router.put("/notices/seen", response={200: NoticesSeenOut, codes_4xx: NoticeProblem})
def see_all_notices(request: HttpRequest) -> Any:
    """Mark all as read; the moment takes them back."""
    return {"at": notices.see_all(user_of(request))}


@router.delete("/notices/seen", response={204: None, codes_4xx: NoticeProblem})
def unsee_notices(request: HttpRequest, at: datetime) -> Any:
    notices.unsee(user_of(request), at=at)
    return 204, None


@router.get("/notices/choices", response={200: NoticeChoicesIn, codes_4xx: NoticeProblem})
def get_choices(request: HttpRequest) -> Any:
    return _chosen(user_of(request))


@router.put("/notices/choices", response={200: NoticeChoicesIn, codes_4xx: NoticeProblem})
def put_choices(request: HttpRequest, body: NoticeChoicesIn) -> Any:
    """How to be told of which kind; kinds that are left out stay as they are."""
    if body.language not in dict(settings.LANGUAGES):
        raise HttpError(422, f"unknown language {body.language!r}")
    calendar = None
    if body.calendar is not None:
        open_ones = BusinessCalendar.objects.filter(archived_at=None)
        calendar = get_object_or_404(open_ones, pk=body.calendar)
    ways: dict[str, choices.Ways] = {kind: choices.Ways(**way.dict()) for kind, way in body.ways.items()}
    hour, language = body.digest_hour, body.language
    choices.choose(user_of(request), ways=ways, digest_hour=hour, calendar=calendar, language=language)
    return _chosen(user_of(request))


@router.get("/robots", response={200: list[RobotOut], codes_4xx: NoticeProblem})
def list_robots(request: HttpRequest) -> Any:
    allowed(request, "cases.assign")
    return list(Robot.objects.visible_to(user_of(request)).select_related("unit"))


@router.post("/robots", response={200: RobotOut, codes_4xx: NoticeProblem})
def make_robot(request: HttpRequest, body: RobotIn) -> Any:
    allowed(request, "cases.assign")
    if not body.address:
        raise HttpError(422, "an address is needed")
    return _saved(request, Robot(), body)


@router.put("/robots/{int:pk}", response={200: RobotOut, codes_4xx: NoticeProblem})
def change_robot(request: HttpRequest, pk: int, body: RobotIn) -> Any:
    return _saved(request, _robot(request, pk), body)


@router.post("/robots/{int:pk}/hello", response={200: RobotTriedOut, codes_4xx: NoticeProblem})
def try_robot(request: HttpRequest, pk: int) -> Any:
    """Let it say hello in its group chat."""
    why = robots.try_out(_robot(request, pk), by=user_of(request))
    return {"works": not why, "why": why}


@router.delete("/robots/{int:pk}", response={200: RobotOut, codes_4xx: NoticeProblem})
def archive_robot(request: HttpRequest, pk: int) -> Any:
    robots.archive(_robot(request, pk), by=user_of(request))
    return _robot(request, pk)


@router.post("/robots/{int:pk}/restore", response={200: RobotOut, codes_4xx: NoticeProblem})
def restore_robot(request: HttpRequest, pk: int) -> Any:
    robots.restore(_robot(request, pk), by=user_of(request))
    return _robot(request, pk)


def _saved(request: HttpRequest, robot: Robot, body: RobotIn) -> Robot:
    given = body.dict()
    given["unit"] = get_object_or_404(Unit.objects.visible_to(user_of(request)), code=body.unit)
    if body.address:
        try:
            outgoing.checked(body.address)
        except outgoing.Refused as error:
            raise HttpError(422, str(error)) from error
    for name, value in given.items():
        if name not in ("address", "secret") or value:
            setattr(robot, name, value)
    return robots.save(robot, by=user_of(request))


def _chosen(user: User) -> dict[str, Any]:
    hours = choices.hours_of(user)
    ways = {kind: WaysIn(**vars(way)) for kind, way in choices.choices_of(user).items()}
    language = user.language or settings.LANGUAGE_CODE
    return {
        "ways": ways,
        "digest_hour": hours.digest_hour,
        "calendar": hours.calendar_id,
        "language": language,
    }


def _robot(request: HttpRequest, pk: int) -> Robot:
    allowed(request, "cases.assign")
    found: Robot = get_object_or_404(Robot.objects.visible_to(user_of(request)).select_related("unit"), pk=pk)
    return found
