"""What customers wish for: the stretch of text that names something they want and do not have."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.text.cues import readable
from voiceloop.analytics.text.patterns import pattern
from voiceloop.analytics.text.seen import Seen

_WINDOW = 60
# Wishes after this many characters are left: nobody reads the end of a megabyte.
MOST = 20_000


def needs(seen: Seen, suggested: dict[int, tuple[int, int]]) -> dict[int, list[tuple[int, int]]]:
    """Return the spans of wishes by text.

    Parameters
    ----------
    seen : Seen
        A batch.
    suggested : dict
        Span of the suggestion by text: what customers suggest, they wish for.

    Returns
    -------
    dict
        (start, end) in characters of the text, in order, none overlapping another.

    Examples
    --------
    >>> from voiceloop.analytics.text.analyse import analyse
    >>> [part.text for part in analyse(["菜不错，希望能有儿童餐椅，下次再来"])[0].need]
    ['希望能有儿童餐椅']
    """
    found: dict[int, list[tuple[int, int]]] = {}
    wishes = seen.cues.of("wish")
    rows = seen.batch.row[wishes.start]
    begins = wishes.start - seen.batch.starts[rows]
    for row, begin in zip(rows.tolist(), begins.tolist(), strict=True):
        spans = found.setdefault(row, [])
        done = spans[-1][1] if spans else 0
        low = max(begin - 4, done)
        if begin < done or begin > MOST:
            continue
        match = pattern("wish", "need").search(
            readable(seen.batch, row, seen.texts[row], low, begin + _WINDOW)
        )
        if match:
            spans.append((low + match.start(), low + match.end()))
    for row, (start, end) in suggested.items():
        if not found.get(row):
            found[row] = [(start, _end_of_clause(seen, row, end))]
    return {row: spans for row, spans in found.items() if spans}


def _end_of_clause(seen: Seen, row: int, end: int) -> int:
    begin, stop = int(seen.batch.starts[row]), int(seen.batch.ends[row])
    clause = seen.scores.clause
    last = int(np.searchsorted(clause[:stop], clause[begin + end - 1], side="right"))
    return end + len(seen.texts[row][end : last - begin].rstrip(" .,!?;~。，！？；～…\n"))
