"""What the language model is good for: a summary with its sources, and the draft of a reply."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.assistant import asking
from voiceloop.server.understand.assistant.faults import Fault
from voiceloop.server.understand.assistant.masking import masked, names_of
from voiceloop.server.understand.models import AssistantCall

# Our choice: what fits into small models, and what a person can check.
MOST_COMMENTS, LONGEST_COMMENT, MOST_POINTS = 60, 600, 8
FENCE = re.compile(r"^```\w*\s*|\s*```$")


@cache
def prompt(use: str, language: str) -> str:
    """What it is told, in the language of the answer."""
    told = tomllib.loads(files(__package__).joinpath("prompts.toml").read_text("utf-8"))
    return str(told[use]["en" if language == "en" else "zh"])


@dataclass(frozen=True)
class Point:
    """One finding and the comments it rests on."""

    text: str
    sources: list[int]


@dataclass(frozen=True)
class Summary:
    """Points whose sources exist; `n_unproven` were left out because they named none of what was sent."""

    points: list[Point] = field(default_factory=list)
    n_comments: int = 0
    n_unproven: int = 0


def summarise(verbatims: list[Verbatim], *, by: User, language: str) -> Summary:
    some = verbatims[:MOST_COMMENTS]
    if not some:
        raise Fault("nothing")
    names = names_of(verbatim.response.customer for verbatim in some)
    lines = [f"[{one.pk}] {masked(one.text, names)[:LONGEST_COMMENT]}" for one in some]
    messages = [
        {"role": "system", "content": prompt("summary", language)},
        {"role": "user", "content": "\n".join(line.replace("\r", " ") for line in lines)},
    ]
    answer = asking.ask(messages, use=AssistantCall.Use.SUMMARY, by=by, n_comments=len(some))
    return _checked(answer, {verbatim.pk for verbatim in some})


def draft(verbatim: Verbatim, *, by: User) -> str:
    """In the language of the comment; a person reads, changes and sends it."""
    names = names_of([verbatim.response.customer])
    reasons = [label("reason", note.label) for note in verbatim.annotations.filter(kind="reason")]
    text = masked(verbatim.text, names)[: 4 * LONGEST_COMMENT]
    about = f"\n({', '.join(reasons)})" if reasons else ""
    messages = [
        {"role": "system", "content": prompt("reply", verbatim.language)},
        {"role": "user", "content": text + about},
    ]
    return asking.ask(messages, use=AssistantCall.Use.REPLY, by=by, n_comments=1)


def trial(*, by: User) -> str:
    messages = [{"role": "user", "content": "Answer with one word: OK"}]
    return asking.ask(messages, use=AssistantCall.Use.TRIAL, by=by)[:200]


def _checked(answer: str, known: set[int]) -> Summary:
    """Only what rests on comments that were sent; models make up sources."""
    try:
        points = json.loads(FENCE.sub("", answer.strip()))["points"]
        found = [(str(point["text"]).strip(), list(point["ids"])) for point in points]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Fault("garbage") from error
    proven = [
        Point(text, sources)
        for text, ids in found
        if text and (sources := [one for one in dict.fromkeys(map(_number, ids)) if one in known])
    ]
    return Summary(proven[:MOST_POINTS], len(known), len(found) - len(proven))


def _number(value: object) -> int:
    digits = re.sub(r"\D", "", str(value))[:18]
    return int(digits) if digits else 0
