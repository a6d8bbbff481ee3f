"""Saved views for programs: the same verbs as on the pages, and each answered within the caller's rights."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import User
from voiceloop.server.core.problem import Problem
from voiceloop.server.measure import saved_views, schedules
from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports.plain import document
from voiceloop.server.measure.models import SavedView, Schedule
from voiceloop.server.measure.saved_forms import LAST_DAY

router = Router(tags=["saved views"])


class ViewOut(Schema):
    id: int
    name: str
    page: str
    query: str
    is_shared: bool
    owner_id: int
    changed_at: datetime


class ViewIn(Schema):
    """`query` is the page's address after the `?`; `page` is explore or voice and is never changed."""

    name: str = Field(min_length=1, max_length=saved_views.LONGEST)
    page: str = "explore"
    query: str = ""
    is_shared: bool = False


class ScheduleOut(Schema):
    id: int
    view_id: int
    every: str
    day: int
    minute: int
    next_at: datetime
    ended_at: datetime | None


class ScheduleIn(Schema):
    every: Literal["day", "week", "month"]
    day: int = Field(0, ge=0, le=LAST_DAY)
    minute: int = Field(480, ge=0, lt=1440)
    receivers: list[int] = Field(min_length=1)


Answers = {403: Problem, 404: Problem, 422: Problem}


@router.get("/views", response={200: list[ViewOut], 403: Problem})
def views(request: HttpRequest) -> Any:
    return list(saved_views.visible(_reader(request)))


@router.post("/views", response={201: ViewOut, **Answers})
def save(request: HttpRequest, body: ViewIn) -> Any:
    try:
        return Status(201, saved_views.save(by=_reader(request), **body.dict()))
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})


@router.get("/views/{pk}", response={200: dict[str, Any], **Answers})
def answer(request: HttpRequest, pk: int) -> Any:
    """The view's figures, now: what its JSON file says."""
    user = _reader(request)
    view = get_object_or_404(saved_views.visible(user).filter(page="explore"), pk=pk)
    try:
        return document(Exploration(saved_views.asked_by(view, user)))
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})


@router.put("/views/{pk}", response={200: ViewOut, **Answers})
def change(request: HttpRequest, pk: int, body: ViewIn) -> Any:
    try:
        return saved_views.change(_own(request, pk), by=_reader(request), **body.dict(exclude={"page"}))
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})


@router.delete("/views/{pk}", response={204: None, 403: Problem, 404: Problem})
def remove(request: HttpRequest, pk: int) -> Any:
    saved_views.remove(_own(request, pk), by=_reader(request))
    return Status(204, None)


@router.post("/views/{pk}/restoration", response={200: ViewOut, 403: Problem, 404: Problem})
def restore(request: HttpRequest, pk: int) -> Any:
    user = _reader(request)
    view = get_object_or_404(SavedView.objects.changeable_by(user), pk=pk)
    saved_views.restore(view, by=user)
    view.refresh_from_db()
    return view


@router.post("/views/{pk}/mails", response={201: ScheduleOut, **Answers})
def plan(request: HttpRequest, pk: int, body: ScheduleIn) -> Any:
    user, view = _reader(request), _own(request, pk)
    if view.page != "explore":
        return Status(422, {"detail": "Only views of the explore page are mailed."})
    people = list(User.objects.visible_to(user).filter(pk__in=body.receivers, is_active=True))
    if len(people) < len(set(body.receivers)) or not _is_day(body):
        return Status(422, {"detail": "Unknown receiver, or no such day."})
    said = body.dict(exclude={"receivers"})
    return Status(201, schedules.plan(view, by=user, receivers=people, **said))


@router.delete("/mails/{pk}", response={204: None, 403: Problem, 404: Problem})
def end(request: HttpRequest, pk: int) -> Any:
    user = _reader(request)
    schedules.end(get_object_or_404(Schedule.objects.visible_to(user).filter(by=user), pk=pk), by=user)
    return Status(204, None)


def _is_day(body: ScheduleIn) -> bool:
    return {"day": True, "week": body.day < 7, "month": body.day >= 1}[body.every]


def _reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not user.may("measure.see"):
        raise PermissionError
    return user


def _own(request: HttpRequest, pk: int) -> SavedView:
    rows = SavedView.objects.changeable_by(_reader(request)).kept()
    found: SavedView = get_object_or_404(rows, pk=pk)
    return found
