"""Comments in the customers' own words, from a grammar: what is said, about what, and how sloppily."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

VOICES = ("praise", "problem", "suggestion", "mixed")
Words = dict[str, Any]
Pick = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Saying:
    """What one comment has to say: its voice and the reason of each of its parts, or None."""

    language: str
    voice: str
    happy: bool
    praise: str | None
    problem: str | None
    suggestion: str | None
    seated: bool
    slots: dict[str, str]


def write(saying: Saying, chances: Iterator[float], personal: bool = False) -> str:
    """Write one comment; `chances` are numbers in [0, 1) that decide every choice in turn.

    Parameters
    ----------
    saying
        What to say; `slots` holds minutes, store, name, surname, phone, email and order.
    chances
        At least 20 numbers.
    personal
        Whether the customer leaves a telephone number, name or address in the text.

    Examples
    --------
    >>> told = Saying("en", "praise", True, "staff", None, None, True, {"minutes": "9", "store": "Hangzhou"})
    >>> write(told, iter([0.0] * 4 + [0.9] * 16))
    'Lily went out of the way to help us'
    """
    words = phrases(saying.language)

    def pick(several: Sequence[str]) -> str:
        return several[int(next(chances) * len(several))]

    slots = saying.slots | {
        "dish": pick(words["dishes"]),
        "dish2": pick(words["dishes"]),
        "staff": pick(words["staff"]),
        "time": pick(words["times"]),
    }
    parts = [_opened(words, saying, pick, next(chances)), *_end(words, saying, pick, next(chances))]
    if personal:
        parts.append(pick(words["contacts"]))
    written = _punctuated(saying.language, parts, next(chances)).format_map(slots)
    return _sloppy(words, _felt(words, saying, written, pick, next(chances)), next(chances))


@cache
def phrases(language: str) -> Words:
    """Every phrase of one language, read once from `phrases/`.

    Examples
    --------
    >>> "红烧肉" in phrases("zh")["dishes"]
    True
    """
    return tomllib.loads(
        (files("voiceloop.analytics.synth") / "phrases" / f"{language}.toml").read_text("utf-8")
    )


def _opened(words: Words, saying: Saying, pick: Pick, chance: float) -> str:
    opener = pick(words["openers" if saying.seated else "openers_anywhere"])
    text = _said(words, saying, pick)
    return opener + text if chance < 0.4 else text


def _said(words: Words, saying: Saying, pick: Pick) -> str:
    praise = pick(words["praise"][saying.praise]) if saying.praise else ""
    problem = pick(words["problem"][saying.problem]) if saying.problem else ""
    if saying.voice == "mixed":
        return pick(words["joined"]).replace("{praise}", praise).replace("{problem}", problem)
    suggestion = pick(words["suggestion"][saying.suggestion]) if saying.suggestion else ""
    comma = ", " if saying.language == "en" else "，"
    return comma.join(part for part in (praise, problem, suggestion) if part)


def _end(words: Words, saying: Saying, pick: Pick, chance: float) -> list[str]:
    if saying.voice == "praise" and chance < 0.5:
        return [pick(words["happy_ends"])]
    if saying.voice == "problem" and chance < 0.45:
        return [pick(words["angry_ends"])]
    return []


def _punctuated(language: str, parts: list[str], chance: float) -> str:
    if language == "en":
        text = ". ".join(part[:1].upper() + part[1:] for part in parts)
        return text + ("." if chance < 0.7 else "")
    return ("，" if chance < 0.6 else "。").join(parts) + ("。" if chance < 0.35 else "")


def _felt(words: Words, saying: Saying, text: str, pick: Pick, chance: float) -> str:
    if chance >= 0.10:
        return text
    return text.rstrip("。.") + pick(words["happy_emoji" if saying.happy else "angry_emoji"])


def _sloppy(words: Words, text: str, chance: float) -> str:
    if chance >= 0.04:
        return text
    right, wrong = next(((right, wrong) for right, wrong in words["slips"] if right in text), ("", ""))
    return text.replace(right, wrong, 1) if right else text
