"""Colours that carry meaning: the class of a score, the cell of a heat map."""

from __future__ import annotations

from itertools import pairwise

from voiceloop.analytics.scales import SCALES, Scale

TILE = {"promoter": "p", "passive": "n", "detractor": "d"}

# Stops between which one dark ink keeps its contrast on every cell.
STOPS: tuple[tuple[float, tuple[int, int, int]], ...] = (
    (-40, (224, 128, 80)),
    (-5, (243, 188, 160)),
    (20, (245, 242, 236)),
    (45, (166, 210, 213)),
    (80, (79, 169, 176)),
)


def tile(value: object, scale: str = "nps_0_10") -> str:
    """p, n or d for a class name or for a score of the scale; nothing when it has no class."""
    if isinstance(value, str):
        return TILE.get(value, "")
    known: Scale | None = SCALES.get(scale)
    if known is None or not isinstance(value, int | float) or not known.holds(value):
        return ""
    return TILE.get(known.class_of(value), "")


def heat(value: float) -> tuple[int, ...]:
    """The colour of an NPS between the two stops around it."""
    bounded = min(max(value, STOPS[0][0]), STOPS[-1][0])
    for (low, cold), (high, warm) in pairwise(STOPS):
        if bounded <= high:
            share = (bounded - low) / (high - low)
            return tuple(round(a + (b - a) * share) for a, b in zip(cold, warm, strict=True))
    return STOPS[-1][1]
