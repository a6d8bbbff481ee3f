"""What detractors cost: contacts, refunds and lost purchases beyond those of customers like them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.moments import spread
from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.student import t_quantile, two_sided

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LEAST = 20
# Our choice: enough bands that customers within one are alike, few enough that each holds some of both.
BANDS = 3


@dataclass(frozen=True)
class Burden:
    """One quantity after a detractor's answer, against customers like them who are none.

    Attributes
    ----------
    detractors, others : float
        Means for a customer as counted, before anybody is compared.
    attached : Estimate
        For each detractor: what goes beyond the others of the same group.
    total : Estimate
        For all detractors that could be compared.
    compared : float
        Share of the detractors in groups where others occur too.
    """

    name: str
    n: int
    n_others: int
    detractors: float
    others: float
    attached: Estimate
    total: Estimate
    p_value: float
    compared: float

    @property
    def is_signal(self) -> bool:
        return self.p_value < 0.05

    def to_dict(self) -> dict[str, Any]:
        return {
            "part": self.name, "n": self.n, "n_others": self.n_others, "detractors": self.detractors,
            "others": self.others, "attached": self.attached.to_dict(), "total": self.total.to_dict(),
            "p_value": self.p_value, "compared": self.compared,
            "verdict": "signal" if self.is_signal else "noise",
        }  # fmt: skip


def alike(*columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the group of each customer: texts as they are; numbers as none or in three bands of equal size.

    Examples
    --------
    >>> alike(np.array(["a", "a", "b"], dtype=object), np.array([0.0, 5.0, 5.0])).tolist()
    [0, 1, 2]
    """
    codes = [_bands(one) if one.dtype.kind == "f" else one.astype(str) for one in columns]
    return np.unique(np.stack([one.astype(str) for one in codes]), axis=1, return_inverse=True)[1].ravel()


def burden(
    name: str,
    is_detractor: Flags,
    value: Array,
    group: npt.NDArray[np.int64],
    *,
    weight: float = 1.0,
    confidence: float = 0.95,
) -> Burden:
    """Return what is attached to detractors: their mean less that of others, in the detractors' own mix.

    Parameters
    ----------
    name : str
    is_detractor : (n,) array of bool
        One row a customer.
    value : (n,) array
        What they did after they answered.
    group : (n,) array of int
        Customers alike before they answered.
    weight : float
        How many customers each row stands for, where rows are a sample.
    confidence : float

    Returns
    -------
    Burden
        Standardised to the detractors' mix of groups (Fleiss 1981); the interval counts which groups
        detractors fall into as chance too. What goes together with an answer need not come from it.

    Raises
    ------
    AnalyticsError
        When fewer than 20 detractors, or others, are there or can be compared.

    Examples
    --------
    >>> unhappy = np.arange(200) % 2 == 0
    >>> found = burden("contacts", unhappy, np.where(unhappy, 2.0, 0.5), np.zeros(200, int))
    >>> found.attached.value, found.total.value
    (1.5, 150.0)
    """
    size = int(group.max(initial=0)) + 1
    n_own = np.bincount(group[is_detractor], minlength=size)
    n_else = np.bincount(group[~is_detractor], minlength=size)
    inside = (n_own > 0)[group] & (n_else > 0)[group]
    own, others = inside & is_detractor, inside & ~is_detractor
    if min(own.sum(), others.sum()) < LEAST:
        few = int(min(own.sum(), others.sum()))
        raise AnalyticsError(
            f"{LEAST} detractors and {LEAST} others alike are needed, with the time passed; there are {few}.",
            f"至少需要观察期已满、彼此可比的 {LEAST} 位贬损者和 {LEAST} 位其他客户；现有 {few}。",
        )
    mean_own = np.bincount(group[own], value[own], size) / np.maximum(n_own, 1)
    mean_else = np.bincount(group[others], value[others], size) / np.maximum(n_else, 1)
    apart, n = mean_own - mean_else, int(own.sum())
    attached = float(apart[group[own]].mean())
    pull = np.zeros(int(inside.sum()))
    rows, is_own = group[inside], is_detractor[inside]
    y, share = value[inside], len(rows) / n
    # How far each row moves the mean: by itself, and a detractor by the group it fell into.
    pull[is_own] = share * (y[is_own] - mean_else[rows[is_own]] - attached)
    at = rows[~is_own]
    pull[~is_own] = -share * n_own[at] / n_else[at] * (y[~is_own] - mean_else[at])
    error = float(np.sqrt(spread(pull[:, None], np.ones(len(pull)), np.arange(len(pull)))[0, 0]))
    half = t_quantile((1 + confidence) / 2, max(n - 1, 1)) * error
    many = n * weight
    return Burden(
        name, n, int(others.sum()), float(value[is_detractor].mean()), float(value[~is_detractor].mean()),
        Estimate(attached, attached - half, attached + half),
        Estimate(many * attached, many * (attached - half), many * (attached + half)),
        two_sided(attached / max(error, 1e-12)), n / int(is_detractor.sum()),
    )  # fmt: skip


def burdens(
    counts: Mapping[str, Array],
    money: Mapping[str, Array],
    is_detractor: Flags,
    group: npt.NDArray[np.int64],
    *,
    weight: float = 1.0,
) -> tuple[Burden, ...]:
    """Return the burden of each count, of each amount, and of the amounts together under 'money'.

    Parameters
    ----------
    counts, money : mapping of name to (n,) array
        Only what is in one currency can be added up.
    is_detractor, group, weight
        As for `burden`.

    Examples
    --------
    >>> unhappy = np.arange(200) % 2 == 0
    >>> paid = {"refunds": np.where(unhappy, 3.0, 1.0), "lost": np.where(unhappy, 5.0, 1.0)}
    >>> [one.attached.value for one in burdens({}, paid, unhappy, np.zeros(200, int))]
    [2.0, 4.0, 6.0]
    """
    whole = {"money": np.sum(list(money.values()), axis=0)} if len(money) > 1 else {}
    parts = {**counts, **money, **whole}
    return tuple(burden(name, is_detractor, value, group, weight=weight) for name, value in parts.items())


def _bands(values: Array) -> npt.NDArray[np.int64]:
    some = values[values > 0]
    cuts = np.unique(np.quantile(some, np.arange(1, BANDS) / BANDS)) if len(some) else np.zeros(0)
    return np.where(values > 0, 1 + np.searchsorted(cuts, values, side="left"), 0)
