"""The survey as a form: what its page shows, and what came back from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from voiceloop.analytics.scales import CLASSES, UNCLASSIFIED
from voiceloop.server.collect.questions import Question, Questionnaire, fill

# One letter a class in the page's markup: it is sent to phones.
LETTER = {"promoter": "p", "passive": "n", "detractor": "d", UNCLASSIFIED: "u"}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_on: bool
    letter: str = ""
    aria: str = ""


@dataclass(frozen=True)
class Block:
    """One question as it is asked of one or more score classes."""

    kind: str
    name: str
    text: str
    letters: str
    is_hidden: bool
    choices: tuple[Choice, ...] = ()
    value: str = ""
    low: str = ""
    high: str = ""
    max_length: int = 0
    columns: int = 6


def field_name(question: Question, score_class: str = "") -> str:
    branched = score_class if score_class in question.by_class else ""
    return f"q-{question.id}-{branched}" if branched else f"q-{question.id}"


def answers_in(questionnaire: Questionnaire, post: QueryDict) -> dict[str, Any]:
    """The answers in a posted form; of the branches, only those of the chosen score's class."""
    raw = post.get(field_name(questionnaire.lead), "")
    if raw == "":
        return {}
    answers: dict[str, Any] = {questionnaire.lead.id: raw}
    score_class = _class_of(questionnaire, raw)
    for question in questionnaire.rest:
        if question.is_shown_to(score_class):
            answers |= _answer_in(question, field_name(question, score_class), post)
        elif question.has_options:
            answers[question.id] = []
        elif question.kind == "contact":
            answers[question.id] = {"wanted": False}
    return answers


def _answer_in(question: Question, name: str, post: QueryDict) -> dict[str, Any]:
    if question.is_score:
        return {question.id: post[name]} if post.get(name) else {}
    if question.has_options:
        return {question.id: post.getlist(name)}
    if question.kind == "text":
        return {question.id: post[name]} if name in post else {}
    return {question.id: {"wanted": name in post, "to": post.get(f"{name}-to", "")}}


def _class_of(questionnaire: Questionnaire, raw: Any) -> str:
    try:
        score = float(raw)
    except (TypeError, ValueError):
        return ""
    return questionnaire.class_of(score) if questionnaire.scale.holds(score) else ""


def context(
    questionnaire: Questionnaire,
    language: str,
    draft: Mapping[str, Any],
    words: dict[str, str],
    prefill: str = "",
) -> dict[str, Any]:
    """All that the template needs of the questions, in one language."""
    lead = questionnaire.lead
    score = draft.get(lead.id)
    chosen = _shown(score) if score is not None else prefill
    score_class = _class_of(questionnaire, chosen)
    page = _Page(questionnaire, language, draft, words, score_class)
    return {
        "lead": page.block(lead, chosen=chosen),
        "intro": page.say(questionnaire.intro),
        "blocks": [block for question in questionnaire.rest for block in page.blocks(question)],
        "score": chosen if score_class else "",
        "letter": LETTER.get(score_class, ""),
        "thanks": page.say(questionnaire.thanks),
        "thanks_more": page.farewells(),
    }


def _shown(score: float) -> str:
    return f"{score:g}"


@dataclass(frozen=True)
class _Page:
    questionnaire: Questionnaire
    language: str
    draft: Mapping[str, Any]
    words: dict[str, str]
    score_class: str

    def say(self, text: Any) -> str:
        return fill(text.in_(self.language), self.words) if text else ""

    def farewells(self) -> list[dict[str, str]]:
        """A word of thanks for each class that has its own, and one for the others."""
        own = self.questionnaire.thanks_by_class
        others = " ".join(LETTER[c] for c in CLASSES if c in self.reachable() and c not in own)
        rest = {"letters": others, "text": self.say(self.questionnaire.thanks_more)}
        return [rest, *({"letters": LETTER[c], "text": self.say(text)} for c, text in own.items())]

    def blocks(self, question: Question) -> list[Block]:
        """One block for all, or one for each class that has its own wording."""
        reachable = [c for c in CLASSES if c in self.reachable() and question.is_shown_to(c)]
        groups: dict[str, list[str]] = {}
        for score_class in reachable:
            groups.setdefault(field_name(question, score_class), []).append(score_class)
        return [self.block(question, classes, name) for name, classes in groups.items()]

    def reachable(self) -> set[str]:
        return {self.questionnaire.class_of(point) for point in self.questionnaire.lead.points}

    def block(
        self, question: Question, classes: list[str] | None = None, name: str = "", chosen: str = ""
    ) -> Block:
        classes = classes or []
        score_class = classes[0] if classes else ""
        value = self.draft.get(question.id)
        return Block(
            kind=question.kind,
            name=name or field_name(question),
            text=self.say(question.text_for(score_class)),
            letters=" ".join(LETTER[c] for c in classes),
            is_hidden=bool(classes) and self.score_class not in classes,
            choices=tuple(self.choices(question, score_class, chosen)),
            value=value if isinstance(value, str) else "",
            low=self.say(question.low),
            high=self.say(question.high),
            max_length=question.max_length,
            columns=_columns(len(question.points)) if question.is_score else 0,
        )

    def choices(self, question: Question, score_class: str, chosen: str) -> list[Choice]:
        value = self.draft.get(question.id)
        if question.is_score:
            on = chosen or (_shown(value) if isinstance(value, float) else "")
            return [self.point(question, point, on) for point in question.points]
        if question.has_options:
            on_ids = value if isinstance(value, list) else []
            options = question.options_for(score_class)
            return [Choice(o.id, self.say(o.text), o.id in on_ids) for o in options]
        return []

    def point(self, question: Question, point: int, on: str) -> Choice:
        ends = {question.points[0]: question.low, question.points[-1]: question.high}
        aria = f"{point} {self.say(ends[point])}" if point in ends else ""
        letter = LETTER[self.questionnaire.class_of(point)] if question is self.questionnaire.lead else ""
        return Choice(str(point), _signed(point, question.scale), str(point) == on, letter, aria)


def _signed(point: int, scale: str) -> str:
    """With a true minus sign, and a plus on scales that have both sides of zero."""
    return f"{point:+d}".replace("-", "−") if scale == "nps_signed" and point else str(point)


def _columns(n: int) -> int:
    """Buttons a row: 21 in three rows of 7, 11 as 6 and 5, up to 7 in one row."""
    return 7 if n > 11 else n if n <= 7 else 5 if n == 10 else 6
