"""Underlines the words that made a text what it was judged to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MARKS = {-1: "neg", 0: "neu", 1: "pos", "negative": "neg", "neutral": "neu", "positive": "pos"}


class Span(NamedTuple):
    start: int
    end: int
    mark: str


def _span(given: Any) -> Span:
    if isinstance(given, dict):
        start, end, polarity = given["start"], given["end"], given.get("polarity", -1)
    elif isinstance(given, tuple | list):
        start, end, polarity = given[0], given[1], given[2] if len(given) > 2 else -1
    else:
        start, end, polarity = given.start, given.end, getattr(given, "polarity", -1)
    return Span(int(start), int(end), MARKS.get(polarity, "neg"))


def _apart(spans: Iterable[Span], length: int) -> Iterator[Span]:
    """The spans in order, inside the text and without overlap: the first keeps what it covers."""
    at = 0
    for start, end, mark in sorted(spans):
        start, end = max(start, at), min(end, length)
        if start < end:
            yield Span(start, end, mark)
            at = end


def marked(text: str, spans: Iterable[Any]) -> SafeString:
    """The text, escaped, with each span in a mark of its polarity."""
    pieces, at = [], 0
    for start, end, mark in _apart(map(_span, spans or ()), len(text)):
        pieces.append(format_html('{}<mark class="{}">{}</mark>', text[at:start], mark, text[start:end]))
        at = end
    return format_html("{}{}", format_html_join("", "{}", ((piece,) for piece in pieces)), text[at:])
