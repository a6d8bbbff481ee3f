"""Endpoints of themes and of search."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja import Router, Schema, Status

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import User
from voiceloop.server.core.problem import Problem
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import search, themes, themes_finding, themes_page, voices
from voiceloop.server.understand.themes_models import Theme
from voiceloop.server.understand.views_themes import company_of

router = Router(tags=["understand"])
MOST = 200


class ThemeOut(Schema):
    id: int
    key: str
    name: str
    phrases: list[str]
    n: int
    negative: int
    positive: int
    trend: list[float]
    is_new: bool
    rises: bool
    x: float
    y: float
    born_at: datetime


class ThemesOut(Schema):
    n: int
    coverage: float | None
    themes: list[ThemeOut]


class ThemeIn(Schema):
    """What a person makes of a theme; what is left out stays as it is."""

    name: str | None = None
    into: int | None = None
    is_archived: bool | None = None


class ThemeStateOut(Schema):
    id: int
    key: str
    name: str
    is_archived: bool
    merged_into: int | None


class RunOut(Schema):
    id: int
    state: str
    n_done: int
    n_total: int
    coverage: float | None


class FoundOut(Schema):
    id: int
    score: float
    at: datetime
    text: str
    spans: list[tuple[int, int]]


class SearchOut(Schema):
    query: str
    n: int
    found: list[FoundOut]


@router.get("/themes", response={200: ThemesOut, 403: Problem, 422: Problem})
def list_themes(request: HttpRequest) -> Any:
    """Themes of a slice; every parameter is a filter: `since`, `until`, `days`, or a dimension."""
    user = _allowed(request, "voice.see")
    try:
        part = Slice.of(user, request.GET)
        lines = themes_page.lines(user, part)
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
    n, covered = themes_page.coverage(user, part, lines)
    return {"n": n, "coverage": covered, "themes": [_out(line) for line in lines]}


@router.patch("/themes/{int:pk}", response={200: ThemeStateOut, 403: Problem, 404: Problem, 422: Problem})
def change_theme(request: HttpRequest, pk: int, body: ThemeIn) -> Any:
    """Rename, merge or archive a theme; `is_archived: false` takes an archiving or a merger back."""
    user = _of_the_company(request)
    mine = themes.changeable_by(user)
    theme = get_object_or_404(mine, pk=pk)
    try:
        if body.name is not None:
            theme = themes.rename(theme, by=user, name=body.name)
        if body.into is not None:
            theme = themes.merge(theme, by=user, into=get_object_or_404(mine, pk=body.into))
        if body.is_archived is not None:
            theme = (themes.archive if body.is_archived else themes.restore)(theme, by=user)
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
    return _state(theme)


@router.post("/themes/runs", response={200: RunOut, 403: Problem})
def find_themes(request: HttpRequest) -> Any:
    """Find the themes anew, as every night does."""
    user = _of_the_company(request)
    return themes_finding.start(company_of(user), by=user)


@router.get("/verbatims/search", response={200: SearchOut, 403: Problem, 422: Problem})
def search_verbatims(request: HttpRequest, q: str, limit: int = 20) -> Any:
    """Comments by words, "exact phrases" and -what must not be there; every other parameter is a filter."""
    user = _allowed(request, "voice.see")
    try:
        part = Slice.of(user, request.GET)
        found = search.ranked(user, part, q, max(1, min(limit, MOST)))
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
    rows = voices.in_slice(user, part).in_bulk([pk for pk, _ in found])
    hits = [(rows[pk], score) for pk, score in found if pk in rows]
    return {"query": q, "n": len(hits), "found": [_hit(row, score, q) for row, score in hits]}


def _hit(row: Any, score: float, query: str) -> dict[str, Any]:
    spans = search.marks(row.text, query)
    return {"id": row.pk, "score": round(score, 4), "at": row.response.at, "text": row.text, "spans": spans}


def _out(line: themes_page.Line) -> dict[str, Any]:
    theme: Theme = line.theme
    names = ("key", "phrases", "is_new", "rises", "x", "y", "born_at")
    counted = {"n": line.n, "negative": line.negative, "positive": line.positive, "trend": line.trend}
    return {"id": theme.pk, "name": str(theme), **counted, **{name: getattr(theme, name) for name in names}}


def _state(theme: Theme) -> dict[str, Any]:
    return {
        "id": theme.pk,
        "key": theme.key,
        "name": str(theme),
        "is_archived": theme.archived_at is not None,
        "merged_into": theme.merged_into_id,
    }


def _allowed(request: HttpRequest, right: str) -> User:
    user = cast(User, request.user)
    if not user.may(right):
        raise PermissionError
    return user


def _of_the_company(request: HttpRequest) -> User:
    return _allowed(request, "voice.teach")
