"""How much customers spend at a time: the Gamma-Gamma model of Fader and Hardie 2013."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voiceloop.analytics.value.cells import Floats
from voiceloop.analytics.value.likelihood import Fit, maximised
from voiceloop.analytics.value.transactions import Summary

NAMES = ("p", "q", "v")


@dataclass(frozen=True, eq=False)
class GammaGamma:
    """Spends of a customer are ~ Gamma(p, ν), with ν ~ Gamma(q, v) over customers.

    ``correlation`` is that of frequency and spend, which the model takes to be zero.
    """

    fit: Fit
    correlation: float

    @property
    def parameters(self) -> Floats:
        """p, q, v."""
        return self.fit.values

    def mean(self, of: Summary, parameters: Floats | None = None) -> Floats:
        """Return the expected spend at a time of each customer, between their own mean and everyone's."""
        p, q, v = self.parameters if parameters is None else parameters
        x = np.where(of.monetary > 0, of.frequency, 0.0)
        # TRICKY: with q ≤ 1 the mean over all customers is infinite; our floor keeps it finite.
        found: Floats = p * (v + x * of.monetary) / np.maximum(p * x + q - 1, 1e-2 * p)
        return found

    def simulate(
        self, of: Summary, purchases: Floats, rng: np.random.Generator, parameters: Floats | None = None
    ) -> Floats:
        """Return one draw of what each customer spends on ``purchases`` purchases."""
        p, q, v = self.parameters if parameters is None else parameters
        x = np.where(of.monetary > 0, of.frequency, 0.0)
        rate = rng.gamma(q + p * x, 1 / (v + x * of.monetary))
        drawn = rng.gamma(np.maximum(p * purchases, 1e-12), 1 / np.maximum(rate, 1e-12))
        return np.where(purchases > 0, drawn, 0.0)


def gamma_gamma(of: Summary) -> GammaGamma:
    """Fit the Gamma-Gamma model by maximum likelihood on the customers who came back and paid.

    Parameters
    ----------
    of : Summary
        Frequency and mean repeat spend of each customer.

    Raises
    ------
    AnalyticsError
        When they are too few.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> model = gamma_gamma(shoppers(3000, seed=1).summary("week"))
    >>> round(float(model.parameters[1]))
    4
    """
    from scipy.special import gammaln

    paid = (of.frequency > 0) & (of.monetary > 0)
    x, scale = of.frequency[paid], max(float(np.mean(of.monetary[paid])) if paid.any() else 1.0, 1e-9)
    spent = of.monetary[paid] / scale

    def log_likelihood(values: Floats) -> float:
        p, q, v = values
        total = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        total = total + (p * x - 1) * np.log(spent) + p * x * np.log(x) - (p * x + q) * np.log(x * spent + v)
        return float(total.sum())

    fit = maximised(log_likelihood, np.array([1.0, 2.0, 1.0]), NAMES, enough=int(paid.sum()))
    related = float(np.corrcoef(x, spent)[0, 1]) if x.std() > 0 and spent.std() > 0 else 0.0
    return GammaGamma(fit.rescaled(np.array([1.0, 1.0, scale]), -float(paid.sum()) * np.log(scale)), related)
