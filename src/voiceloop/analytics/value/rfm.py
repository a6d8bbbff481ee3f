"""Recency, frequency and money: scores from 1 to 5, and the eight kinds of customers they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.value.cells import Floats, Ints
from voiceloop.analytics.value.transactions import UNITS, Purchases

SCORES = 5


class Kind(NamedTuple):
    """A kind of customer: whether recent, often and much are above average, and its names."""

    code: str
    label_zh: str
    label_en: str


# By recent × often × much, as 重要/一般 × 价值/发展/保持/挽留 are taught.
KINDS = (
    Kind("low_lost", "一般挽留客户", "Small and drifting away"),
    Kind("high_lost", "重要挽留客户", "Big spenders drifting away"),
    Kind("low_keep", "一般保持客户", "Frequent, not seen lately"),
    Kind("high_keep", "重要保持客户", "Best customers, not seen lately"),
    Kind("low_grow", "一般发展客户", "Recent, still small"),
    Kind("high_grow", "重要发展客户", "Recent big spenders"),
    Kind("low_value", "一般价值客户", "Frequent small spenders"),
    Kind("high_value", "重要价值客户", "Best customers"),
)


class Segment(NamedTuple):
    """One kind of customers: how many, and what they bring."""

    kind: Kind
    n: int
    share: float
    value_share: float
    recency_days: float
    frequency: float
    money: float


@dataclass(frozen=True, eq=False)
class Rfm:
    """Scores 1 … 5 of each customer (5 is best) and the position of their kind in `KINDS`."""

    keys: tuple[str, ...]
    recency_days: Ints
    frequency: Ints
    money: Floats
    r: Ints
    f: Ints
    m: Ints
    kind: Ints

    def segments(self) -> tuple[Segment, ...]:
        """Return the kinds that there are, most money first."""
        total = max(float(np.maximum(self.money, 0).sum()), 1e-12)
        found = [
            Segment(
                KINDS[code],
                int(here.sum()),
                float(here.mean()),
                float(np.maximum(self.money[here], 0).sum()) / total,
                float(np.median(self.recency_days[here])),
                float(self.frequency[here].mean()),
                float(self.money[here].mean()),
            )
            for code in range(len(KINDS))
            if (here := self.kind == code).any()
        ]
        return tuple(sorted(found, key=lambda one: -one.value_share))


def rfm(of: Purchases) -> Rfm:
    """Return scores and kinds.

    Recency is the days since the last purchase, frequency the days with a purchase, money what was spent
    less what was given back. A score is the fifth of customers that a value lies in; equal values have equal
    scores. A kind asks whether each score is above its mean over all customers.

    Parameters
    ----------
    of : Purchases
        At least one customer.

    Examples
    --------
    >>> from voiceloop.analytics.value.transactions import purchases
    >>> found = rfm(purchases({"c": ["a", "a", "b"], "t": ["2026-01-01", "2026-02-01", "2026-01-05"],
    ...                        "x": [9, 9, 1]}, "c", "t", "x"))
    >>> found.recency_days.tolist(), found.frequency.tolist(), KINDS[found.kind[0]].label_en
    ([0, 27], [2, 1], 'Best customers')
    """
    s = of.summary("day")
    days = np.round(of.until - s.last).astype(np.int64)
    frequency = (s.frequency + 1).astype(np.int64)
    r, f, m = _fifth(-days), _fifth(frequency), _fifth(s.net)
    kind = 4 * (r > r.mean()) + 2 * (f > f.mean()) + 1 * (m > m.mean())
    return Rfm(of.keys, days, frequency, s.net, r, f, m, kind.astype(np.int64))


def moves(of: Purchases, days: float = UNITS["month"]) -> tuple[Ints, float]:
    """Return who moved between the kinds within the last ``days``, and the share who stayed.

    Parameters
    ----------
    of : Purchases
        Customers of both times are compared.
    days : float
        How long ago "before" was.

    Returns
    -------
    (Ints, float)
        Counts from (row) to (column), shape (8, 8); the share on the diagonal, NaN with nobody.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> counts, stayed = moves(shoppers(400, seed=3))
    >>> counts.shape, 0 < stayed < 1
    ((8, 8), True)
    """
    before, now = rfm(of.before(round(of.until - days) + 1)), rfm(of)
    place = {key: i for i, key in enumerate(now.keys)}
    here = np.array([place[key] for key in before.keys], dtype=np.int64)
    counts = np.zeros((len(KINDS), len(KINDS)), dtype=np.int64)
    np.add.at(counts, (before.kind, now.kind[here]), 1)
    total = int(counts.sum())
    return counts, float(np.trace(counts) / total) if total else float("nan")


def _fifth(values: Floats | Ints) -> Ints:
    """Which fifth each value lies in, by the middle of its ranks."""
    _, code, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / len(values)
    return (1 + np.minimum((middle * SCORES).astype(np.int64), SCORES - 1))[code]
