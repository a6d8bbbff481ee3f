"""The voice page for programs: its comments, its lanes and its heatmap, within the caller's rights."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from django.http import HttpRequest, QueryDict
from ninja import Field, Query, Router, Schema, Status

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand import lanes as laning
from voiceloop.server.understand import tally, voice_heat
from voiceloop.server.understand.quotes import Quote, quotes
from voiceloop.server.understand.voice_asked import Asked

router = Router(tags=["voice"])
Answers: dict[int, Any] = {403: Problem, 422: Problem}
MOST = 500


class EvidenceOut(Schema):
    """Characters `start` up to, not including, `end` of the text, and how much they weigh."""

    start: int
    end: int
    weight: float


class LabelOut(Schema):
    kind: str
    label: str
    polarity: int | None
    probability: float | None
    evidence: list[EvidenceOut]
    by_a_person: bool


class CommentOut(Schema):
    id: int
    response_id: int
    customer_id: int | None
    case_id: int | None
    at: datetime
    text: str
    score: float | None
    score_class: str
    labels: list[LabelOut]


class CommentsOut(Schema):
    """`n` is how many there are, counted up to 10,000."""

    n: int
    items: list[CommentOut]


class PageIn(Schema):
    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=100_000)


class HeatIn(Schema):
    by: Literal["touchpoint", "channel", "region", "segment", "team", "unit", "stage", "month"] = "touchpoint"
    show: Literal["negative", "positive", "net"] = "negative"
    against: Literal["rest", "before"] = "rest"


@router.get("/voice", response={200: CommentsOut, **Answers})
def comments(request: HttpRequest, page: Query[PageIn]) -> Any:
    """Comments, newest first; every other parameter is a filter, as on the voice page."""
    user = allowed(request, "voice.see")
    try:
        rows = _asked(user, request).rows(user)
        n = rows.order_by()[:10_000].count()
        found = list(rows[page.offset : page.offset + page.limit])
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})
    may_know = user.may("customers.see")
    pairs = zip(quotes(found), found, strict=True)
    return {"n": n, "items": [_comment(quote, row, may_know) for quote, row in pairs]}


@router.get("/voice/lanes", response={200: dict[str, Any], **Answers})
def lanes(request: HttpRequest) -> Any:
    """Praise, problems and suggestions: counts, shares, change with its verdict, trend and coverage."""
    user = allowed(request, "measure.see")
    try:
        asked = _asked(user, request)
        now, before = tally.tally(user, asked), asked.before()
        then = tally.tally(user, before, over_time=False) if before else None
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})
    return {
        "n_comments": now.n_comments,
        "lanes": [lane.to_dict() for lane in laning.lanes(now, then)],
        "understood": laning.understood(now).to_dict(),
        "n_waiting": tally.waiting(user, asked),
        "as_of": now.as_of,
        "source": now.source,
        "method": now.share(laning.understood(now).metric, "voice", [], tally.VOICES).method,
    }


@router.get("/voice/heat", response={200: dict[str, Any], **Answers})
def heat(request: HttpRequest, how: Query[HeatIn]) -> Any:
    """How often each reason is named in each group, and which cells differ by more than chance."""
    user = allowed(request, "measure.see")
    try:
        asked = voice_heat.plain(_asked(user, request))
        found = voice_heat.heat(asked, how.show, how.by, how.against)
    except AnalyticsError as error:
        return Status(422, {"detail": error.say("en")})
    return {
        "by": how.by,
        "show": how.show,
        "against": how.against,
        "columns": [{"code": code, "name": name, "n": n} for code, name, n in found.columns],
        "rows": [
            {"reason": line.code, "name": line.name, "cells": [_cell(cell) for cell in line.cells]}
            for line in found.lines
        ],
        "n_signals": found.n_signals,
        "n_looks": found.n_looks,
        "n_columns_left_out": found.cut,
    }


def _cell(cell: voice_heat.Cell) -> dict[str, Any] | None:
    if cell.row is None:
        return None
    figure = {"n": cell.row.n, "value": cell.row.value, "low": cell.row.low, "high": cell.row.high}
    return {**figure, "difference": vars(cell.look) if cell.look else None, "href": cell.href}


def _comment(quote: Quote, row: Any, may_know: bool) -> dict[str, Any]:
    return {
        "id": row.pk,
        "response_id": row.response_id,
        "customer_id": row.response.customer_id if may_know else None,
        "case_id": quote.case.pk if quote.case else None,
        "at": row.response.at,
        "text": row.text,
        "score": quote.voice.score,
        "score_class": quote.voice.score_class,
        "labels": [_label(note) for note in row.annotations.all()],
    }


def _label(note: Any) -> dict[str, Any]:
    evidence = [dict(zip(("start", "end", "weight"), span, strict=True)) for span in note.evidence]
    names = ("kind", "label", "polarity", "probability")
    found = {name: getattr(note, name) for name in names}
    return found | {"evidence": evidence, "by_a_person": note.by_id is not None}


def _asked(user: User, request: HttpRequest) -> Asked:
    return Asked.of(user, cast(QueryDict, request.GET))
