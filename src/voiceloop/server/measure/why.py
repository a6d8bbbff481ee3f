"""Behind a figure: what changed it, whether it left its usual level, and who is missing from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from django.utils.translation import get_language

from voiceloop.analytics.change import REST, explain_change
from voiceloop.analytics.control import control_chart
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.explained import Contribution
from voiceloop.analytics.metric import Duration
from voiceloop.analytics.missing import NonResponse
from voiceloop.analytics.nonresponse import non_response
from voiceloop.server.measure import numbers
from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.charts import Picture, draw, in_unit
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store.sync import lake

# A usual level is known after a while: half a year of weeks, two of months.
WATCHED = {"day": 60, "week": 182, "month": 730, "quarter": 1825, "year": 3650}
MOST_GROUPS = 12
RAKED_BY = ("channel", "tier")

T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """One part of the panel: what it says, its picture, or the sentence that says why there is none."""

    says: str = ""
    picture: Picture | None = None
    problem: str = ""
    found: Any = None


@dataclass(frozen=True)
class Step:
    """What one group adds to the change."""

    name: str
    of: Contribution


def panel(asked: Asked) -> dict[str, Any]:
    return {
        "change": _tried(_change, asked),
        "control": _tried(_control, asked),
        "missing": _tried(_missing, asked),
    }


def _tried(make: Callable[[Asked], Part], asked: Asked) -> Part:
    try:
        return make(asked)
    except AnalyticsError as error:
        return Part(problem=error.say(get_language() or "zh"))


def _change(asked: Asked) -> Part:
    now, then = asked.part, asked.other or asked.part.before()
    if then is None or not (now.since and now.until and then.since and then.until) or now.where != then.where:
        raise AnalyticsError(
            "A change is explained between two periods: choose one, compared with another.",
            "变化的分解需要两个时段：请选择一个时段，并与另一个时段比较。",
        )
    found = explain_change(
        lake(), asked.metric, before=(then.since, then.until), after=(now.since, now.until),
        by=asked.by or ("touchpoint",), where=now.where, weighted=asked.weighted, min_n=numbers.MIN_N,
    )  # fmt: skip
    steps = [Step(_name(group), group) for group in found.groups[:MOST_GROUPS]]
    picture = in_unit(draw("waterfall", found, height=230), asked.metric)
    return Part(_said(found), picture, found={"change": found, "steps": steps})


def _control(asked: Asked) -> Part:
    every = asked.every or "week"
    watched = _longer(asked.part, WATCHED[every])
    result = numbers.result(asked.metric, watched, every=every, weighted=asked.weighted)
    if isinstance(asked.metric, Duration):
        raise AnalyticsError("A median has no control chart.", "中位数没有控制图。")
    series = [(row.key["period"], row.parts) for row in result.rows]
    found = control_chart(series, asked.metric, result.scale)  # type: ignore[arg-type]  # periods are days
    picture = in_unit(draw("control", found, every=every, height=230), asked.metric)
    return Part(picture.finding, picture, found=found)


def _missing(asked: Asked) -> Part:
    """Weighted to those who were asked, beside the raw figure."""
    arguments = asked.part.arguments()
    found: NonResponse = non_response(lake(), asked.metric, by=_raked_by(asked), **arguments)
    return Part(in_names(_said(found), found), found=found)


def in_names(sentence: str, found: NonResponse) -> str:
    """The sentence with the names that people know in place of the codes."""
    for one in found.slices:
        named = f"{dimension_label(one.dimension)} {label(one.dimension, one.value)}"
        sentence = sentence.replace(f"{one.dimension} {one.value}", named)
    return sentence


def _raked_by(asked: Asked) -> tuple[str, ...]:
    return asked.by or RAKED_BY


def _longer(part: Slice, days: int) -> Slice:
    """At least so many days up to the end of a slice."""
    if part.since is None or part.until is None:
        return part
    return replace(part, since=min(part.since, part.until - timedelta(days=days)), days=None)


def _said(found: Any) -> str:
    return str(found.says_en if get_language() == "en" else found.says_zh)


def _name(group: Contribution) -> str:
    return " · ".join(REST if code == REST else label(name, code) for name, code in group.key.items())
