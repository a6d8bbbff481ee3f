"""Comparison across industries, sizes and cultures, for programs."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Schema, Status
from pydantic import Field

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.measure import benchmarks as verbs
from voiceloop.server.measure.benchmarks_reading import own_circumstances
from voiceloop.server.measure.styles import Comparison, Line

router = Router(tags=["benchmarks"])
REFUSED = {403: Problem, 422: Problem}


class EstimateOut(Schema):
    value: float
    low: float
    high: float


class StyleItemOut(Schema):
    question: str
    difference: EstimateOut
    is_alike: bool


class StyleDifferenceOut(Schema):
    """Group less reference, points of the scale; `stretch` is a ratio."""

    raw: EstimateOut
    alike: EstimateOut
    by_style: EstimateOut
    stretch: EstimateOut
    items: list[StyleItemOut]
    verdict: Literal["signal", "style", "noise"]


class StyleGroupOut(Schema):
    """Indices in per cent of the answers; the reference has no difference."""

    code: str
    name: str
    respondents: int
    answers: int
    mean: EstimateOut
    extreme: EstimateOut
    midpoint: EstimateOut | None
    acquiescence: EstimateOut
    difference: StyleDifferenceOut | None
    sentence: str


class StylesOut(Schema):
    by: str
    scale: str | None
    items: list[str]
    finding: str
    groups: list[StyleGroupOut]
    n_left_out: int


class CircumstancesIn(Schema):
    industry: str = Field("", max_length=64)
    size: str = Field("", max_length=64)
    country: str = Field("", max_length=64)
    mode: str = Field("", max_length=64, description="How customers are asked: telephone, SMS, web …")


@router.get("/group-styles", response={200: StylesOut, **REFUSED})
def group_styles(request: HttpRequest) -> Any:
    """Groups over all items of one scale, raw and as if all used it alike.

    `by` is language, region, segment or an attribute that says country, industry or size; `on` a scale;
    `against` the group that the others are compared with.
    """
    user = allowed(request, "measure.see")
    try:
        return _comparison(Comparison(user, request.GET))
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})


@router.get("/circumstances", response={200: CircumstancesIn, 403: Problem})
def get_circumstances(request: HttpRequest) -> Any:
    """What we are compared as."""
    return own_circumstances(allowed(request, "measure.see"))


@router.put("/circumstances", response={200: CircumstancesIn, **REFUSED})
def put_circumstances(request: HttpRequest, body: CircumstancesIn) -> Any:
    user = allowed(request, "targets.edit")
    if user.unit is None:
        return Status(422, {"detail": "you belong to no unit"})
    return verbs.say_circumstances(by=user, **body.dict())


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "by": found.by,
        "scale": found.found.scale.id if found.found.scale else None,
        "items": list(found.found.items),
        "finding": found.finding,
        "groups": [_group(line, found.found.items) for line in found.lines],
        "n_left_out": len(found.found.left_out),
    }


def _group(line: Line, items: tuple[str, ...]) -> dict[str, Any]:
    group, use = line.group, line.group.style
    return {
        "code": group.code,
        "name": line.name,
        "respondents": group.respondents,
        "sentence": line.sentence,
        **{name: getattr(use, name) for name in ("answers", "mean", "extreme", "midpoint", "acquiescence")},
        "difference": _difference(group.compared, items) if group.compared else None,
    }


def _difference(found: Any, items: tuple[str, ...]) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in ("raw", "alike", "by_style", "stretch", "verdict")}
    several = zip(items, found.items, strict=True)
    return told | {
        "items": [
            {"question": code, "difference": one.difference, "is_alike": one.is_alike}
            for code, one in several
        ]
    }
