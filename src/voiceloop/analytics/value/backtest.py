"""How well the future of customers would have been foretold: fitted on the past, tested on the rest."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.cells import Floats
from voiceloop.analytics.value.lifetime import lifetime
from voiceloop.analytics.value.transactions import Purchases


@dataclass(frozen=True)
class Error:
    """How far predictions lie from what came, over customers: mean absolute, root mean square, and in sum."""

    mean_absolute: float
    root_mean_square: float
    total: float
    correlation: float


@dataclass(frozen=True)
class Backtest:
    """Predictions made on day ``cut`` for the ``days`` after it, and what came.

    ``naive``: each customer goes on at their own average rate of repeat purchases; ``same again``: each
    buys as often as in the days before, as many as are foretold; ``mean``: everyone goes on at the rate of
    all. The model's mean aims at the smallest square error, its median at the smallest absolute one.
    """

    cut: int
    days: int
    n: int
    bought: int
    predicted: float
    spent: float
    spend_predicted: float
    purchases: dict[str, Error]
    spend: dict[str, Error]
    covered: float
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers."""
        return asdict(self)


def backtest(of: Purchases, *, cut: int | None = None, share: float = 0.75) -> Backtest:
    """Return the errors of the model and of the naive rule on the last part of the data.

    Parameters
    ----------
    of : Purchases
        What customers bought.
    cut : int, optional
        Day of the prediction, as days since 1970-01-01.
    share : float
        Of the time that comes before the cut, when that is not told.

    Raises
    ------
    AnalyticsError
        When nothing lies on one side of the cut, or too few came back before it.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> found = backtest(shoppers(1500, seed=4))
    >>> found.purchases["model"].mean_absolute < found.purchases["mean"].mean_absolute
    True
    """
    day = round(of.first_day + (of.until - of.first_day) * share) if cut is None else cut
    if not of.first_day < day <= of.until:
        raise AnalyticsError("The data end before the test begins.", "数据在回测开始之前就已结束。")
    past = of.before(day)
    days = of.until - day + 1
    found = lifetime(past, days=days, discount=0.0, draws=200)
    came, paid = _after(of, past, day)
    s = past.summary("day")
    # At least as long as the test: who came yesterday would else be expected every day.
    seen = np.maximum(s.age, days)
    rate = s.frequency / seen * days
    usual = past.kept_share * s.total / (s.frequency + 1)
    everyone = np.full(len(past.keys), s.frequency.sum() / max(float(s.age.sum()), 1.0) * days)
    recent = np.bincount(past.customer, weights=past.day >= day - days, minlength=len(past.keys))
    typical = found.purchases_typical
    ways = {
        "model": found.purchases,
        "model median": typical,
        "naive": rate,
        "same again": recent,
        "mean": everyone,
    }
    money = {name: count * usual for name, count in ways.items()}
    money |= {"model": found.expected, "mean": everyone * float(usual.mean())}
    inside = (paid >= found.low) & (paid <= found.high)
    return Backtest(
        cut=day,
        days=days,
        n=len(past.keys),
        bought=int(came.sum()),
        predicted=float(found.purchases.sum()),
        spent=float(paid.sum()),
        spend_predicted=float(found.expected.sum()),
        purchases={name: _error(values, came) for name, values in ways.items()},
        spend={name: _error(values, paid) for name, values in money.items()},
        covered=float(inside.mean()),
        confidence=found.confidence,
    )


def _after(of: Purchases, past: Purchases, day: int) -> tuple[Floats, Floats]:
    """Days with a purchase and net money of each customer of the past from ``day`` on."""
    later = of.day >= day
    place = {key: i for i, key in enumerate(of.keys)}
    rows = np.array([place[key] for key in past.keys], dtype=np.int64)
    came = np.bincount(of.customer[later], minlength=len(of.keys))[rows].astype(np.float64)
    paid = np.bincount(of.customer[later], weights=of.amount[later], minlength=len(of.keys))[rows]
    return came, paid.astype(np.float64) * of.kept_share


def _error(values: Floats, came: Floats) -> Error:
    spread = values.std() > 0 and came.std() > 0
    return Error(
        float(np.abs(values - came).mean()),
        float(np.sqrt(((values - came) ** 2).mean())),
        float(values.sum() / came.sum() - 1) if came.sum() else float("nan"),
        float(np.corrcoef(values, came)[0, 1]) if spread else 0.0,
    )
