"""The hand-written polarity lexicon: what each phrase weighs, and which ones turn or scale the next."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from voiceloop.analytics.text.phrases import folded

FILES = ("zh_trades", "zh", "en_trades", "en", "emoji")


class Entry(NamedTuple):
    """One phrase: its weight in log-odds, and whether it negates, scales or opens a turn of thought."""

    phrase: str
    weight: float = 0.0
    negates: bool = False
    degree: float = 1.0
    turn: float = 1.0


@cache
def lexicon() -> dict[str, Entry]:
    """Return the entries by folded phrase.

    A phrase of two sections has both roles: 没有 negates what follows and is itself mildly negative.

    Examples
    --------
    >>> lexicon()["满意"].weight > 0 > lexicon()["差评"].weight
    True
    >>> lexicon()["not"].negates
    True
    """
    entries: dict[str, Entry] = {}
    for name in FILES:
        for phrase, field, value in _lines(name):
            entry = entries.get(phrase, Entry(phrase))
            entries[phrase] = Entry(**{**entry._asdict(), field: value})
    return entries


def inflections(word: str) -> Iterator[str]:
    """Yield ``word`` without its mark "~", with regular English endings where it has one.

    Examples
    --------
    >>> list(inflections("charge~"))
    ['charge', 'charges', 'charged', 'charging']
    >>> list(inflections("on_time"))
    ['on time']
    """
    stem = word.replace("_", " ")
    if not stem.endswith("~"):
        yield stem
        return
    stem = stem[:-1]
    root = stem.removesuffix("e")
    yield from (stem, stem + "s", root + "ed", root + "ing")


def _lines(name: str) -> Iterator[tuple[str, str, float | bool]]:
    data = tomllib.loads(files(__package__).joinpath("lexicon", f"{name}.toml").read_text("utf-8"))
    fields = {"polar": "weight", "negators": "negates", "degrees": "degree", "turns": "turn"}
    for section, groups in data.items():
        for value, words in groups.items():
            for word in words.split():
                for phrase in inflections(word):
                    yield folded(phrase), fields[section], True if section == "negators" else float(value)
