"""Answers as they come from outside, checked against the questions they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from voiceloop.analytics.scales import SCALES
from voiceloop.server.collect.questions import Question, Questionnaire


class InvalidAnswer(ValueError):
    """An answer that its question cannot have."""


@dataclass(frozen=True)
class Contact:
    wanted: bool
    to: str = ""


@dataclass
class Given:
    """What one post says; an empty text or list takes the earlier answer back."""

    scores: dict[str, tuple[str, float]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    contact: Contact | None = None


def understood(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Given:
    """Check every answer; raises `InvalidAnswer` for an unknown question, score or option."""
    given = Given()
    for id, value in answers.items():
        question = questionnaire.question(id)
        if question is None:
            raise InvalidAnswer(_("There is no question “%(id)s”.") % {"id": id})
        _take(given, question, value)
    return given


def _take(given: Given, question: Question, value: Any) -> None:
    if question.is_score:
        given.scores[question.id] = (question.scale, _score(question, value))
    elif question.has_options:
        given.options[question.id] = _chosen(question, value)
    elif question.kind == "text":
        given.texts[question.id] = str(value).replace("\x00", "").strip()[: question.max_length]
    else:
        wanted = value if isinstance(value, Mapping) else {"wanted": value}
        to = str(wanted.get("to") or "").replace("\x00", "").strip()[:120]
        given.contact = Contact(bool(wanted.get("wanted")), to)


def _score(question: Question, value: Any) -> float:
    try:
        score = float(value)
    except (TypeError, ValueError):
        score = float("nan")
    if not SCALES[question.scale].holds(score):
        raise InvalidAnswer(_("%(value)s is not a score of this question.") % {"value": str(value)[:20]})
    return score


def _chosen(question: Question, value: Any) -> list[str]:
    ids = [value] if isinstance(value, str) else list(value or ())
    ids = list(dict.fromkeys(id for id in ids if id))
    branches = [question.options, *(branch.options for branch in question.by_class.values())]
    known = {option.id for options in branches for option in options}
    if not known.issuperset(ids) or (question.kind == "choice" and len(ids) > 1):
        raise InvalidAnswer(_("This is not an option of the question."))
    return ids
