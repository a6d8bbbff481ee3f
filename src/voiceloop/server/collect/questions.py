"""What a survey asks, declared: questions with texts in both languages, chips and follow-ups per score class.

The content of a `SurveyVersion` is this declaration as JSON; a customer's answer stores the ids written
here, never a label, so that a wording or a language can change and the answers stay comparable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voiceloop.analytics.scales import CLASSES, SCALES, Scale

Kind = Literal["nps", "score", "choice", "chips", "text", "contact"]
ScoreClass = Literal["promoter", "passive", "detractor", "unclassified"]
NPS_SCALES = ("nps_0_10", "nps_signed")
# Scales with a button for each point; csat_0_100 only comes from files.
ASKED_SCALES = tuple(id for id, scale in SCALES.items() if len(scale.points) <= 21 and id != "csat_0_100")
PLACEHOLDERS = frozenset({"company", "touchpoint", "date"})
ID = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_BRACES = re.compile(r"\{(\w*)\}")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    zh: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        """The text in a language, or in the other one where it is missing."""
        return (self.en or self.zh) if language.startswith("en") else (self.zh or self.en)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


class Option(Part):
    id: str
    text: Text


class Branch(Part):
    """What those of one score class are asked instead."""

    text: Text = Text()
    options: tuple[Option, ...] = ()


class Question(Part):
    id: str
    kind: Kind
    text: Text
    scale: str = ""
    low: Text = Text()
    high: Text = Text()
    options: tuple[Option, ...] = ()
    by_class: dict[ScoreClass, Branch] = Field(default_factory=dict)
    # Empty: everybody is asked.
    show_for: tuple[ScoreClass, ...] = ()
    max_length: int = Field(default=500, ge=1, le=2000)

    @property
    def is_score(self) -> bool:
        return self.kind in ("nps", "score")

    @property
    def has_options(self) -> bool:
        return self.kind in ("choice", "chips")

    def is_shown_to(self, score_class: str) -> bool:
        return not self.show_for or score_class in self.show_for

    def text_for(self, score_class: str) -> Text:
        branch = self.by_class.get(score_class)  # type: ignore[call-overload]  # any string may be asked for
        return branch.text if branch and branch.text else self.text

    def options_for(self, score_class: str) -> tuple[Option, ...]:
        branch = self.by_class.get(score_class)  # type: ignore[call-overload]
        return branch.options if branch and branch.options else self.options

    @property
    def points(self) -> tuple[int, ...]:
        """The scores that can be tapped: whole numbers, also of half-star scales."""
        return tuple(int(point) for point in SCALES[self.scale].points if point == int(point))


class Questionnaire(Part):
    format: Literal[1] = 1
    intro: Text = Text()
    questions: tuple[Question, ...]
    thanks: Text = Text()
    thanks_more: Text = Text()
    thanks_by_class: dict[ScoreClass, Text] = Field(default_factory=dict)

    @property
    def lead(self) -> Question:
        """The score that stands alone on the first screen and decides what follows."""
        return next(q for q in self.questions if q.is_score)

    @property
    def rest(self) -> tuple[Question, ...]:
        return tuple(q for q in self.questions if q is not self.lead)

    @property
    def scale(self) -> Scale:
        return SCALES[self.lead.scale]

    def class_of(self, score: float) -> str:
        return self.scale.class_of(score)

    def shown_to(self, score_class: str) -> tuple[Question, ...]:
        return tuple(q for q in self.rest if q.is_shown_to(score_class))

    def question(self, id: str) -> Question | None:
        return next((q for q in self.questions if q.id == id), None)


@dataclass(frozen=True)
class Problem:
    """Something that keeps a survey from being published: where it is, and what is wrong."""

    at: str
    message: str

    def __str__(self) -> str:
        return f"{self.at}: {self.message}" if self.at else self.message


class InvalidQuestions(ValueError):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


def read(content: Any) -> Questionnaire:
    """The declaration as a typed value; raises `InvalidQuestions` where its shape is wrong."""
    try:
        return Questionnaire.model_validate(content)
    except ValidationError as error:
        raise InvalidQuestions([_shape_problem(e) for e in error.errors()]) from error


def checked(content: Any) -> Questionnaire:
    """The declaration, when it can be asked; raises `InvalidQuestions` with every problem otherwise."""
    questionnaire = read(content)
    if problems := problems_of(questionnaire):
        raise InvalidQuestions(problems)
    return questionnaire


def problems_of(questionnaire: Questionnaire) -> list[Problem]:
    """Every mistake that can be seen without asking anybody."""
    return list(_survey_problems(questionnaire))


@lru_cache(maxsize=256)
def published(version_id: int) -> Questionnaire:
    """A published version never changes, so it is read once a process."""
    from voiceloop.server.collect.models import SurveyVersion

    return read(SurveyVersion.objects.values_list("content", flat=True).get(pk=version_id))


def _shape_problem(error: Any) -> Problem:
    return Problem(".".join(str(part) for part in error["loc"]), error["msg"])


def _survey_problems(questionnaire: Questionnaire) -> Iterator[Problem]:
    scores = [q for q in questionnaire.questions if q.is_score]
    ids = [q.id for q in questionnaire.questions]
    if not scores:
        yield Problem("", _("A survey needs at least one score question."))
    elif questionnaire.questions[0] is not scores[0]:
        yield Problem("", _("The first question must be a score: what follows depends on it."))
    yield from (
        Problem(id, _("Two questions have this id.")) for id in {id for id in ids if ids.count(id) > 1}
    )
    if sum(q.kind == "contact" for q in questionnaire.questions) > 1:
        yield Problem("", _("A survey asks only once whether it may contact the customer."))
    for q in questionnaire.questions:
        yield from _question_problems(q)
        if scores and scores[0].scale in SCALES:
            yield from _branch_problems(q, q is scores[0], SCALES[scores[0].scale])
    yield from _text_problems("intro", questionnaire.intro, needed=False)
    yield from _text_problems("thanks", questionnaire.thanks, needed=False)


def _question_problems(q: Question) -> Iterator[Problem]:
    if not ID.match(q.id):
        yield Problem(q.id, _("An id begins with a small letter and holds small letters, digits and _."))
    yield from _text_problems(q.id, q.text, needed=True)
    if q.kind == "nps" and q.scale not in NPS_SCALES:
        yield Problem(q.id, _("A recommendation question needs the scale 0–10 or −10..+10."))
    if q.kind == "score" and q.scale not in ASKED_SCALES:
        yield Problem(
            q.id, _("This scale cannot be asked on a screen: %(scale)s") % {"scale": q.scale or "—"}
        )
    if not q.is_score and q.scale:
        yield Problem(q.id, _("Only score questions have a scale."))
    if q.is_score:
        yield from _text_problems(q.id, q.low, needed=True)
        yield from _text_problems(q.id, q.high, needed=True)
    if not q.has_options and (q.options or any(b.options for b in q.by_class.values())):
        yield Problem(q.id, _("Only choices and chips have options."))


def _branch_problems(q: Question, is_lead: bool, scale: Scale) -> Iterator[Problem]:
    reachable = {scale.class_of(point) for point in scale.points}
    if is_lead and (q.show_for or q.by_class):
        yield Problem(q.id, _("The first score is asked of everybody, in one wording."))
    for name in {*map(str, q.show_for), *map(str, q.by_class)} - reachable:
        yield Problem(q.id, _("No score of this scale is in the class %(name)s.") % {"name": name})
    for name in sorted(reachable, key=CLASSES.index):
        if q.is_shown_to(name):
            yield from _options_problems(q, name)
    for name, branch in q.by_class.items():
        if not q.is_shown_to(name):
            yield Problem(q.id, _("It has a wording for %(name)s, who never see it.") % {"name": name})
        yield from _text_problems(f"{q.id}.{name}", branch.text, needed=False)


def _options_problems(q: Question, score_class: str) -> Iterator[Problem]:
    if not q.has_options:
        return
    options = q.options_for(score_class)
    at = f"{q.id}.{score_class}" if q.by_class else q.id
    if len(options) < 2:
        yield Problem(at, _("At least two options are needed."))
    ids = [option.id for option in options]
    for option in options:
        if not ID.match(option.id):
            yield Problem(
                f"{at}.{option.id}",
                _("An id begins with a small letter and holds small letters, digits and _."),
            )
        yield from _text_problems(f"{at}.{option.id}", option.text, needed=True)
    yield from (
        Problem(at, _("Two options have the id %(id)s.") % {"id": id})
        for id in {i for i in ids if ids.count(i) > 1}
    )


def _text_problems(at: str, text: Text, *, needed: bool) -> Iterator[Problem]:
    if needed and not text:
        yield Problem(at, _("A text is missing."))
    elif text and not (text.zh and text.en):
        yield Problem(at, _("The text is missing in one language."))
    for name in _BRACES.findall(text.zh + text.en):
        if name not in PLACEHOLDERS:
            yield Problem(at, _("Unknown placeholder {%(name)s}.") % {"name": name})


def fill(text: str, values: dict[str, str]) -> str:
    """Put the known placeholders in; anything else in braces stays as it was written."""
    return _BRACES.sub(lambda match: values.get(match.group(1), match.group(0)), text)
