"""The voice class of a comment: praise, problem or suggestion, with the words that decided."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools
from voiceloop.analytics.text.cues import readable
from voiceloop.analytics.text.needs import MOST
from voiceloop.analytics.text.patterns import pattern
from voiceloop.analytics.text.seen import Seen

VOICES = ("praise", "problem", "suggestion", "other")
# Characters before and after a cue word in which a suggestion is looked for.
BEFORE, AFTER = 20, 44


class Voice(NamedTuple):
    """A voice class and the span that made it a suggestion (empty span otherwise)."""

    label: str
    start: int
    end: int


_BY_SENTIMENT = (Voice("problem", 0, 0), Voice("other", 0, 0), Voice("praise", 0, 0))


def voices(seen: Seen, troubled: Bools, failed: Bools) -> list[Voice]:
    """Return the voice class of each text.

    Parameters
    ----------
    seen : Seen
        A batch.
    troubled : ndarray of bool, shape (texts,)
        Texts with a word of anger, disappointment or failure: calmly told, they are problems still.
    failed : ndarray of bool, shape (texts,)
        Texts that are a problem whatever else they praise.

    Returns
    -------
    list of Voice
        A suggestion needs an addressee or a verb of change; otherwise the sentiment decides; a neutral
        comment without trouble is 'other'.

    Examples
    --------
    >>> from voiceloop.analytics.text.seen import look
    >>> none = np.zeros(3, np.bool_)
    >>> texts = ["建议增加几个停车位", "太好吃了", "建议大家别买"]
    >>> [voice.label for voice in voices(look(texts), none, none)]
    ['suggestion', 'praise', 'problem']
    """
    label = np.argmax(seen.scores.probability, axis=1)
    label = np.where(failed | (troubled & (label == 1)), 0, label)
    found = [_BY_SENTIMENT[number] for number in label.tolist()]
    for row, (start, end) in suggestions(seen).items():
        found[row] = Voice("suggestion", start, end)
    return found


def suggestions(seen: Seen) -> dict[int, tuple[int, int]]:
    """Return the span of the first suggestion by text.

    Examples
    --------
    >>> from voiceloop.analytics.text.seen import look
    >>> suggestions(look(["很好，建议增加停车位"]))
    {0: (3, 7)}
    """
    found: dict[int, tuple[int, int]] = {}
    wishes = seen.cues.of("wish")
    rows = seen.batch.row[wishes.start]
    begins = wishes.start - seen.batch.starts[rows]
    # The lighter words name what is missing and suggest nothing.
    likely = wishes.weight >= 1
    for row, begin in zip(rows[likely].tolist(), begins[likely].tolist(), strict=True):
        if row in found or begin > MOST:
            continue
        low = max(begin - BEFORE, 0)
        shown = readable(seen.batch, row, seen.texts[row], low, begin + AFTER)
        match = pattern("voice", "suggestion").search(shown)
        if match:
            found[row] = (low + match.start(), low + match.end())
    return found
