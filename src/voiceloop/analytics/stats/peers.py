"""Does one person do something more often than the others in the same circumstances?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, median
from typing import TypeVar

from voiceloop.analytics.stats.skew import straightened

Who = TypeVar("Who", bound=Hashable)
Stratum = TypeVar("Stratum", bound=Hashable)
Counts = tuple[float, float]

_FEW = 10.0  # a stratum with fewer rows of the others says nothing (our choice)
_MIDDLE = 0.4549  # median of χ² with one degree of freedom
_FAR, _ROUNDS = 3.0, 5
_SURE = 1e-16  # smaller chances are not told apart


@dataclass(frozen=True)
class Excess:
    """How often one does something, and how often the others would in the same circumstances.

    Attributes
    ----------
    n, hits : float
    expected : float
        Hits of the others at the same circumstances; at most ``n``.
    p_value : float
        One-sided, against doing it ``odds`` times as often as the others.
    """

    n: float
    hits: float
    expected: float
    p_value: float

    @property
    def rate(self) -> float:
        """Own share of hits, 0-1."""
        return self.hits / self.n if self.n else 0.0

    @property
    def usual(self) -> float:
        """The others' share of hits at the same circumstances, 0-1."""
        return self.expected / self.n if self.n else 0.0


def excesses(
    counts: Mapping[Who, Mapping[Stratum, Counts]], *, odds: float = 1.5, least: float = 10.0
) -> dict[Who, Excess]:
    """Hold each against all the others, stratum by stratum.

    A stratified score test with the variance of both sides, straightened for lopsided counts.
    Honest people differ too, so the hypothesis is not equality but odds up to ``odds`` times
    the others', and the variance is multiplied by how much more than by chance the median person
    differs from the others (McCullagh and Nelder, Generalized Linear Models, 1989, section 4.5).

    Parameters
    ----------
    counts : mapping of who to mapping of stratum to (rows, hits)
    odds : float
        What still counts as ordinary, at least 1.
    least : float
        Who has fewer rows is not judged.

    Returns
    -------
    dict
        An `Excess` for each who can be judged.

    Examples
    --------
    >>> usual = {name: {"call": (200.0, 6.0)} for name in "abcdefg"}
    >>> found = excesses({**usual, "x": {"call": (200.0, 60.0)}})
    >>> found["x"].p_value < 1e-6, found["a"].p_value > 0.5
    (True, True)
    """
    judged = {who: own for who, own in counts.items() if sum(n for n, _ in own.values()) >= least}
    outside: set[Who] = set()
    tried: dict[Who, _Moments] = {}
    # Those who stand out would make the others' habit look like their own: they are no yardstick.
    for _ in range(_ROUNDS):
        totals = _totals(own for who, own in counts.items() if who not in outside)
        tried = {who: _against(own, totals, 1.0, who not in outside) for who, own in judged.items()}
        tried = {who: found for who, found in tried.items() if found[0] >= least and found[3] > 0}
        far = sorted((who for who in tried if _z(tried[who]) > _FAR), key=lambda who: -_z(tried[who]))
        before, outside = outside, set(far[: len(tried) // 3])
        if outside == before:
            break
    if len(tried) < 2:
        return {}
    near = [found for who, found in tried.items() if who not in outside]
    spread = max(median(_z(found) ** 2 for found in near) / _MIDDLE, 1.0)
    raised = {who: _against(counts[who], totals, odds, who not in before) for who in tried}
    return {who: _judged(tried[who], raised[who], spread) for who in tried}


_Moments = tuple[float, float, float, float, float]


def _totals(several: Iterable[Mapping[Stratum, Counts]]) -> dict[Stratum, Counts]:
    totals: dict[Stratum, Counts] = {}
    for own in several:
        for stratum, (n, hits) in own.items():
            before = totals.get(stratum, (0.0, 0.0))
            totals[stratum] = (before[0] + n, before[1] + hits)
    return totals


def _against(
    own: Mapping[Stratum, Counts], totals: Mapping[Stratum, Counts], odds: float, is_within: bool
) -> _Moments:
    """Rows, hits, and mean, variance and third moment of the hits at ``odds`` times the others' odds."""
    rows = found = mean = variance = third = 0.0
    for stratum, (n, hits) in own.items():
        others, theirs = totals.get(stratum, (0.0, 0.0))
        if is_within:
            others, theirs = others - n, theirs - hits
        if others < _FEW:
            continue
        # Half a hit more and half a miss more: where nobody else ever did it, it is rare, not impossible.
        p = (theirs + 0.5) / (others + 1)
        q = odds * p / (1 - p + odds * p)
        slope = odds / (1 - p + odds * p) ** 2
        rows, found, mean = rows + n, found + hits, mean + n * q
        variance += n * q * (1 - q) + (n * slope) ** 2 * p * (1 - p) / others
        third += n * q * (1 - q) * (1 - 2 * q)
    return rows, found, mean, variance, third


def _z(found: _Moments) -> float:
    _, hits, mean, variance, third = found
    return straightened((hits - mean) / sqrt(variance), third / variance**1.5)


def _judged(plain: _Moments, raised: _Moments, spread: float) -> Excess:
    rows, hits, expected = plain[:3]
    _, _, mean, variance, third = raised
    z = straightened((hits - mean) / sqrt(variance * spread), third / variance**1.5)
    return Excess(rows, hits, expected, max(NormalDist().cdf(-z), _SURE))
