"""What must not wait: danger, law, authorities, publicity, a customer about to leave, haste."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Floats, Ints
from voiceloop.analytics.text.cues import kinds, readable
from voiceloop.analytics.text.patterns import has, pattern
from voiceloop.analytics.text.seen import CLEAR, Seen, in_complaint, unpraised, untrue

# In order of what is answered first.
URGENCIES = ("self_harm", "safety", "legal", "authority", "media", "churn", "pressing")
# Characters around a cue in which its pattern is looked for.
_WINDOW = 48
# Told without a word of complaint as often as with one.
_CALM = {"legal", "churn", "pressing"}


class Urgencies(NamedTuple):
    """Texts with an urgent matter: number, index into `URGENCIES`, and the number of the cue that says so."""

    row: Ints
    label: Ints
    cue: Ints


def urgencies(seen: Seen) -> Urgencies:
    """Return the urgent matter of each text that has one, the gravest of several.

    Parameters
    ----------
    seen : Seen
        A batch.

    Returns
    -------
    Urgencies
        A word counts in a complaint only, not after a negator; publicity and authorities need an intent to go
        there, self-harm a first person.

    Examples
    --------
    >>> from voiceloop.analytics.text.analyse import analyse
    >>> texts = ["再不退款我就打12315投诉", "味道好，朋友圈都推荐", "孩子吃完上吐下泻"]
    >>> [found.urgency.label for found in analyse(texts)]
    ['authority', '', 'safety']
    """
    cues, order = seen.cues, np.full(len(kinds()), -1)
    order[[kinds().index(name) for name in URGENCIES]] = np.arange(len(URGENCIES))
    label = order[cues.kind]
    # "再也不去超市" praises the delivery.
    glad = seen.scores.probability[seen.batch.row[cues.start], 2] >= CLEAR
    calm = _certain(label, cues.weight) & unpraised(seen, cues) & (~glad | (cues.weight >= 2))
    likely = (label >= 0) & (in_complaint(seen, cues) | calm)
    # "再也不来" holds its own negator.
    likely &= ~untrue(seen, cues) | (label == URGENCIES.index("churn"))
    sure = np.array(
        [at for at in np.flatnonzero(likely).tolist() if _confirmed(seen, at, label[at])], np.int64
    )
    rows = seen.batch.row[cues.start[sure]]
    first = np.lexsort((cues.start[sure], label[sure], rows))
    row, place = np.unique(rows[first], return_index=True)
    at = sure[first[place]]
    return Urgencies(row, label[at], at)


def _certain(label: Ints, weight: Floats) -> Bools:
    """Cues that tell an event however calmly: those of weight 2, and those that a pattern makes sure of."""
    patterned = np.array([has("urgency", name) or name in _CALM for name in URGENCIES])
    return np.asarray((weight >= 2) | ((weight >= 1) & (label >= 0) & patterned[label]))


def _confirmed(seen: Seen, at: int, label: int) -> bool:
    if not has("urgency", URGENCIES[label]):
        return True
    row = int(seen.batch.row[seen.cues.start[at]])
    begin = int(seen.cues.start[at] - seen.batch.starts[row])
    low, high = max(begin - _WINDOW, 0), begin + _WINDOW
    shown = readable(seen.batch, row, seen.texts[row], low, high, digits=True)
    return pattern("urgency", URGENCIES[label]).search(shown) is not None
