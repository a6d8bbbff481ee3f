"""Which words decided: the exact parts of a score as spans of the customer's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch
from voiceloop.analytics.text.sentiment import Scores

# Words outside the lexicon: a Latin word, or a run of up to two Chinese characters, or one other sign.
_PIECE = re.compile(r"[A-Za-z0-9'’]+|[\u3400-\u9fff]{1,2}|\S|\s+")


class Evidence(NamedTuple):
    """A span of the original text (end exclusive), its words, and what they add to the score in log-odds."""

    start: int
    end: int
    text: str
    weight: float


def sentiment_evidence(
    texts: list[str], batch: Batch, scores: Scores, most: int = 8
) -> list[tuple[Evidence, ...]]:
    """Return for each text the spans that moved its score most, strongest first.

    Parameters
    ----------
    texts : list of str
        As laid out in ``batch``.
    batch, scores : Batch, Scores
        The texts and their scores, made with ``parts=True``.
    most : int
        How many spans at most.

    Returns
    -------
    list of tuple of Evidence
        Weights are exact parts of the score; see `all_parts` for the whole sum.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> from voiceloop.analytics.text.sentiment import score
    >>> texts = ["房间不太干净"]
    >>> batch = lay_out(texts)
    >>> sentiment_evidence(texts, batch, score(batch))[0][0].text
    '不太干净'
    """
    every = [all_parts(texts[row], row, batch, scores) for row in range(batch.size)]
    return [strongest(parts, most) for parts in every]


def all_parts(text: str, row: int, batch: Batch, scores: Scores) -> tuple[Evidence, ...]:
    """Return the parts of one text's score by position; they add up to it.

    Parameters
    ----------
    text : str
        Text number ``row`` of ``batch``.
    row : int
        Its number.
    batch, scores : Batch, Scores
        The texts and their scores, made with ``parts=True``.

    Returns
    -------
    tuple of Evidence
        Spans cover the text without overlap; the sum of weights is ``scores.score[row]``.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> from voiceloop.analytics.text.sentiment import score
    >>> batch = lay_out(["很好吃"])
    >>> scores = score(batch)
    >>> parts = all_parts("很好吃", 0, batch, scores)
    >>> bool(abs(sum(part.weight for part in parts) - scores.score[0]) < 1e-9)
    True
    """
    begin, end = int(batch.starts[row]), int(batch.ends[row])
    letters = scores.letter_parts[begin:end]
    phrases = _phrases(begin, end, scores)
    return tuple(
        Evidence(start, stop, text[start:stop], float(letters[start:stop].sum()) + weight)
        for start, stop, weight in pieces(text, phrases)
    )


def strongest(parts: tuple[Evidence, ...], most: int) -> tuple[Evidence, ...]:
    """Return the ``most`` telling parts, the weightiest first.

    Examples
    --------
    >>> [part.text for part in strongest((Evidence(0, 1, "a", 0.1), Evidence(1, 2, "b", -0.4)), 1)]
    ['b']
    """
    telling = [part for part in parts if abs(part.weight) >= 0.05 and not part.text.isspace()]
    return tuple(sorted(telling, key=lambda part: -abs(part.weight))[:most])


def _phrases(begin: int, end: int, scores: Scores) -> list[tuple[int, int, float]]:
    found = scores.phrases
    low, high = np.searchsorted(found.end, [begin, end], side="right")
    starts, ends = (found.start[low:high] - begin).tolist(), (found.end[low:high] - begin).tolist()
    return list(zip(starts, ends, scores.phrase_parts[low:high].tolist(), strict=True))


def pieces(text: str, phrases: list[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """Yield phrase spans with their weights and, between them, words of no weight of their own.

    Examples
    --------
    >>> list(pieces("很好吃ok", [(0, 1, 0.5)]))
    [(0, 1, 0.5), (1, 3, 0.0), (3, 5, 0.0)]
    """
    at = 0
    for start, stop, weight in _merged(phrases):
        yield from ((at + piece.start(), at + piece.end(), 0.0) for piece in _PIECE.finditer(text[at:start]))
        yield start, stop, weight
        at = stop
    yield from ((at + piece.start(), at + piece.end(), 0.0) for piece in _PIECE.finditer(text[at:]))


def _merged(phrases: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Phrases that share a negator or degree word become one span."""
    merged: list[tuple[int, int, float]] = []
    for start, stop, weight in sorted(phrases):
        if merged and start < merged[-1][1]:
            before = merged.pop()
            start, stop, weight = before[0], max(stop, before[1]), weight + before[2]
        merged.append((start, stop, weight))
    return merged
