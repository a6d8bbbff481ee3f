"""Which comments speak for a week: clear, unlike each other, from different touchpoints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from voiceloop.analytics.text.phrases import folded

# Our choice: read at most so many of the newest to choose from; so alike is said twice; so long is a story.
CANDIDATES, ALIKE, SHORT, LONG = 150, 0.5, 8, 120


def picked(verbatims: Iterable[Any], most: int, told: Iterable[str] = ()) -> list[Any]:
    """The clearest, each unlike what was told before; a touchpoint that has spoken waits for the others."""
    ranked = sorted(verbatims, key=lambda row: (-clearness(row), row.pk))
    chosen: list[Any] = []
    heard = [_shingles(text) for text in told]
    spoken: Counter[str] = Counter()
    for turn in range(most):
        for row in ranked:
            if len(chosen) == most:
                return chosen
            if row in chosen or spoken[row.response.touchpoint] > turn:
                continue
            shingles = _shingles(row.text)
            if any(_alike(shingles, other) for other in heard):
                continue
            chosen.append(row)
            heard.append(shingles)
            spoken[row.response.touchpoint] += 1
    return chosen


def clearness(row: Any) -> float:
    """How sure its feeling is, less for what is too short to tell or too long to quote."""
    notes = list(row.annotations.all())
    sure: float = next((note.probability or 0.5 for note in notes if note.kind == "sentiment"), 0.5)
    n = len(row.text)
    length = min(n / SHORT, 1.0) * min(LONG / max(n, 1), 1.0)
    reasons = sum(note.kind == "reason" for note in notes)
    return float(sure * length * (1 + 0.15 * min(reasons, 3)))


def _shingles(text: str) -> set[str]:
    said = "".join(char for char in folded(text) if char.isalpha())
    return {said[i : i + 2] for i in range(len(said) - 1)} or {said}


def _alike(a: set[str], b: set[str]) -> bool:
    return len(a & b) >= ALIKE * min(len(a), len(b))


def once(verbatims: Sequence[Any]) -> list[Any]:
    """In their order, without what was said already in almost the same words."""
    kept: list[Any] = []
    heard: list[set[str]] = []
    for row in verbatims:
        shingles = _shingles(row.text)
        if not any(_alike(shingles, other) for other in heard):
            kept.append(row)
            heard.append(shingles)
    return kept
