"""What customers wish for: the stretch of text that names something they want and do not have."""

from __future__ import annotations

from voiceloop.analytics.text.cues import readable
from voiceloop.analytics.text.patterns import pattern
from voiceloop.analytics.text.seen import Seen

_WINDOW = 60


def needs(seen: Seen) -> dict[int, list[tuple[int, int]]]:
    """Return the spans of wishes by text.

    Parameters
    ----------
    seen : Seen
        A batch.

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
        if begin < done:
            continue
        match = pattern("wish", "need").search(
            readable(seen.batch, row, seen.texts[row], low, begin + _WINDOW)
        )
        if match:
            spans.append((low + match.start(), low + match.end()))
    return {row: spans for row, spans in found.items() if spans}
