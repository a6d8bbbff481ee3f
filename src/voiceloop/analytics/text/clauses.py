"""Clauses of Chinese and English feedback: the stretch of text that says one thing about one matter."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Bools, Ints, lay_out
from voiceloop.analytics.text.clean import ALPHABET, Codes
from voiceloop.analytics.text.phrases import WORD, Phrases

# Words at which a clause begins even where nobody typed a comma.
CONTRASTS = (
    *(["但是", "可是", "然而", "不过", "只不过", "但", "奈何", "无奈", "美中不足", "唯一"]),
    *(["however", "but", "although", "though", "whereas", "unfortunately", "except"]),
)
# Longer words that only look like a contrast.
_LOOKALIKES = ("不但", "非但", "但愿", "不过如此", "不过分", "唯一性", "no doubt but", "nothing but")

_ALWAYS = "。！？；，!?;,\n~～…"


class Clause(NamedTuple):
    """A clause and where it stands in its text."""

    start: int
    end: int
    text: str


def _class(characters: str) -> Bools:
    table = np.zeros(ALPHABET, dtype=np.bool_)
    table[[ord(character) for character in characters]] = True
    return table


_MARKS = _class(_ALWAYS)
_contrasts = Phrases((*CONTRASTS, *_LOOKALIKES))


def clauses(text: str) -> tuple[Clause, ...]:
    """Cut ``text`` into clauses at punctuation, at spaces between Chinese words and before a contrast.

    Parameters
    ----------
    text : str
        One comment.

    Returns
    -------
    tuple of Clause
        In order; spans do not overlap and hold no blank ends; empty for an empty text.

    Examples
    --------
    >>> [clause.text for clause in clauses("味道不错但是送得太慢，差评！")]
    ['味道不错', '但是送得太慢', '差评']
    >>> [clause.text for clause in clauses("The room was 3.5 stars but staff were kind.")]
    ['The room was 3.5 stars', 'but staff were kind']
    """
    batch = lay_out([text])
    opens = np.flatnonzero(openings(batch)).tolist()
    spans = [_trimmed(text, start, end) for start, end in zip(opens, [*opens[1:], len(text)], strict=True)]
    return tuple(Clause(start, end, text[start:end]) for start, end in spans if start < end)


def openings(batch: Batch) -> Bools:
    """Mark the first character of every clause in ``batch``.

    Parameters
    ----------
    batch : Batch
        Folded texts.

    Returns
    -------
    ndarray of bool, shape (characters,)
        Every text opens one clause; so does what follows a mark, and a contrast.

    Examples
    --------
    >>> openings(lay_out(["好，快"])).tolist()
    [True, False, True, False]
    """
    codes = batch.codes
    opens = np.zeros(len(codes), np.bool_)
    marks = _MARKS.take(codes) | _stops(codes) | _gaps(codes)
    opens[1:] = marks[:-1] & ~marks[1:]
    opens[batch.ends[:-1] + 1] = True
    opens[batch.ends] &= batch.starts == batch.ends
    opens[:1] = True
    found = _contrasts.longest(codes)
    opens[found.start[found.phrase < len(CONTRASTS)]] = True
    return opens


def numbers(opens: Bools) -> Ints:
    """Number the clauses: the clause of every character.

    Examples
    --------
    >>> numbers(np.array([True, False, True])).tolist()
    [0, 0, 1]
    """
    found: Ints = np.cumsum(opens, dtype=np.int64)
    found -= 1
    return found


def _stops(codes: Codes) -> Bools:
    """Full stops, but not the point in "3.5" or "b.a"."""
    stops = codes == ord(".")
    at = np.flatnonzero(stops[:-1])
    stops[at] = ~WORD[codes[at + 1]]
    return np.asarray(stops)


def _gaps(codes: Codes) -> Bools:
    """Spaces before a Chinese character or an emoji: many type a space for a comma."""
    gaps = codes == ord(" ")
    at = np.flatnonzero(gaps[:-1])
    gaps[at] = codes[at + 1] >= 0x2E80
    gaps[-1:] = False
    return np.asarray(gaps)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    drop = " .\t\r\0" + _ALWAYS
    part = text[start:end]
    return start + len(part) - len(part.lstrip(drop)), end - len(part) + len(part.rstrip(drop))
