"""A change of a mean, split without remainder into what moved it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from voiceloop.analytics.stats.parts import Parts

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Piece:
    """What one group adds to the change of a mean; the three add up to its whole contribution.

    Attributes
    ----------
    mix : float
        The group became a larger or smaller share: of those asked when that is known, else of the answers.
    answering : float
        Its share of the answers moved because groups answered more or less often; 0 when unknown.
    within : float
        The group itself changed.
    share_before, share_after : float
        Its share of the answers.
    """

    mix: float
    answering: float
    within: float
    share_before: float
    share_after: float


def split_change(
    before: Mapping[Key, Parts],
    after: Mapping[Key, Parts],
    asked: tuple[Mapping[Key, float], Mapping[Key, float]] | None = None,
) -> dict[Key, Piece]:
    """Split the change of the mean over all groups into pieces that add up to it.

    With shares w and means m, Σ Δw·(m̄ − M̄) + Σ w̄·Δm: Kitagawa, Journal of the American
    Statistical Association 50 (1955) 1168. The bars are midpoints of before and after, so neither
    period is favoured; taking the overall mean M̄ off lets a growing good group count as good news.
    Shares of answers are shares of those asked times answer rates; their change is divided evenly
    between the two orders in which both can have moved (Das Gupta, Standardization and
    Decomposition of Rates, US Bureau of the Census P23-186, 1993). A new group's mean before, and
    a vanished one's after, is taken to be the one it has, so it counts wholly as mix.

    Parameters
    ----------
    before, after : mapping of group to Parts
        Each with some weight in all.
    asked : pair of mappings of group to number, optional
        How many were asked, before and after. A group has at least as many as answered.

    Returns
    -------
    dict
        A `Piece` per group that has answers before or after.

    Examples
    --------
    >>> before = {"shop": Parts.of([1.0] * 8), "app": Parts.of([0.0] * 2)}
    >>> after = {"shop": Parts.of([1.0] * 5), "app": Parts.of([0.0] * 5)}
    >>> pieces = split_change(before, after)
    >>> round(sum(piece.mix for piece in pieces.values()), 12), pieces["app"].within
    (-0.3, 0.0)
    """
    keys = [key for key in dict.fromkeys((*before, *after)) if _weight(before, key) or _weight(after, key)]
    old, new = _shares(before, keys), _shares(after, keys)
    middle = {key: _middle(_mean(before, key), _mean(after, key)) for key in keys}
    moved = {key: _move(_mean(before, key), _mean(after, key)) for key in keys}
    centre = sum((old[key] + new[key]) * (middle[key]) for key in keys) / 2
    rated = _by_rate(before, after, asked, keys) if asked else dict.fromkeys(keys, 0.0)
    return {
        key: Piece(
            mix=(new[key] - old[key] - rated[key]) * (middle[key] - centre),
            answering=rated[key] * (middle[key] - centre),
            within=(old[key] + new[key]) / 2 * moved[key],
            share_before=old[key],
            share_after=new[key],
        )
        for key in keys
    }


def _by_rate(
    before: Mapping[Key, Parts],
    after: Mapping[Key, Parts],
    asked: tuple[Mapping[Key, float], Mapping[Key, float]],
    keys: list[Key],
) -> dict[Key, float]:
    """How far each group's share of the answers moved because answer rates did."""
    sides = list(zip((before, after), asked, strict=True))
    (old_q, new_q) = [{key: max(n.get(key, 0.0), _weight(parts, key)) for key in keys} for parts, n in sides]
    old_r = {key: _weight(before, key) / old_q[key] if old_q[key] else None for key in keys}
    new_r = {key: _weight(after, key) / new_q[key] if new_q[key] else None for key in keys}
    # A group that was not asked in one period has there the answer rate of the other.
    old_rate = {key: _first(old_r[key], new_r[key]) for key in keys}
    new_rate = {key: _first(new_r[key], old_r[key]) for key in keys}
    s00, s11 = _crossed(old_q, old_rate), _crossed(new_q, new_rate)
    s10, s01 = _crossed(new_q, old_rate), _crossed(old_q, new_rate)
    return {key: ((s01[key] - s00[key]) + (s11[key] - s10[key])) / 2 for key in keys}


def _crossed(asked: Mapping[Key, float], rate: Mapping[Key, float]) -> dict[Key, float]:
    total = sum(asked[key] * rate[key] for key in asked)
    return {key: asked[key] * rate[key] / total if total else 0.0 for key in asked}


def _shares(parts: Mapping[Key, Parts], keys: list[Key]) -> dict[Key, float]:
    total = sum(_weight(parts, key) for key in keys)
    return {key: _weight(parts, key) / total for key in keys}


def _weight(parts: Mapping[Key, Parts], key: Key) -> float:
    return float(parts[key].weight) if key in parts else 0.0


def _mean(parts: Mapping[Key, Parts], key: Key) -> float | None:
    return parts[key].mean if key in parts else None


def _first(a: float | None, b: float | None) -> float:
    return a if a is not None else b if b is not None else 0.0


def _middle(a: float | None, b: float | None) -> float:
    return (_first(a, b) + _first(b, a)) / 2


def _move(a: float | None, b: float | None) -> float:
    return b - a if a is not None and b is not None else 0.0
