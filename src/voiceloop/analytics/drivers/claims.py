"""Claims of the trade, held against one's own customers: as large as claimed, smaller, or not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.moments import spread
from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.student import t_quantile

Array = npt.NDArray[np.float64]
Verdict = Literal["fits", "larger", "smaller", "opposite", "nothing", "open"]
Kind = Literal["people", "percent", "change"]
# Our choices: so many answers at least; an interval wider than this much of the claim says too little.
LEAST, WIDE = 50, 1.0


@dataclass(frozen=True)
class Claim:
    """What is said in the trade without a source; ``kind`` 'change' is an effect, the others are levels.

    ``needs_zh`` and ``needs_en`` say what would have to be asked or tried where no record can tell.
    """

    code: str
    zh: str
    en: str
    claimed: float
    kind: Kind
    row: int
    needs_zh: str = ""
    needs_en: str = ""

    @property
    def is_tested(self) -> bool:
        return not self.needs_zh


# Figures marked "claim" in the requirements; the numbers are theirs, the rows say where.
CLAIMS = (
    Claim(
        "faster_reply",
        "回复快 10%，满意度提高 5%",
        "Replies 10% faster lift satisfaction by 5%",
        5.0,
        "change",
        26,
    ),
    Claim(
        "told_good",
        "满意的客户会告诉 9 个人",
        "A satisfied customer tells 9 people",
        9.0,
        "people",
        23,
    ),
    Claim(
        "told_bad",
        "不满的客户会告诉 15 个人",
        "A dissatisfied customer tells 15 people",
        15.0,
        "people",
        23,
    ),
    Claim(
        "churn",
        "客户忠诚的企业流失率只有 5%",
        "Firms with loyal customers lose only 5% of them",
        5.0,
        "percent",
        17,
    ),
    Claim(
        "channels",
        "70% 的客户需要多种服务渠道",
        "70% of customers want several channels",
        70.0,
        "percent",
        34,
        "在问卷中加一道题；“可及性”页显示客户实际使用了哪些渠道。",
        "Ask it in a survey; the page “Access” shows which channels they use.",
    ),
    Claim(
        "first_reply",
        "75% 的客户期望 5 分钟内得到首次回复",
        "75% of customers expect a first reply within 5 minutes",
        75.0,
        "percent",
        26,
        "在问卷中加一道期望题（模板“期望与体验”），才能知道客户期望多快。",
        "Ask for the expectation in a survey (template “Expectation and experience”); no record tells it.",
    ),
    Claim(
        "training",
        "培训后的坐席解决率提高 20%",
        "Trained agents solve 20% more",
        20.0,
        "change",
        31,
        "先对一部分坐席做培训试点，与未培训的对照组比较。",
        "Train some agents first, as a pilot, and compare them with those not trained yet.",
    ),
    Claim(
        "personal",
        "85% 的客户看重个性化服务",
        "85% of customers value personal service",
        85.0,
        "percent",
        131,
        "在问卷中加一道题。",
        "Ask it in a survey.",
    ),
    Claim(
        "tiers",
        "客户分级使忠诚度提高 10%",
        "Tiers lift loyalty by 10%",
        10.0,
        "change",
        93,
        "在部分门店先启用分级，作为试点与对照组比较。",
        "Switch tiers on in some stores first, as a pilot, and compare.",
    ),
    Claim(
        "recommending",
        "智能推荐使满意度提高 20%",
        "Recommendations lift satisfaction by 20%",
        20.0,
        "change",
        134,
        "先对一部分客户推荐，作为试点与对照组比较。",
        "Recommend to some customers first, as a pilot, and compare.",
    ),
)


def verdict(found: Estimate, claimed: float, *, is_effect: bool) -> Verdict:
    """Say how an estimate stands to a claim.

    Parameters
    ----------
    found : Estimate
    claimed : float
        Not zero, in the units of ``found``.
    is_effect : bool
        Whether zero means that nothing is there.

    Returns
    -------
    str
        'fits': the interval holds the claim, leaves out zero and is no wider than the claim; 'open': it says
        too little; 'nothing': an effect of zero is held and the claim is not; 'opposite': it lies on the
        other side of zero; 'smaller' and 'larger': beyond chance another figure than the claim.

    Examples
    --------
    >>> verdict(Estimate(1.1, 0.3, 1.9), 5.0, is_effect=True)
    'smaller'
    >>> verdict(Estimate(0.1, -0.5, 0.7), 5.0, is_effect=True)
    'nothing'
    >>> verdict(Estimate(4.0, -1.0, 9.0), 5.0, is_effect=True)
    'open'
    """
    holds = found.low <= claimed <= found.high
    if holds:
        is_wide = found.high - found.low > WIDE * abs(claimed)
        return "open" if is_wide or (is_effect and not found.is_sure) else "fits"
    if is_effect and not found.is_sure:
        return "nothing"
    if is_effect and (found.value > 0) != (claimed > 0):
        return "opposite"
    return "larger" if abs(found.value) > abs(claimed) else "smaller"


def shorter(
    score: Array,
    seconds: Array,
    group: npt.NDArray[np.int64],
    customer: npt.NDArray[np.int64],
    *,
    by: float = 0.1,
    confidence: float = 0.95,
) -> tuple[Estimate, int]:
    """Return by how many per cent the mean score is higher where a wait is shorter by ``by``, and n.

    Parameters
    ----------
    score, seconds : (n,) arrays
        Answers, and what their customers had waited; NaN or not above zero where nobody knows.
    group : (n,) array of int
        Customers are compared within, for instance touchpoint, channel and segment.
    customer : (n,) array of int
        Whose answers hang together; 0 where nobody knows.
    by : float
        0.1 is a tenth shorter.
    confidence : float

    Returns
    -------
    Estimate, int
        The slope on the logarithm of the wait within groups (least squares with fixed effects, spread by
        customers as Liang and Zeger 1986), times log(1 − by), in per cent of the mean score. What goes
        together with a shorter wait need not come from it.

    Raises
    ------
    AnalyticsError
        When fewer than 50 answers follow a known wait, or all waits are alike.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> waits = rng.uniform(30, 300, 500)
    >>> same, who = np.zeros(500, int), np.arange(1, 501)
    >>> found, n = shorter(10 - np.log(waits), waits, same, who)
    >>> round(found.value, 2), n
    (2.09, 500)
    """
    known = ~np.isnan(score) & (np.nan_to_num(seconds, nan=0.0) > 0)
    n = int(known.sum())
    if n < LEAST:
        raise AnalyticsError(
            f"{LEAST} answers after a known wait are needed; there are {n}.",
            f"至少需要 {LEAST} 份作答前等待时长已知的答卷；现有 {n} 份。",
        )
    y, x, of = score[known], np.log(seconds[known]), np.unique(group[known], return_inverse=True)[1]
    within_x, within_y = _within(x, of), _within(y, of)
    moved = float(within_x @ within_x)
    if moved < 1e-9 * n:
        raise AnalyticsError("All waits are alike.", "所有等待时长都相同。")
    slope, mean = float(within_x @ within_y) / moved, float(y.mean())
    # Both the slope and the mean that it is a share of are found from these answers.
    pull = n * within_x * (within_y - slope * within_x) / moved - slope / mean * (y - mean)
    who = customer[known]
    # Each unknown customer is one of their own.
    who = np.where(who > 0, who, -np.arange(1, n + 1))
    clusters = np.unique(who, return_inverse=True)[1].astype(np.int64)
    error = float(np.sqrt(spread(pull[:, None], np.ones(n), clusters)[0, 0]))
    times = 100 * float(np.log(1 - by)) / mean
    half = t_quantile((1 + confidence) / 2, max(int(clusters.max()), 1)) * error * abs(times)
    return Estimate(slope * times, slope * times - half, slope * times + half), n


def _within(values: Array, group: npt.NDArray[Any]) -> Array:
    """Each value less the mean of its group."""
    mean = np.bincount(group, values) / np.bincount(group)
    return np.asarray(values - mean[group])
