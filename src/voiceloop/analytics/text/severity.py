"""How severe the failure is that a comment tells: slight, serious or catastrophic."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.cues import kinds
from voiceloop.analytics.text.seen import Seen, in_complaint, negated

SEVERITIES = ("", "slight", "serious", "catastrophic")


class Severities(NamedTuple):
    """Severity of each text as an index into `SEVERITIES`, and the cue that decided (-1 for none)."""

    label: Ints
    cue: Ints


def severities(seen: Seen, problem: Bools) -> Severities:
    """Return the severity of the failure in each text.

    Parameters
    ----------
    seen : Seen
        A batch.
    problem : ndarray of bool, shape (texts,)
        True where the comment is a problem.

    Returns
    -------
    Severities
        Catastrophic: injury, poisoning, fire, theft of money or data, crime. Serious: loss of money or a
        journey, refusal, repeated failure, vermin, harassment, a customer who leaves. Slight: any other
        problem. Empty where the comment tells no failure.

    Notes
    -----
    The three levels are those of service-failure research (slight, serious, catastrophic); which words stand
    for which level is our own judgement.

    Examples
    --------
    >>> from voiceloop.analytics.text.analyse import analyse
    >>> texts = ["上菜有点慢", "多扣了两次钱，一直不给退款", "吃完食物中毒住院了", "太好吃了"]
    >>> [found.severity.label for found in analyse(texts)]
    ['slight', 'serious', 'catastrophic', '']
    """
    rank = np.zeros(len(kinds()), np.int64)
    rank[kinds().index("grievous")], rank[kinds().index("grave")] = 2, 3
    cues, level = seen.cues, rank[seen.cues.kind]
    row = seen.batch.row[cues.start]
    counts = np.flatnonzero((level > 0) & in_complaint(seen, cues) & ~negated(seen, cues))
    label, cue = problem.astype(np.int64), np.full(seen.batch.size, -1)
    # By level, the earliest of a level last, so that it stays.
    for at in counts[np.lexsort((-counts, level[counts]))].tolist():
        label[row[at]], cue[row[at]] = level[at], at
    return Severities(label, cue)
