"""Where in their life with the company customers are: new, growing, loyal, at risk, lapsed, returning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.value.cells import Floats, Ints
from voiceloop.analytics.value.transactions import UNITS, Purchases


class Stage(NamedTuple):
    """A stage of life and its names."""

    code: str
    label_zh: str
    label_en: str


STAGES = (
    Stage("new", "新客户", "New"),
    Stage("growing", "成长期", "Growing"),
    Stage("loyal", "忠诚期", "Loyal"),
    Stage("at_risk", "有流失风险", "At risk"),
    Stage("lapsed", "已流失", "Lapsed"),
    Stage("returning", "回流", "Returning"),
)
NEW, GROWING, LOYAL, AT_RISK, LAPSED, RETURNING = range(6)
# Before the first purchase.
NOT_YET = -1
# Our choices: of the pauses after which customers came back, these shares were shorter.
_LAPSED, _RISK = 0.95, 0.80
_LEAST, _MOST = 14, 730
_FEW = 30


class Limits(NamedTuple):
    """Days without a purchase after which a customer is at risk and counts as lapsed; orders of a regular."""

    at_risk: int
    lapsed: int
    regular: int = 4


@dataclass(frozen=True, eq=False)
class Stages:
    """The stage of each customer, as a position in `STAGES`, and the limits it rests on."""

    keys: tuple[str, ...]
    stage: Ints
    limits: Limits

    def counts(self) -> dict[str, int]:
        """Return how many customers each stage has."""
        found = np.bincount(self.stage, minlength=len(STAGES)).tolist()
        return {stage.code: n for stage, n in zip(STAGES, found, strict=True)}


def limits(of: Purchases) -> Limits:
    """Return how long a pause means what, from the pauses after which customers came back.

    Long pauses are seen only of customers known for long; each pause therefore counts by how many
    customers were known long enough to show it (Kaplan and Meier's estimate of the pause until the next
    purchase, among those who ever came back).

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> found = limits(shoppers(500, seed=1))
    >>> found.at_risk < found.lapsed
    True
    """
    gaps = of.gaps[of.gaps > 0]
    if len(gaps) < _FEW:
        # Our choice where nobody can know: a quarter and half a year.
        return Limits(90, 180)
    last = np.zeros(len(of.keys), dtype=np.int64)
    np.maximum.at(last, of.customer, of.day)
    open_ = (of.until - last)[np.bincount(of.customer, minlength=len(of.keys)) > 1]
    risk, lapsed = (_quantile(gaps, open_, share) for share in (_RISK, _LAPSED))
    risk = int(np.clip(risk, _LEAST, _MOST))
    return Limits(risk, int(np.clip(lapsed, risk + 7, _MOST)))


def stages(of: Purchases, known: Limits | None = None) -> Stages:
    """Return the stage of each customer on the last day of the data.

    Lapsed: no purchase for longer than ``lapsed`` days. At risk: for longer than ``at_risk``. Returning: the
    last purchase but three came after a pause that had counted as lapsed. New: one purchase. Loyal: at
    least ``regular``, and as many in the later half of their time as in the earlier. Growing: the rest.

    Parameters
    ----------
    of : Purchases
        What customers bought.
    known : Limits, optional
        Taken from the data when left out.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> sum(stages(shoppers(300, seed=1)).counts().values())
    300
    """
    found = known or limits(of)
    s = of.summary("day")
    n = len(of.keys)
    pause = of.until - s.last
    middle = (s.first + of.until) / 2
    late = np.bincount(of.customer, weights=of.day >= middle[of.customer], minlength=n)
    count = s.frequency + 1
    back = np.bincount(of.customer, weights=_is_recent(of) & (of.gaps > found.lapsed), minlength=n) > 0
    steady = (count >= found.regular) & (late >= count / 2)
    stage = np.select(
        [pause > found.lapsed, pause > found.at_risk, back, count == 1, steady],
        [LAPSED, AT_RISK, RETURNING, NEW, LOYAL],
        GROWING,
    )
    return Stages(of.keys, stage.astype(np.int64), found)


def transitions(
    of: Purchases, days: float = UNITS["month"], known: Limits | None = None
) -> tuple[Ints, Floats]:
    """Return who went from stage to stage within the last ``days``: counts and shares, shape (6, 6).

    Both ends are judged by the same limits: ``known``, else those of all the data.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> counts, shares = transitions(shoppers(300, seed=1))
    >>> counts.shape, bool(np.all(shares <= 1))
    ((6, 6), True)
    """
    then, now = courses(of, (days, 0), known).T
    here = then != NOT_YET
    counts = np.zeros((len(STAGES), len(STAGES)), dtype=np.int64)
    np.add.at(counts, (then[here], now[here]), 1)
    shares: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return counts, shares


def courses(of: Purchases, marks: Sequence[float], known: Limits | None = None) -> Ints:
    """Return the stage of each customer so many days ago, shape (customers, marks), by the same limits.

    Parameters
    ----------
    of : Purchases
        What customers bought.
    marks : sequence of float
        Days before the last day of the data; 0 is that day itself.
    known : Limits, optional
        Taken from all the data when left out.

    Returns
    -------
    array of int
        Positions in `STAGES`; `NOT_YET` before the first purchase.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> courses(shoppers(300, seed=1), (0, 90)).shape
    (300, 2)
    """
    limit = known or limits(of)
    place = {key: i for i, key in enumerate(of.keys)}
    found = np.full((len(of.keys), len(marks)), NOT_YET, dtype=np.int64)
    for column, days in enumerate(marks):
        then = of.before(round(of.until - days) + 1) if days else of
        here = np.fromiter((place[key] for key in then.keys), dtype=np.int64, count=len(then.keys))
        if len(here):
            found[here, column] = stages(then, limit).stage
    return found


def _is_recent(of: Purchases) -> Ints:
    """1 for the last three purchases of each customer."""
    count = np.bincount(of.customer, minlength=len(of.keys))
    rank = np.arange(len(of.customer)) - (np.cumsum(count) - count)[of.customer]
    return (rank >= count[of.customer] - 3).astype(np.int64)


def _quantile(gaps: Ints, open_: Ints, share: float) -> int:
    """The pause that ``share`` of returns stay below, among customers who return.

    Open pauses are censored; those longer than any pause that ever ended are customers who left.
    """
    waiting = open_[open_ <= gaps.max()]
    days = np.arange(1, int(gaps.max()) + 1)
    ended = np.bincount(gaps, minlength=len(days) + 1)[1:]
    left = np.bincount(np.maximum(waiting, 1), minlength=len(days) + 1)[1:]
    at_stake = len(gaps) + len(waiting) - np.cumsum(ended + left) + ended + left
    back = 1 - np.cumprod(1 - ended / np.maximum(at_stake, 1))
    reached = back >= share * back[-1]
    return int(days[np.argmax(reached)])
