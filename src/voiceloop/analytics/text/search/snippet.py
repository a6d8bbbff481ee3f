"""Which characters of a document were meant, and the piece of it around them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.clean import Codes
from voiceloop.analytics.text.search.query import Query
from voiceloop.analytics.text.search.script import spell
from voiceloop.analytics.text.search.terms import HAN, WORD, terms

Span = tuple[int, int]


class Snippet(NamedTuple):
    """A piece of a text and the spans to mark in it."""

    text: str
    spans: list[Span]


def spans(text: str, query: Query) -> list[Span]:
    """Characters of ``text`` that the query names, as (start, end), in order and apart.

    Examples
    --------
    >>> from voiceloop.analytics.text.search.query import parse
    >>> spans("我要退款，Refund please", parse("申请退款 refunds")), spans("退貨", parse("退"))
    ([(2, 4), (5, 11)], [(0, 1)])
    """
    sought = terms(spell([query.sought])[0])
    codes = spell([text])[0]
    found = terms(codes)
    strong = sought.hash[_telling(query.sought)]
    marked = np.zeros(len(text) + 2, dtype=np.int64)
    hit = np.isin(found.hash, strong)
    np.add.at(marked, found.start[hit], 1)
    np.add.at(marked, found.start[hit] + found.length[hit], -1)
    _whole_words(codes, marked, found.start[hit & found.is_part])
    for phrase in query.phrases:
        _mark_all(text, phrase, marked)
    covered = np.concatenate(([False], np.cumsum(marked)[:-1] > 0, [False]))
    edges = np.flatnonzero(covered[1:] != covered[:-1])
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _telling(sought: str) -> Bools:
    """Terms to mark: pairs, words and their parts; single characters only where there is nothing longer."""
    codes = spell([sought])[0]
    found = terms(codes)
    is_single = (found.length == 1) & HAN[codes[found.start]]
    return ~is_single if bool((~is_single).any()) else np.ones(len(found.hash), dtype=np.bool_)


def _whole_words(codes: Codes, marked: Ints, parts: Ints) -> None:
    """A part that was hit marks its whole word."""
    is_word = np.concatenate(([False], WORD[codes], [False]))
    edge = np.flatnonzero(is_word[1:] != is_word[:-1])
    words = np.unique(np.searchsorted(edge[::2], parts, side="right") - 1)
    np.add.at(marked, edge[::2][words], 1)
    np.add.at(marked, edge[1::2][words], -1)


def _mark_all(text: str, phrase: str, marked: Ints) -> None:
    folded, wanted = folded_text(text), folded_text(phrase)
    at = folded.find(wanted)
    while at >= 0:
        marked[at] += 1
        marked[at + len(wanted)] -= 1
        at = folded.find(wanted, at + 1)


def folded_text(text: str) -> str:
    """A text as search compares it, character for character.

    Examples
    --------
    >>> folded_text("ＶＩＰ 訂單")
    'vip 订单'
    """
    return spell([text])[0][:-1].tobytes().decode("utf-32-le", "replace")


def snippet(text: str, marks: list[Span], width: int = 160) -> Snippet:
    """The piece of ``text`` with the most marks, at most ``width`` characters, and the marks in it.

    Examples
    --------
    >>> snippet("很好" * 100 + "退款" + "很好" * 100, [(200, 202)], 20)
    Snippet(text='…很好很好退款很好很好很好很好很好很好…', spans=[(5, 7)])
    """
    if len(text) <= width:
        return Snippet(text, marks)
    inside = width - 2
    begins = [max(0, min(start - inside // 4, len(text) - inside)) for start, _ in marks] or [0]
    best = max(begins, key=lambda begin: sum(begin <= a and b <= begin + inside for a, b in marks))
    end = best + inside
    before, after = "…" if best else "", "…" if end < len(text) else ""
    shift = len(before) - best
    kept = [(a + shift, b + shift) for a, b in marks if best <= a and b <= end]
    return Snippet(before + text[best:end] + after, kept)
