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
    import pyarrow as pa

    lake = Lake(tempfile.mkdtemp(prefix="voiceloop-"))
    n = len(_SCORES)
    rows = {
        "answer_id": range(1, n + 1),
        "response_id": range(1, n + 1),
        "day": [date(2026, 3, 1 + i) for i in range(n)],
        "question": ["nps"] * n,
        "scale": ["nps_0_10"] * n,
        "score": [float(score) for score in _SCORES],
        "channel": ["sms" if i % 2 else "web" for i in range(n)],
    }
    lake.append("answers", pa.table({name: list(column) for name, column in rows.items()}))
    return lake
