"""Facts written straight into a lake, for tests of what is read from it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import localdate, now

from voiceloop.analytics.lake import Lake
from voiceloop.server.store import sync

_keys = count(1)


def lake_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake of the test's own in place of the installation's, wherever it is asked for."""
    lake, real = Lake(folder), sync.lake
    for name, module in list(sys.modules.items()):
        if name.startswith("voiceloop.server") and getattr(module, "lake", None) is real:
            monkeypatch.setattr(module, "lake", lambda: lake)
    return lake


def answers(lake: Lake, unit: str, scores: Iterable[float], **moment: Any) -> None:
    """Scores of today in a unit; `question` and `scale` are those of NPS unless said otherwise."""
    usual = {"question": "nps", "scale": "nps_0_10", "weight": 1.0, "day": localdate(), "at": now()}
    keys = ((next(_keys), score) for score in scores)
    rows = [
        {**usual, "unit": unit, "answer_id": key, "response_id": key, "score": float(score), **moment}
        for key, score in keys
    ]
    lake.append("answers", rows)
