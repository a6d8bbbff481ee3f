"""How severe the failure is that a comment tells: slight, serious or catastrophic."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Ints
from voiceloop.analytics.text.cues import kinds
from voiceloop.analytics.text.seen import Seen, in_complaint, unpraised, untrue

SEVERITIES = ("", "slight", "serious", "catastrophic")


class Severities(NamedTuple):
    """Severity of each text as an index into `SEVERITIES`, and the cue that decided (-1 for none)."""

    label: Ints
    cue: Ints


def failures(seen: Seen) -> Severities:
    """Return the severity that the words of each text tell: serious, catastrophic or none.

    Parameters
    ----------
    seen : Seen
        A batch.

    Returns
    -------
    Severities
        Catastrophic: injury, poisoning, fire, theft of money or data, loss of data. Serious: loss of money or
        a journey, refusal, repeated failure, vermin, harassment, crime and law.

    Notes
    -----
    The three levels are those of service-failure research (slight, serious, catastrophic); which words stand
    for which level is our own judgement.

    Examples
    --------
    >>> from voiceloop.analytics.text.seen import look
    >>> found = failures(look(["多扣了两次钱，一直不给退款", "吃完食物中毒住院了", "上菜有点慢"]))
    >>> [SEVERITIES[label] for label in found.label]
    ['serious', 'catastrophic', '']
    """
    rank = np.zeros(len(kinds()), np.int64)
    rank[kinds().index("grievous")], rank[kinds().index("grave")] = 2, 3
    cues, level = seen.cues, rank[seen.cues.kind]
    row = seen.batch.row[cues.start]
    told = in_complaint(seen, cues) | ((level == 3) & unpraised(seen, cues))
    counts = np.flatnonzero((level > 0) & told & ~untrue(seen, cues))
    label, cue = np.zeros(seen.batch.size, np.int64), np.full(seen.batch.size, -1)
    # By level, the earliest of a level last, so that it stays.
    for at in counts[np.lexsort((-counts, level[counts]))].tolist():
        label[row[at]], cue[row[at]] = level[at], at
    return Severities(label, cue)
