"""Facts written straight into a lake, for tests of what is read from it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.utils.timezone import localdate, now

from voiceloop.analytics.lake import Lake

_keys = count(1)


def answers(lake: Lake, unit: str, scores: Iterable[float], **moment: Any) -> None:
    """Scores of today in a unit; `question` and `scale` are those of NPS unless said otherwise."""
    usual = {"question": "nps", "scale": "nps_0_10", "weight": 1.0, "day": localdate(), "at": now()}
    keys = ((next(_keys), score) for score in scores)
    rows = [
        {**usual, "unit": unit, "answer_id": key, "response_id": key, "score": float(score), **moment}
        for key, score in keys
    ]
    lake.append("answers", rows)
