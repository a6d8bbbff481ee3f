"""The voice class of a comment: praise, problem or suggestion, with the words that decided."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.cues import readable
from voiceloop.analytics.text.patterns import pattern
from voiceloop.analytics.text.seen import Seen

VOICES = ("praise", "problem", "suggestion", "other")


class Voice(NamedTuple):
    """A voice class and the span that made it a suggestion (empty span otherwise)."""

    label: str
    start: int
    end: int


def voices(seen: Seen) -> list[Voice]:
    """Return the voice class of each text.

        Parameters
        ----------
        seen : Seen
            A batch.

        Returns
        -------
        list of Voice
            A suggestion needs an addressee or a verb of change; otherwise the sentiment decides; a
            neutral comment is 'other'.

        Examples
        --------
        >>> from voiceloop.analytics.text.patterns import pattern
    from voiceloop.analytics.text.seen import look
        >>> [voice.label for voice in voices(look(["建议增加几个停车位", "太好吃了", "建议大家别买"]))]
        ['suggestion', 'praise', 'problem']
    """
    by_sentiment = (Voice("problem", 0, 0), Voice("other", 0, 0), Voice("praise", 0, 0))
    found = [by_sentiment[label] for label in np.argmax(seen.scores.probability, axis=1).tolist()]
    wishes = seen.cues.of("wish")
    for row in np.unique(seen.batch.row[wishes.start]).tolist():
        match = pattern("voice", "suggestion").search(readable(seen.batch, row, seen.texts[row], 0, 5000))
        if match:
            found[row] = Voice("suggestion", *match.span())
    return found
