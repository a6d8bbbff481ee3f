"""A lake of ten answers, for the examples in the documentation."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import cache

from voiceloop.analytics.lake import Lake

_SCORES = (10, 9, 9, 10, 8, 7, 3, 6, 10, 0)


@cache
def tiny_lake() -> Lake:
    """Return a lake with ten answers to the recommend question, five a channel.

    Examples
    --------
    >>> tiny_lake().months("answers")
    ('2026-03',)
    """
    lake = Lake(tempfile.mkdtemp(prefix="voiceloop-"))
    shared = {"question": "nps", "scale": "nps_0_10"}
    rows = [
        {
            **shared,
            "answer_id": i,
            "response_id": i,
            "day": date(2026, 3, i),
            "score": score,
            "channel": channel,
        }
        for i, (score, channel) in enumerate(zip(_SCORES, ("web", "sms") * 5, strict=True), 1)
    ]
    lake.append("answers", rows)
    return lake
