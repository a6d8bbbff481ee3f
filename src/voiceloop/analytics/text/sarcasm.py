"""Remarks that surely mean their opposite: praise in quotation marks, thanks for a failure."""

from __future__ import annotations

from voiceloop.analytics.text.cues import readable
from voiceloop.analytics.text.patterns import pattern
from voiceloop.analytics.text.seen import CLEAR, Seen


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
    found = {}
    for row in sorted(set(seen.batch.row[seen.cues.of("sarcasm").start].tolist())):
        match = pattern("sarcasm", "sure").search(readable(seen.batch, row, seen.texts[row]))
        # A laugh in a comment that praises is a laugh.
        laughs = "呵呵" in match.group() if match else False
        if match and not (laughs and seen.scores.probability[row, 2] >= CLEAR):
            found[row] = match.span()
    return found
