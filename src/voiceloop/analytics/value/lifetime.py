"""What each customer is worth: so far, and within the time ahead, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.value.bgnbd import BgNbd, bgnbd
from voiceloop.analytics.value.candidates import SEED
from voiceloop.analytics.value.cells import Floats
from voiceloop.analytics.value.gamma_gamma import GammaGamma, gamma_gamma
from voiceloop.analytics.value.transactions import UNITS, Purchases, Summary

DAYS, DISCOUNT, CONFIDENCE, DRAWS = 365, 0.10, 0.90, 300
_STEPS = 12


class Total(NamedTuple):
    """What a group of customers is worth together."""

    n: int
    historic: float
    expected: float
    low: float
    high: float
    purchases: float


@dataclass(frozen=True, eq=False)
class Lifetime:
    """Per customer: value so far, chance to be alive, purchases and value expected in ``days`` ahead.

    ``low`` and ``high`` hold what the customer will spend in ``confidence`` of cases: chance of the single
    customer and doubt about the parameters together. ``draws`` are of everyone's value, shape (draws, n).
    """

    keys: tuple[str, ...]
    days: int
    discount: float
    confidence: float
    historic: Floats
    alive: Floats
    purchases: Floats
    purchases_typical: Floats
    purchases_low: Floats
    purchases_high: Floats
    spend: Floats
    expected: Floats
    low: Floats
    high: Floats
    draws: npt.NDArray[np.float32]
    buying: BgNbd
    paying: GammaGamma
    kept_share: float

    def total(self, rows: Any = slice(None)) -> Total:
        """Return the value of some customers together (a mask or positions), with its interval."""
        together = self.draws[:, rows].sum(axis=1, dtype=np.float64)
        low, high = np.quantile(together, _ends(self.confidence)).tolist()
        historic, expected = self.historic[rows], self.expected[rows]
        return Total(
            len(expected),
            float(historic.sum()),
            float(expected.sum()),
            low,
            high,
            float(self.purchases[rows].sum()),
        )

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What speaks against the models here, as sentences (English, Chinese)."""
        r = self.paying.correlation
        if abs(r) <= 0.3:
            return []
        return [
            (
                f"How often and how much customers buy are related (r = {r:.2f}); "
                "the model of spend takes them to be independent.",
                f"购买频次与单次金额相关（r = {r:.2f}），而金额模型假设两者独立。",
            )
        ]


def lifetime(
    of: Purchases,
    *,
    days: int = DAYS,
    discount: float = DISCOUNT,
    confidence: float = CONFIDENCE,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Lifetime:
    """Return what customers are worth by BG/NBD and Gamma-Gamma.

    Parameters
    ----------
    of : Purchases
        What they bought.
    days : int
        Length of the time ahead.
    discount : float
        Per year: money in a year is worth 1/(1 + discount) of money today.
    confidence : float
        Share of customers whose spend lies within their interval, if the models are right.
    draws : int
        Of the simulation behind the intervals: parameters from their asymptotic distribution, then each
        customer's future from the posterior.
    seed : int
        Of the simulation.

    Returns
    -------
    Lifetime
        Amounts are net of returns: scaled by the share of the money that customers kept.

    Raises
    ------
    AnalyticsError
        When too few customers came back.

    Notes
    -----
    Fader, Hardie and Lee 2005, "Counting your customers" the easy way, Marketing Science 24(2); Fader and
    Hardie 2013, "The Gamma-Gamma model of monetary value". Both assume habits that do not change and know
    no season.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> found = lifetime(shoppers(500, seed=2), draws=50)
    >>> bool(np.all(found.low <= found.high)), found.total().n
    (True, 500)
    """
    s = of.summary()
    buying, paying = bgnbd(s), gamma_gamma(s)
    periods = days / UNITS[s.unit]
    discounted = _discounted(buying, s, periods, days, discount)
    purchases = buying.purchases(s, periods)
    spend = paying.mean(s) * of.kept_share
    counts, money = _simulated(buying, paying, s, periods, draws, seed)
    # Money is drawn at its full amount; each customer's own discount turns it into today's.
    today = of.kept_share * discounted / np.maximum(purchases, 1e-12)
    money *= today.astype(np.float32)
    ends = _ends(confidence)
    low, high = np.quantile(money, ends, axis=0)
    few, typical, many = np.quantile(counts, (ends[0], 0.5, ends[1]), axis=0)
    return Lifetime(
        keys=of.keys,
        days=days,
        discount=discount,
        confidence=confidence,
        historic=s.net,
        alive=buying.alive(s),
        purchases=purchases,
        purchases_typical=typical.astype(np.float64),
        purchases_low=few.astype(np.float64),
        purchases_high=many.astype(np.float64),
        spend=spend,
        expected=discounted * spend,
        low=low.astype(np.float64),
        high=high.astype(np.float64),
        draws=money,
        buying=buying,
        paying=paying,
        kept_share=of.kept_share,
    )


def _discounted(buying: BgNbd, s: Summary, periods: float, days: int, discount: float) -> Floats:
    """Purchases expected, each at today's worth of one at its time: a sum over twelve steps."""
    ends = np.linspace(0, 1, _STEPS + 1)
    through = np.stack([np.zeros(s.n), *(buying.purchases(s, periods * end) for end in ends[1:])])
    worth = (1 + discount) ** (-(ends[1:] - 0.5 / _STEPS) * days / 365)
    found: Floats = worth @ np.diff(through, axis=0)
    return found


def _simulated(
    buying: BgNbd, paying: GammaGamma, s: Summary, periods: float, draws: int, seed: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    habits, prices = buying.fit.draws(draws, rng), paying.fit.draws(draws, rng)
    counts = np.empty((draws, s.n), dtype=np.float32)
    money = np.empty((draws, s.n), dtype=np.float32)
    for i in range(draws):
        drawn = buying.simulate(s, periods, rng, habits[i])
        counts[i] = drawn
        money[i] = paying.simulate(s, drawn, rng, prices[i])
    return counts, money


def _ends(confidence: float) -> tuple[float, float]:
    return (1 - confidence) / 2, (1 + confidence) / 2
