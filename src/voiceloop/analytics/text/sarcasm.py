"""Remarks that surely mean their opposite: praise in quotation marks, thanks for a failure."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.text.cues import readable
from voiceloop.analytics.text.patterns import pattern
from voiceloop.analytics.text.seen import CLEAR, Seen, complaining

# Characters around a cue in which a remark is looked for, and where looking ends.
BEFORE, AFTER, MOST = 40, 90, 5_000


def ironies(seen: Seen) -> dict[int, tuple[int, int]]:
    """Return the span of a sarcastic remark by text, only where a pattern is sure.

    Parameters
    ----------
    seen : Seen
        A batch.

    Returns
    -------
    dict
        (start, end) in characters of the text.

    Examples
    --------
    >>> from voiceloop.analytics.text.analyse import analyse
    >>> texts = ["真是“好”服务，等了两小时", "Thanks for nothing!", "谢谢你们，服务真好"]
    >>> [found.sarcasm for found in analyse(texts)]
    [True, True, False]
    """
    found: dict[int, tuple[int, int]] = {}
    cues = seen.cues.of("sarcasm")
    rows = seen.batch.row[cues.start]
    # Thanks and applause are mostly meant; they are looked into where something is wrong.
    likely = np.flatnonzero((cues.weight >= 1) | complaining(seen)[rows])
    begins = cues.start - seen.batch.starts[rows]
    for row, begin in zip(rows[likely].tolist(), begins[likely].tolist(), strict=True):
        if row in found or begin > MOST:
            continue
        low = max(begin - BEFORE, 0)
        shown = readable(seen.batch, row, seen.texts[row], low, begin + AFTER)
        match = pattern("sarcasm", "sure").search(shown)
        # A laugh in a comment that praises is a laugh.
        laughs = "呵呵" in match.group() if match else False
        if match and not (laughs and seen.scores.probability[row, 2] >= CLEAR):
            found[row] = (low + match.start(), low + match.end())
    return found
