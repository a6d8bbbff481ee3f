"""Small lakes whose every figure can be counted by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from voiceloop.analytics import Lake

SNAPSHOTS = Path(__file__).parent / "snapshots"


def _table(key: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table; keys are numbered and the day is one Sunday unless said."""
    whole = [{key: i, "day": date(2026, 3, 1), **row} for i, row in enumerate(rows, 1)]
    names = dict.fromkeys(name for row in whole for name in row)
    return pa.table({name: [row.get(name) for row in whole] for name in names})


def _answers(
    scores: Sequence[float],
    *,
    scale: str | None = "nps_0_10",
    question: str = "nps",
    first: int = 1,
    **more: Any,
) -> pa.Table:
    """Answers with these scores, and more columns alike on all."""
    return _table(
        "answer_id",
        [
            {
                "answer_id": first + i,
                "response_id": first + i,
                "score": float(s),
                "scale": scale,
                "question": question,
            }
            | more
            for i, s in enumerate(scores)
        ],
    )


@pytest.fixture
def table() -> Callable[..., pa.Table]:
    return _table


@pytest.fixture
def answers() -> Callable[..., pa.Table]:
    return _answers


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compare a text with its stored form; VOICELOOP_SNAPSHOTS=write stores it anew."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if os.environ.get("VOICELOOP_SNAPSHOTS") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
