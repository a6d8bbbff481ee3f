"""Recovery net of regression to the mean: how many more came back than would have without any action?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.stats.intervals import share_interval
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.retest import Estimate, assumed, fitted

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Pair = tuple[float, float | None]
Method = Literal["untreated", "retest", "assumed"]

# From this score on a detractor counts as won back; REQUIREMENTS, row 1: 7 is the first passive.
RECOVERED_FROM = 7
# Fewer untreated customers than this say less than the test–retest model. Our choice.
ENOUGH_UNTREATED = 30
ENOUGH_PAIRS = 100
# So many untreated answers make a stratum of first scores of its own.
IN_A_STRATUM = 8


@dataclass(frozen=True)
class NetRecovery:
    """How many treated detractors came back, beside how many would have anyway.

    Attributes
    ----------
    n, n_answered : int
        Treated cases that were asked again, and those of them who answered.
    observed, expected, net, low, high : float or None
        In percent of those who answered: recovered; recovered without any action; the difference with its
        interval. None without answers.
    worst, best : float or None
        ``net`` in percent of all asked again if nobody who was silent had come back, and if all had.
    method : {'untreated', 'retest', 'assumed'}
        Where ``expected`` is from: customers nobody had treated yet, repeated answers of the company's
        own customers, or a test–retest correlation of the literature.
    n_compared : int
        Untreated customers or repeated answers behind ``expected``.
    """

    n: int
    n_answered: int
    observed: float | None
    expected: float | None
    net: float | None
    low: float | None
    high: float | None
    worst: float | None
    best: float | None
    method: Method
    n_compared: int


def net_recovery(
    treated: Iterable[Pair],
    *,
    untreated: Iterable[Pair] = (),
    repeated: Iterable[Pair] = (),
    scores: Sequence[float] = (),
    confidence: float = 0.95,
) -> NetRecovery:
    """Estimate what treatment added to the recoveries that chance brings.

    Whoever is picked for a low score scores higher next time, because part of the low score was chance. So
    the share that scores 7 or more is compared with that of untreated customers of the same first scores;
    where there are too few of them, with what a test–retest model predicts for those first scores.

    Parameters
    ----------
    treated : iterable of (float, float or None)
        First score (0–6) and the score of the re-survey, None for who did not answer.
    untreated : iterable of (float, float or None)
        The same of detractors whom nobody had contacted by the second score.
    repeated : iterable of (float, float or None)
        Two scores of one customer with no case between them, of any first score.
    scores : sequence of float
        First scores of everybody asked (0–10); how common each is decides how much of it is chance.
    confidence : float
        Level of the interval.

    Returns
    -------
    NetRecovery
        Who did not answer never counts as recovered; ``worst`` and ``best`` say how much they could change.

    Examples
    --------
    >>> treated = [(3, 8), (5, 9), (6, 7), (2, 4), (6, None)] * 20
    >>> untreated = [(3, 4), (5, 7), (6, 8), (2, 3)] * 20
    >>> found = net_recovery(treated, untreated=untreated)
    >>> found.method, found.observed, found.expected, found.net, found.low > 0
    ('untreated', 75.0, 50.0, 25.0, True)
    """
    first, second = _columns(treated)
    expect, method, n_compared = _expectation(first, untreated, repeated, scores, confidence)
    answered = ~np.isnan(second)
    n, n_answered, n_back = len(first), int(answered.sum()), int((second >= RECOVERED_FROM).sum())
    if not n_answered:
        return NetRecovery(n, 0, *(None,) * 7, method, n_compared)
    observed = _share(n_back, n_answered, confidence)
    expected = expect(first[answered])
    everybody = expect(first).value
    return NetRecovery(
        n,
        n_answered,
        100 * observed.value,
        100 * expected.value,
        100 * (observed.value - expected.value),
        100 * max(observed.value - expected.value - hypot(observed.below, expected.above), -1),
        100 * min(observed.value - expected.value + hypot(observed.above, expected.below), 1),
        100 * (n_back / n - everybody),
        100 * ((n_back + n - n_answered) / n - everybody),
        method,
        n_compared,
    )


def _expectation(
    first: Floats,
    untreated: Iterable[Pair],
    repeated: Iterable[Pair],
    scores: Sequence[float],
    confidence: float,
) -> tuple[Callable[[Floats], Estimate], Method, int]:
    """How many of given first scores come back without any action, from the best source there is."""
    others, later = _columns(pair for pair in untreated if pair[1] is not None)
    if len(others) >= ENOUGH_UNTREATED:
        back = later >= RECOVERED_FROM
        return lambda asked: _standardised(asked, others, back, confidence), "untreated", len(others)
    pairs = _columns(pair for pair in repeated if pair[1] is not None)
    if len(pairs[0]) >= ENOUGH_PAIRS and len(scores):
        model = fitted(*pairs, np.asarray(scores, float))
        return lambda asked: model.share(asked, RECOVERED_FROM, confidence), "retest", len(pairs[0])
    known = np.asarray(scores if len(scores) else first, float)
    guess = assumed(known)
    return lambda asked: guess.share(asked, RECOVERED_FROM, confidence), "assumed", len(pairs[0])


def _standardised(asked: Floats, others: Floats, back: Bools, confidence: float) -> Estimate:
    """The untreated's share of recoveries, weighted to the first scores of those asked.

    Strata are added up as Zou and Donner, Statistics in Medicine 27 (2008) 1693, add estimates: by the
    squares of the distances to their limits.
    """
    edges = _strata(others)
    weights = np.bincount(np.searchsorted(edges, asked, "right"), minlength=len(edges) + 1) / len(asked)
    stratum = np.searchsorted(edges, others, "right")
    shares = [
        (weight, _share(int(back[stratum == k].sum()), int((stratum == k).sum()), confidence))
        for k, weight in enumerate(weights)
    ]
    return Estimate(
        float(sum(weight * share.value for weight, share in shares)),
        hypot(*(weight * share.below for weight, share in shares)),
        hypot(*(weight * share.above for weight, share in shares)),
    )


def _strata(others: Floats) -> list[float]:
    """Scores at which a new stratum begins, so that each has enough untreated customers."""
    edges: list[float] = []
    left, in_this = len(others), 0
    for score, n in zip(*np.unique(others, return_counts=True), strict=True):
        if in_this >= IN_A_STRATUM and left >= IN_A_STRATUM:
            edges.append(float(score))
            in_this = 0
        in_this, left = in_this + int(n), left - int(n)
    return edges


def _share(hits: int, n: int, confidence: float) -> Estimate:
    low, high = share_interval(Parts(n, n, n, hits, hits), confidence)
    return Estimate(hits / n, hits / n - float(low), float(high) - hits / n)


def _columns(pairs: Iterable[Pair]) -> tuple[Floats, Floats]:
    rows = [(first, np.nan if second is None else second) for first, second in pairs]
    table = np.array(rows, float).reshape(-1, 2)
    return table[:, 0], table[:, 1]
