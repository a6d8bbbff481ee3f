"""How often customers will come back: the BG/NBD model of Fader, Hardie and Lee 2005."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voiceloop.analytics.value.cells import Floats
from voiceloop.analytics.value.likelihood import Fit, maximised
from voiceloop.analytics.value.transactions import Summary

NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True, eq=False)
class BgNbd:
    """Customers buy at rates ~ Gamma(r, α); after each purchase they leave with a chance ~ Beta(a, b).

    Times are in the unit of the summary that it was fitted on.
    """

    fit: Fit
    unit: str

    @property
    def parameters(self) -> Floats:
        """r, α, a, b."""
        return self.fit.values

    def alive(self, of: Summary, parameters: Floats | None = None) -> Floats:
        """Return the chance that each customer has not left (Fader, Hardie and Lee 2008), shape (n,)."""
        r, alpha, a, b = self.parameters if parameters is None else parameters
        x = of.frequency
        odds = np.log(a) - np.log(b + np.maximum(x, 1) - 1)
        odds = odds + (r + x) * (np.log(alpha + of.age) - np.log(alpha + of.recency))
        return np.where(x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def purchases(self, of: Summary, periods: float, parameters: Floats | None = None) -> Floats:
        """Return how many days with a purchase to expect of each customer within ``periods`` from now.

        Equation 10 of the paper, by the hypergeometric function.

        Parameters
        ----------
        of : Summary
            In this model's unit.
        periods : float
            Length of the time ahead, in that unit.
        parameters : Floats, optional
            Others than the fitted ones.

        Returns
        -------
        Floats
            Shape (n,).
        """
        from scipy.special import hyp2f1

        r, alpha, a, b = self.parameters if parameters is None else parameters
        # TRICKY: the formula has a removable hole at a = 1.
        a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
        x, age = of.frequency, of.age
        z = periods / (alpha + age + periods)
        shape = r + x
        ahead = ((alpha + age) / (alpha + age + periods)) ** shape
        ahead = 1 - ahead * hyp2f1(shape, b + x, a + b + x - 1, z)
        found: Floats = (a + b + x - 1) / (a - 1) * ahead * self.alive(of, np.array([r, alpha, a, b]))
        return np.maximum(found, 0.0)

    def population(self, periods: Floats) -> Floats:
        """Return how many repeat purchases a new customer makes within each of ``periods`` (equation 9)."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self.parameters
        a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
        kept = (alpha / (alpha + periods)) ** r * hyp2f1(r, b, a + b - 1, periods / (alpha + periods))
        found: Floats = (a + b - 1) / (a - 1) * (1 - kept)
        return found

    def simulate(
        self, of: Summary, periods: float, rng: np.random.Generator, parameters: Floats | None = None
    ) -> Floats:
        """Return one draw of each customer's purchases within ``periods``, given what they did so far.

        Given that a customer is alive, the rate is Gamma(r + x, α + T) and the chance of leaving
        Beta(a, b + x): the posterior of the model, so the draw is exact.
        """
        r, alpha, a, b = self.parameters if parameters is None else parameters
        x = of.frequency
        alive = rng.random(of.n) < self.alive(of, parameters)
        rate = rng.gamma(r + x, 1 / (alpha + of.age))
        leaving = np.clip(rng.beta(a, b + x), 1e-9, 1 - 1e-12)
        last = np.minimum(rng.geometric(leaving), 10**9)
        return np.where(alive, np.minimum(rng.poisson(np.minimum(rate * periods, 1e9)), last), 0).astype(
            float
        )


def bgnbd(of: Summary, penalty: float = 0.0) -> BgNbd:
    """Fit the BG/NBD model by maximum likelihood.

    Parameters
    ----------
    of : Summary
        Frequency, recency and age of each customer.
    penalty : float
        Ridge on the parameters' logarithms; 0 is plain maximum likelihood.

    Raises
    ------
    AnalyticsError
        When customers who came back are too few.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> model = bgnbd(shoppers(3000, seed=1).summary("week"))
    >>> [round(float(value)) for value in model.parameters[:2]]
    [1, 4]
    """
    scale = max(float(np.mean(of.age)), 1e-9)
    x, recency, age = of.frequency, of.recency / scale, of.age / scale
    key, counts = np.unique(np.stack([x, recency, age]), axis=1, return_counts=True)

    def log_likelihood(values: Floats) -> float:
        return float(counts @ _log_likelihood(values, *key)) - penalty * float((np.log(values) ** 2).sum())

    fit = maximised(log_likelihood, np.array([1.0, 1.0, 1.0, 1.0]), NAMES, enough=int((x > 0).sum()))
    # Times were measured in mean ages: α has the unit of time, and each repeat purchase its density.
    units = np.array([1.0, scale, 1.0, 1.0])
    return BgNbd(fit.rescaled(units, -float(x.sum()) * np.log(scale)), of.unit)


def _log_likelihood(values: Floats, x: Floats, recency: Floats, age: Floats) -> Floats:
    from scipy.special import betaln, gammaln

    r, alpha, a, b = values
    buying = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    staying = betaln(a, b + x) - betaln(a, b)
    still = -(r + x) * np.log(alpha + age)
    gone = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency)
    found: Floats = buying + staying + np.where(x > 0, np.logaddexp(still, gone), still)
    return found
