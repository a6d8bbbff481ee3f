"""The survey as it is edited: a form with one field for each text, and the moves its buttons make."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from voiceloop.analytics.scales import CLASS_LABELS, CLASSES, SCALES
from voiceloop.server.collect.questions import ASKED_SCALES, NPS_SCALES, Questionnaire, problems_of, read

Content = dict[str, Any]
ALL = "all"
# Worst first: theirs is the question that matters most.
_READING = ("detractor", "passive", "promoter", "unclassified")
_EMPTY = {"zh": "", "en": ""}
KINDS = {
    "nps": gettext_lazy("Recommendation (NPS)"),
    "score": gettext_lazy("Score"),
    "choice": gettext_lazy("One of several"),
    "chips": gettext_lazy("Chips, several"),
    "text": gettext_lazy("Free text"),
    "contact": gettext_lazy("Please contact me"),
}
NEW: dict[str, Content] = {
    "nps": {"scale": "nps_0_10"},
    "score": {"scale": "csat_1_5"},
    "choice": {},
    "chips": {},
    "text": {},
    "contact": {},
}


@dataclass(frozen=True)
class Group:
    """The wording and the options of one class of a question, or of all classes."""

    name: str
    field: str
    label: Any
    text: Content
    options: list[tuple[str, Content]]


@dataclass(frozen=True)
class Card:
    """One question as the builder shows it."""

    at: int
    label: Any
    question: Content
    groups: list[Group]
    # Code, name, whether only these are asked, whether they have a wording of their own.
    classes: list[tuple[str, str, bool, bool]]
    scales: list[tuple[str, str]]
    is_first: bool
    is_last: bool

    @property
    def field(self) -> str:
        return f"q{self.at}"

    @property
    def is_score(self) -> bool:
        return bool(self.question["kind"] in ("nps", "score"))

    @property
    def has_options(self) -> bool:
        return bool(self.question["kind"] in ("choice", "chips"))


def cards(questionnaire: Questionnaire) -> list[Card]:
    content = questionnaire.model_dump(mode="json")
    questions = content["questions"]
    reachable = _reachable(questions)
    return [_card(at, question, len(questions), reachable) for at, question in enumerate(questions)]


def _card(at: int, question: Content, n: int, reachable: list[str]) -> Card:
    field = f"q{at}"
    everyone = _shown(field, ALL, _("Everybody"), question)
    own = [
        _shown(field, name, class_label(name), question["by_class"][name])
        for name in _READING
        if name in question["by_class"]
    ]
    scales = {"nps": NPS_SCALES, "score": [id for id in ASKED_SCALES if id not in NPS_SCALES]}
    offered = [
        (id, in_language(SCALES[id].label_zh, SCALES[id].label_en)) for id in scales.get(question["kind"], [])
    ]
    classes = [
        (name, class_label(name), name in question["show_for"], name in question["by_class"])
        for name in reachable
    ]
    return Card(
        at, KINDS[question["kind"]], question, [everyone, *own], classes, offered, at == 0, at == n - 1
    )


def _shown(field: str, name: str, label: Any, group: Content) -> Group:
    options = [(f"{field}-{name}-o{i}", option) for i, option in enumerate(group["options"])]
    return Group(name, f"{field}-text" if name == ALL else f"{field}-{name}", label, group["text"], options)


def class_label(name: str) -> str:
    zh, en = CLASS_LABELS[name]
    return in_language(zh, en)


def in_language(zh: str, en: str) -> str:
    return en if get_language() == "en" else zh


def _reachable(questions: list[Content]) -> list[str]:
    scale = next((SCALES[q["scale"]] for q in questions if q["scale"] in SCALES), None)
    reached = {scale.class_of(point) for point in scale.points} if scale else set()
    return [name for name in _READING if name in reached]


def content_in(post: QueryDict, before: Content) -> Content:
    """The declaration that the posted form describes; what the form does not show stays as it was."""
    content = deepcopy(before)
    for name in ("intro", "thanks", "thanks_more"):
        content[name] = _text(post, name)
    for at, question in enumerate(content["questions"]):
        _read_question(post, f"q{at}", question)
    return content


def _read_question(post: QueryDict, at: str, question: Content) -> None:
    question["id"] = _said(post, f"{at}-id", question["id"])
    question["text"] = _text(post, f"{at}-text")
    if question["kind"] in ("nps", "score"):
        question |= {
            "scale": post.get(f"{at}-scale", question["scale"]),
            "low": _text(post, f"{at}-low"),
            "high": _text(post, f"{at}-high"),
        }
    question["show_for"] = [name for name in post.getlist(f"{at}-show") if name in CLASSES]
    question["options"] = _options(post, f"{at}-{ALL}", question["options"])
    for name, branch in question["by_class"].items():
        branch["text"] = _text(post, f"{at}-{name}")
        branch["options"] = _options(post, f"{at}-{name}", branch["options"])


def _options(post: QueryDict, at: str, before: list[Content]) -> list[Content]:
    return [
        {"id": _said(post, f"{at}-o{i}-id", option["id"]), "text": _text(post, f"{at}-o{i}")}
        for i, option in enumerate(before)
    ]


def _text(post: QueryDict, name: str) -> Content:
    return {language: _said(post, f"{name}-{language}", "") for language in ("zh", "en")}


def _said(post: QueryDict, name: str, otherwise: str) -> str:
    return str(post.get(name, otherwise)).strip()


def move(content: Content, order: str) -> Content:
    """Do what a button says: `up:2`, `remove:2`, `add:chips`, `option:2:detractor`, `branch:2:promoter`…"""
    verb, *rest = order.split(":")
    doing = _MOVES.get(verb)
    if doing is None:
        return content
    changed = deepcopy(content)
    try:
        doing(changed["questions"], *rest)
    except (IndexError, KeyError, TypeError, ValueError):
        return content  # a button of an older state of the page
    return changed


def _add(questions: list[Content], kind: str) -> None:
    ids = [q["id"] for q in questions]
    question = {"id": _fresh(kind, ids), "kind": kind, "text": dict(_EMPTY), **NEW[kind]}
    shape = {"show_for": [], "options": [], "by_class": {}, "low": dict(_EMPTY), "high": dict(_EMPTY)}
    questions.append({"scale": "", **shape, **question})
    if kind in ("choice", "chips"):
        _option(questions, str(len(questions) - 1), ALL)
        _option(questions, str(len(questions) - 1), ALL)


def _remove(questions: list[Content], at: str) -> None:
    del questions[int(at)]


def _swap(step: int) -> Callable[..., None]:
    def doing(questions: list[Content], at: str) -> None:
        here, there = int(at), int(at) + step
        if there >= 0:
            questions[here], questions[there] = questions[there], questions[here]

    return doing


def _option(questions: list[Content], at: str, name: str) -> None:
    options = _group(questions[int(at)], name)["options"]
    options.append({"id": _fresh("option", [o["id"] for o in options]), "text": dict(_EMPTY)})


def _drop(questions: list[Content], at: str, name: str, option: str) -> None:
    del _group(questions[int(at)], name)["options"][int(option)]


def _lift(questions: list[Content], at: str, name: str, option: str) -> None:
    options, here = _group(questions[int(at)], name)["options"], int(option)
    if here > 0:
        options[here - 1], options[here] = options[here], options[here - 1]


def _branch(questions: list[Content], at: str, name: str) -> None:
    question = questions[int(at)]
    if name in CLASSES:
        start = {"text": dict(_EMPTY), "options": deepcopy(question["options"])}
        question["by_class"].setdefault(name, start)


def _unbranch(questions: list[Content], at: str, name: str) -> None:
    questions[int(at)]["by_class"].pop(name, None)


def _group(question: Content, name: str) -> Content:
    group: Content = question if name == ALL else question["by_class"][name]
    return group


def _fresh(stem: str, taken: list[str]) -> str:
    """An id that nobody has: it stays with its answers for ever."""
    numbered = (f"{stem}{n}" for n in range(len(taken) + 1, 2 * len(taken) + 3))
    return stem if stem not in taken and stem != "option" else next(id for id in numbered if id not in taken)


_MOVES: dict[str, Callable[..., None]] = {
    "add": _add,
    "remove": _remove,
    "up": _swap(-1),
    "down": _swap(1),
    "option": _option,
    "drop": _drop,
    "lift": _lift,
    "branch": _branch,
    "unbranch": _unbranch,
}


def problems_in(content: Content) -> list[str]:
    return [str(problem) for problem in problems_of(read(content))]
