"""Said versus did: what customers who said they would recommend, or would not, then did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.moments import spread
from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.student import t_quantile, two_sided

Array = npt.NDArray[np.float64]
CLASSES = ("promoter", "passive", "detractor")
LEAST = 20


@dataclass(frozen=True)
class Deed:
    """How many of each class did something, among customers alike in tier and segment.

    Attributes
    ----------
    rates : mapping of class to Estimate
        Shares 0 to 1 as if each class had the whole's mix of customers; `raw` as counted.
    difference : Estimate
        Promoters less detractors, adjusted.
    compared : float
        Share of the rows in groups where both classes occur: only there can they be compared.
    """

    name: str
    n: dict[str, int]
    raw: dict[str, float]
    rates: dict[str, Estimate]
    difference: Estimate
    p_value: float
    compared: float

    @property
    def is_signal(self) -> bool:
        return self.p_value < 0.05

    def to_dict(self) -> dict[str, Any]:
        return {
            "deed": self.name, "n": self.n, "raw": self.raw,
            "rates": {name: one.to_dict() for name, one in self.rates.items()},
            "difference": self.difference.to_dict(), "p_value": self.p_value, "compared": self.compared,
            "verdict": "signal" if self.is_signal else "noise",
        }  # fmt: skip


def deed(
    name: str,
    classes: npt.NDArray[Any],
    did: Array,
    strata: npt.NDArray[Any] | None = None,
    cluster: npt.NDArray[Any] | None = None,
    *,
    confidence: float = 0.95,
) -> Deed:
    """Compare what the classes did, standardised directly to the mix of all (Fleiss 1981).

    Parameters
    ----------
    name : str
    classes : (n,) array of str
        'promoter', 'passive' or 'detractor'; other rows are left out.
    did : (n,) array
        1, 0, or NaN where it is too early to say.
    strata : (n,) array, optional
        What customers are compared within, for instance tier and segment.
    cluster : (n,) array, optional
        The customer: who answers twice counts as one.

    Raises
    ------
    AnalyticsError
        When promoters or detractors are fewer than 20.

    Examples
    --------
    >>> said = np.array(["promoter", "detractor"] * 100)
    >>> again = np.tile([1.0, 0, 1, 1], 50)
    >>> found = deed("bought again", said, again)
    >>> found.rates["promoter"].value, found.rates["detractor"].value, found.is_signal
    (1.0, 0.5, True)
    """
    keep = np.isin(classes, CLASSES) & ~np.isnan(did)
    said, did = classes[keep], did[keep]
    n = {one: int((said == one).sum()) for one in CLASSES}
    if min(n["promoter"], n["detractor"]) < LEAST:
        few = min(n["promoter"], n["detractor"])
        raise AnalyticsError(
            f"{LEAST} promoters and {LEAST} detractors with a known outcome are needed; there are {few}.",
            f"至少需要 {LEAST} 位推荐者和 {LEAST} 位贬损者有已知结果；现有 {few}。",
        )
    stratum = _codes(strata[keep]) if strata is not None else np.zeros(len(said), np.int64)
    group = _codes(cluster[keep]) if cluster is not None else np.arange(len(said))
    shared = _shared(said, stratum)
    raw = {one: float(did[said == one].mean()) for one in CLASSES if n[one]}
    inside = shared[stratum]
    z = t_quantile((1 + confidence) / 2, max(int(group.max()), 1))
    pulls, means = _standardised(said[inside], did[inside], _codes(stratum[inside]))
    code = _codes(group[inside])
    rates = {
        one: _bounded(means[one], float(spread(pulls[one][:, None], np.ones(len(code)), code)[0, 0]), z)
        for one in CLASSES
        if one in means
    }
    apart = means["promoter"] - means["detractor"]
    error = float(
        np.sqrt(spread((pulls["promoter"] - pulls["detractor"])[:, None], np.ones(len(code)), code)[0, 0])
    )
    difference = Estimate(apart, apart - z * error, apart + z * error)
    p_value = two_sided(apart / max(error, 1e-12))
    return Deed(name, n, raw, rates, difference, p_value, float(inside.mean()))


def _codes(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _shared(said: npt.NDArray[Any], stratum: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Groups in which both promoters and detractors occur."""
    size = int(stratum.max()) + 1
    both = [np.bincount(stratum[said == one], minlength=size) > 0 for one in ("promoter", "detractor")]
    return np.asarray(both[0] & both[1])


def _standardised(
    said: npt.NDArray[Any], did: Array, stratum: npt.NDArray[np.int64]
) -> tuple[dict[str, Array], dict[str, float]]:
    """Each class's rate over the mix of all, and each row's pull on it."""
    n, size = len(said), int(stratum.max(initial=-1)) + 1
    mix = np.bincount(stratum, minlength=size) / n
    pulls, means = {}, {}
    for one in CLASSES:
        own = said == one
        count = np.bincount(stratum[own], minlength=size)
        there = count > 0
        if not there.any():
            continue
        rate = np.bincount(stratum[own], weights=did[own], minlength=size) / np.maximum(count, 1)
        share = np.where(there, mix, 0) / mix[there].sum()
        means[one] = float(share @ rate)
        pull = np.zeros(n)
        at = stratum[own]
        pull[own] = n * share[at] / count[at] * (did[own] - rate[at])
        # Which groups there are many of is chance too.
        pulls[one] = pull + np.where(there[stratum], rate[stratum] - means[one], 0.0)
    return pulls, means


def _bounded(value: float, variance: float, z: float) -> Estimate:
    half = z * float(np.sqrt(max(variance, 0.0)))
    return Estimate(value, max(value - half, 0.0), min(value + half, 1.0))
