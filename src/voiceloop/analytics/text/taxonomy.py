"""The reasons of the customer-service taxonomy and the words by which they are recognised."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from voiceloop.analytics.text.lexicon import inflections
from voiceloop.analytics.text.phrases import folded


class Reason(NamedTuple):
    """One reason: stable code, label in both languages, keywords, and words that only look like them."""

    code: str
    label_zh: str
    label_en: str
    keywords: tuple[str, ...]
    lookalikes: tuple[str, ...]


@cache
def taxonomy() -> tuple[Reason, ...]:
    """Return the reasons in the order in which pages list them.

    Examples
    --------
    >>> taxonomy()[0].code, taxonomy()[0].label_zh, taxonomy()[0].label_en
    ('response_speed', '响应速度', 'Response speed')
    """
    data = tomllib.loads(files(__package__).joinpath("taxonomy.toml").read_text("utf-8"))
    return tuple(
        Reason(
            code,
            entry["zh_label"],
            entry["en_label"],
            _words(entry["zh"] + " " + entry["en"]),
            _words(entry.get("not", "")),
        )
        for code, entry in data.items()
    )


def _words(line: str) -> tuple[str, ...]:
    words = (folded(form) for word in line.split() for form in inflections(word))
    return tuple(dict.fromkeys(words))
