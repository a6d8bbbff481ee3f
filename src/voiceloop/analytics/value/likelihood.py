"""The most likely positive parameters of a model, and how far they are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.cells import Floats

LEAST = 20
# Our choice: beyond e^9 a parameter says "none" or "all", and special functions lose their digits.
_WIDE = 9.0


@dataclass(frozen=True, eq=False)
class Fit:
    """Positive parameters, their covariance on the logarithmic scale, and the log-likelihood."""

    names: tuple[str, ...]
    values: Floats
    covariance: Floats
    log_likelihood: float

    @property
    def errors(self) -> Floats:
        """Standard errors of the parameters, by the delta method."""
        found: Floats = self.values * np.sqrt(np.diag(self.covariance))
        return found

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Return the ends of each parameter's interval, symmetric on the logarithmic scale."""
        from voiceloop.analytics.stats.student import normal_quantile

        half = normal_quantile((1 + confidence) / 2) * np.sqrt(np.diag(self.covariance))
        return self.values * np.exp(-half), self.values * np.exp(half)

    def draws(self, n: int, rng: np.random.Generator) -> Floats:
        """Return ``n`` draws of the parameters from their asymptotic distribution, shape (n, parameters)."""
        logs = rng.multivariate_normal(np.log(self.values), self.covariance, n, method="eigh")
        found: Floats = np.exp(np.clip(logs, np.log(self.values) - 3, np.log(self.values) + 3))
        return found

    def rescaled(self, units: Floats, more: float) -> Fit:
        """Return the fit in other units: parameters times ``units``, log-likelihood plus ``more``."""
        return Fit(self.names, self.values * units, self.covariance, self.log_likelihood + more)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Return each parameter with its standard error and 95 % interval."""
        low, high = self.interval()
        rows = zip(self.names, self.values, self.errors, low, high, strict=True)
        return {
            name: {"value": float(value), "error": float(error), "low": float(a), "high": float(b)}
            for name, value, error, a, b in rows
        }


def maximised(
    log_likelihood: Callable[[Floats], float], start: Floats, names: tuple[str, ...], *, enough: int
) -> Fit:
    """Return the parameters above zero that make ``log_likelihood`` largest.

    Parameters
    ----------
    log_likelihood : callable
        Of the parameters, shape (k,).
    start : Floats
        Where to begin.
    names : tuple of str
        Of the parameters.
    enough : int
        Customers that tell something; fewer than 20 are refused.

    Raises
    ------
    AnalyticsError
        When there are too few, or no maximum is found.

    Examples
    --------
    >>> found = maximised(lambda v: -float((np.log(v[0]) - 1) ** 2), np.array([1.0]), ("x",), enough=99)
    >>> round(float(found.values[0]), 3)
    2.718
    """
    from scipy.optimize import minimize

    if enough < LEAST:
        raise AnalyticsError(
            f"Only {enough} customers came back; {LEAST} are needed to fit a lifetime.",
            f"只有 {enough} 位客户再次购买；估计生命周期价值至少需要 {LEAST} 位。",
        )

    def loss(logs: Floats) -> float:
        value = log_likelihood(np.exp(np.clip(logs, -_WIDE, _WIDE)))
        return -value if np.isfinite(value) else 1e300

    # The simplex finds the hill from anywhere, the quasi-Newton step its top.
    rough = minimize(loss, np.log(start), method="Nelder-Mead", options={"maxiter": 400, "fatol": 1e-3})
    found = minimize(loss, rough.x, method="BFGS", options={"gtol": 1e-5})
    best = found if found.fun <= rough.fun else rough
    if not best.fun < 1e299:
        raise AnalyticsError("The model does not fit these data.", "该模型无法拟合这些数据。")
    return Fit(names, np.exp(np.clip(best.x, -_WIDE, _WIDE)), _covariance(loss, best.x), -float(best.fun))


def _covariance(loss: Callable[[Floats], float], at: Floats, step: float = 1e-3) -> Floats:
    """The inverse of the Hessian by central differences, made positive where the data say nothing."""
    k = len(at)
    hessian = np.empty((k, k))
    moves = np.eye(k) * step
    for i in range(k):
        for j in range(i + 1):
            total = loss(at + moves[i] + moves[j]) - loss(at + moves[i] - moves[j])
            total += loss(at - moves[i] - moves[j]) - loss(at - moves[i] + moves[j])
            hessian[i, j] = hessian[j, i] = total / (4 * step * step)
    values, vectors = np.linalg.eigh(hessian)
    # Our choice: a direction that the data leave open is known to a factor of e², no worse.
    found: Floats = (vectors / np.maximum(values, 0.25)) @ vectors.T
    return found
