"""The emotion of a comment: angry, disappointed or forgiving, where its words say so and its tone agrees."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.cues import kinds
from voiceloop.analytics.text.seen import CLEAR, Seen, complaining, negated

EMOTIONS = ("angry", "disappointed", "understanding")
# Weight of words that names an emotion by itself, and weight that needs a comment of that tone; thresholds
# that we chose on sentences of our own.
ALONE, WITH_TONE = 3.0, 2.0


class Emotions(NamedTuple):
    """Emotion of each text as an index into `EMOTIONS`, -1 for none, and which cues spoke for it."""

    label: Ints
    cue: Bools


def emotions(seen: Seen) -> Emotions:
    """Return the emotion of each text.

    Parameters
    ----------
    seen : Seen
        A batch.

    Returns
    -------
    Emotions
        The heaviest of the three; anger and disappointment need a comment that does not praise as a whole, or
        a complaining clause; understanding needs something to forgive.

    Examples
    --------
    >>> from voiceloop.analytics.text.analyse import analyse
    >>> [found.emotion.label for found in analyse(["气死我了，等了两个小时", "送晚了，下雨天可以理解"])]
    ['angry', 'understanding']
    """
    numbers = np.array([kinds().index(name) for name in EMOTIONS])
    cues, size = seen.cues, seen.batch.size
    speaks = np.isin(cues.kind, numbers) & ~negated(seen, cues)
    row, which = seen.batch.row[cues.start[speaks]], np.searchsorted(numbers, cues.kind[speaks])
    weight = np.bincount(row * 3 + which, cues.weight[speaks], size * 3).reshape(-1, 3)
    complains = complaining(seen)
    told = (weight >= ALONE) | ((weight >= WITH_TONE) & complains[:, None])
    told[:, :2] &= (complains | (seen.scores.probability[:, 2] < CLEAR))[:, None]
    label = np.where(told.any(axis=1), np.argmax(np.where(told, weight, 0), axis=1), -1)
    cue = np.zeros(len(cues.start), np.bool_)
    cue[np.flatnonzero(speaks)[which == label[row]]] = True
    return Emotions(label, cue)
