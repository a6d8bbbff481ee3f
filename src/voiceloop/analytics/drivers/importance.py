"""Key drivers: what share of an outcome's differences goes with each of many things that go together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.asymmetry import sides_of
from voiceloop.analytics.drivers.columns import Column
from voiceloop.analytics.drivers.columns import table as columns_of
from voiceloop.analytics.drivers.gaps import filled, indicators
from voiceloop.analytics.drivers.model import Model, model
from voiceloop.analytics.drivers.outcome import Outcome
from voiceloop.analytics.drivers.outcome import outcome as outcome_of
from voiceloop.analytics.drivers.result import Driver, Drivers, Effect, Estimate, performance_of
from voiceloop.analytics.drivers.screening import Screened, SetAside, screen
from voiceloop.analytics.drivers.shapley import MOST_EXACT, Shares, johnson, shares
from voiceloop.analytics.drivers.warning import warnings_of
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.student import t_quantile, two_sided

Array = npt.NDArray[np.float64]

# Our choice: under this nothing is said, and for each column of the model five more rows are asked for.
LEAST_ROWS = 50
ROWS_A_COLUMN = 5
_HOW = {
    "complete": ("no gaps", "无缺失"),
    "listwise": ("rows with a gap left out", "含缺失的行不计入"),
    "pairwise": (
        "each correlation from the rows that know both (gaps are taken to be by chance)",
        "每个相关系数取两列都有值的行（假定缺失是随机的）",
    ),
    "filled": (
        "gaps read as average and told apart by an indicator",
        "缺失按平均值计，并用指示变量区分",
    ),
}


@dataclass(frozen=True)
class Prepared:
    """An outcome and the columns that may explain it."""

    outcome: Outcome
    screened: Screened
    weights: Array | None = None
    cluster: Any = None


def key_drivers(
    table: Mapping[str, Any],
    outcome: str,
    *,
    drivers: Sequence[str] = (),
    weight: str | None = None,
    cluster: str | None = None,
    missing: Collection[str] = (),
    positive: str | None = None,
    **more: Any,
) -> Drivers:
    """Explain an outcome by the other columns of a table.

    Parameters
    ----------
    table : mapping of str to (n,) array
        Numbers with NaN or texts with None.
    outcome : str
        NPS answers, a score, or classes; see `outcome.outcome`.
    drivers : sequence of str
        The columns that may explain it; none chooses those that can: identifiers, texts, copies of the
        outcome and what was written after it are set aside, who the customer is is held equal.
    weight, cluster : str, optional
        Column of survey weights; column of what rows that hang together share.
    missing : collection of str
        What stands for "no answer".
    positive : str, optional
        The good class of an outcome in words.
    **more
        As for `explain`.

    Raises
    ------
    AnalyticsError
        When a column is not there or cannot be used, or there are too few answers.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> speed, taste = rng.integers(1, 6, (2, 500)).astype(float)
    >>> score = np.clip(np.round(1.5 * speed + 0.5 * taste + rng.normal(0, 1, 500)), 0, 10)
    >>> found = key_drivers({"speed": speed, "taste": taste, "nps": score}, "nps")
    >>> [one.name for one in found.drivers], found.drivers[0].is_signal
    (['speed', 'taste'], True)
    """
    ready = prepare(
        table, outcome, drivers=drivers, weight=weight, cluster=cluster, missing=missing, positive=positive
    )
    found = ready.screened
    return explain(
        ready.outcome, found.drivers, found.context, aside=found.aside, weights=ready.weights,
        cluster=ready.cluster, **more,
    )  # fmt: skip


def prepare(
    table: Mapping[str, Any],
    outcome: str,
    *,
    drivers: Sequence[str] = (),
    weight: str | None = None,
    cluster: str | None = None,
    missing: Collection[str] = (),
    positive: str | None = None,
) -> Prepared:
    """Return the outcome and the columns that `key_drivers` would use.

    Examples
    --------
    >>> found = prepare({"y": np.arange(60.0) % 7, "x": np.arange(60.0) % 5 + 1}, "y")
    >>> [one.name for one in found.screened.drivers]
    ['x']
    """
    for name in (outcome, *drivers, *filter(None, (weight, cluster))):
        if name not in table:
            near = ", ".join(list(table)[:12])
            raise AnalyticsError(
                f"There is no column {name}; there are: {near}.", f"没有列“{name}”；现有列：{near}。"
            )
    y = outcome_of(outcome, table[outcome], missing=missing, positive=positive)
    _enough_answers(int((~np.isnan(y.y)).sum()), LEAST_ROWS)
    used = {outcome, *filter(None, (weight, cluster))}
    asked = {name: table[name] for name in (drivers or table) if name not in used}
    found = screen(columns_of(asked, missing=missing), y.y, outcome, named=tuple(drivers))
    if drivers and not found.drivers:
        why = found.aside[0]
        raise AnalyticsError(f"{why.en}.", f"{why.zh}。")
    w = _weights(table[weight], weight) if weight else None
    return Prepared(y, found, w, _codes(table[cluster]) if cluster else None)


def explain(
    outcome: Outcome,
    drivers: Sequence[Column],
    context: Sequence[Column] = (),
    *,
    aside: Sequence[SetAside] = (),
    weights: Array | None = None,
    cluster: Any = None,
    method: str = "auto",
    handled: str = "",
    confidence: float = 0.95,
    efforts: Mapping[tuple[str, str], float] | None = None,
    seed: int = 7,
) -> Drivers:
    """Explain an outcome by columns that are ready to be used.

    Parameters
    ----------
    outcome : Outcome
    drivers, context : sequence of Column
        What explains, and what is held equal first.
    method : {'auto', 'lmg', 'sampled', 'johnson'}
        Up to 12 drivers all orders are counted, beyond they are drawn.
    handled : {'', 'listwise', 'pairwise', 'filled'}
        See `moments.moments`; 'filled' reads gaps as average and tells them apart by an indicator, which is
        done by itself where pairs of columns contradict one another.
    confidence : float
    efforts : mapping of (driver, lever) to float
        What one unit of effort costs; 1 where nothing is said.

    Notes
    -----
    Intervals are analytic: the influence of each row on a Lindeman–Merenda–Gold part follows from the
    derivatives of R² by the covariances, so weights, clusters and gaps are in it. They are taken on the scale
    of the square root, on which a driver without effect has the spread 1/√n, around the part adjusted for
    what chance explains.
    """
    if not drivers:
        raise AnalyticsError("No column is left that could explain it.", "没有可用来解释结果的列。")
    made = _model(outcome.y, drivers, context, weights, cluster, handled)
    _enough(made)
    m = made.moments
    exact = {"lmg": True, "sampled": False, "johnson": False}.get(method)
    split = shares(m.repaired, made.groups, always=made.always, n=m.effective_n, exact=exact, seed=seed)
    z = t_quantile((1 + confidence) / 2, max(m.n_clusters - 1, 1))
    parts = johnson(m.repaired, made.groups) if method == "johnson" else split.parts
    pulls = m.influence(split.gradients)
    rows = [_driver(made, split, parts, pulls, at, one, z) for at, one in enumerate(drivers)]
    held = within_budget([one.p_value for one in rows], 1 - confidence)
    rows = [_replaced(one, is_signal=sure) for one, sure in zip(rows, held, strict=True)]
    rows, levers = sides_of(
        outcome,
        rows,
        context,
        weights=weights,
        cluster=cluster,
        z=z,
        efforts=efforts or {},
    )
    w = np.ones(len(outcome.y)) if weights is None else np.nan_to_num(weights)
    rows = [_replaced(one, performance=performance_of(one.column, w, one.direction, z)) for one in rows]
    rows.sort(key=lambda one: -one.importance.value)
    words, words_zh = _method(split, method, made, weights, cluster)
    known = np.any([~np.isnan(one.values) for one in drivers], axis=0)
    answered = ~np.isnan(outcome.y)
    return Drivers(
        outcome=outcome, n=m.n, n_total=len(outcome.y),
        coverage=float((known & answered).sum() / max(answered.sum(), 1)), mean=_mean(made, z),
        drivers=tuple(rows), context=tuple(context), levers=levers, aside=tuple(aside),
        warnings=warnings_of(outcome, made, drivers, rows), r2=split.r2, r2_adjusted=split.adjusted_r2,
        r2_cross_validated=made.cross_validated(), r2_context=split.r2_before, missing=m.handled,
        method=words, method_zh=words_zh, confidence=confidence,
    )  # fmt: skip


def _model(
    y: Array, drivers: Sequence[Column], context: Sequence[Column], weights: Any, cluster: Any, handled: str
) -> Model:
    if handled != "filled":
        made = model(y, drivers, context, weights=weights, cluster=cluster, handled=handled)
        # Pairs that contradict one another were not left open by chance.
        if handled or not made.moments.contradiction:
            return made
    told = indicators([*drivers, *context])
    rest = [*told, *map(filled, context)]
    made = model(y, [filled(one) for one in drivers], rest, weights=weights, cluster=cluster)
    return replace(made, moments=replace(made.moments, handled="filled"))


def needed(n_columns: int) -> int:
    """Return how many answers an explanation by so many coded columns needs.

    Examples
    --------
    >>> needed(3), needed(40)
    (50, 200)
    """
    return max(LEAST_ROWS, ROWS_A_COLUMN * n_columns)


def _enough_answers(n: int, least: int) -> None:
    if n < least:
        raise AnalyticsError(
            f"{least:,} answers are needed to explain this; there are {n:,}.",
            f"解释这一结果至少需要 {least:,} 条作答；现有 {n:,} 条。",
        )


def _enough(made: Model) -> None:
    _enough_answers(made.moments.n, needed(len(made.names)))
    if made.moments.sd[0] <= 0:
        raise AnalyticsError("Everybody answered the same.", "所有作答都相同，没有可解释的差异。")


def _driver(
    made: Model, split: Shares, parts: Array, pulls: Array, at: int, column: Column, z: float
) -> Driver:
    m = made.moments
    whole = max(float(split.parts.sum()), 1e-12)
    own = pulls[:, at : at + 1]
    drawn = float(split.sampling_error[at])
    error = float(np.sqrt(m.spread(own)[0, 0] + drawn**2))
    of_share = (own - parts[at] / whole * pulls.sum(axis=1, keepdims=True)) / whole
    share_error = float(np.sqrt(m.spread(of_share)[0, 0] + (drawn / whole) ** 2))
    importance, p_value = _rooted(float(parts[at]), float(split.adjusted[at]), error, z)
    fair = max(float(split.adjusted.sum()), 1e-12)
    share, _ = _rooted(float(parts[at]) / whole, float(split.adjusted[at]) / fair, share_error, z)
    columns = made.groups[at]
    correlation = float(m.r[0, columns[0]]) if len(columns) == 1 else float("nan")
    effects = tuple(
        Effect(made.names[c - 1][1], _around(made.coefficients[c], made.spread[c, c], z)) for c in columns
    )
    known = int((~np.isnan(column.values[made.rows])).sum())
    direction = _direction(column, correlation, m, effects)
    return Driver(
        column.name, column, importance, share, p_value, False, direction, correlation, effects, known
    )


def _rooted(part: float, fair: float, error: float, z: float) -> tuple[Estimate, float]:
    """A part of R² with an interval on the scale of its square root, and the p-value against none."""
    root = np.sqrt(max(part, 1e-12))
    spread = error / (2 * root)
    centre = np.sqrt(max(fair, 0.0))
    low, high = max(centre - z * spread, 0.0) ** 2, min((centre + z * spread) ** 2, 1.0)
    return Estimate(part, min(low, part), max(high, part)), two_sided(centre / max(spread, 1e-12))


def _around(value: float, variance: float, z: float) -> Estimate:
    half = z * float(np.sqrt(max(variance, 0.0)))
    return Estimate(float(value), float(value) - half, float(value) + half)


def _direction(column: Column, correlation: float, m: Any, effects: tuple[Effect, ...]) -> int:
    if column.kind == "category":
        return 0
    if column.kind == "mention":
        bad, good = (one.of for one in effects)
        return int(np.sign((good.value if good.is_sure else 0.0) - (bad.value if bad.is_sure else 0.0)))
    # The sign that people see: of the driver alone, once it is more than chance (Fisher's z).
    sure = abs(np.arctanh(np.clip(correlation, -0.999999, 0.999999))) * np.sqrt(max(m.effective_n - 3, 1)) > 2
    return int(np.sign(correlation)) if sure else 0


def _mean(made: Model, z: float) -> Estimate:
    m = made.moments
    return _around(m.mean[0], m.spread(m.thin.z[:, :1] * m.sd[0])[0, 0], z)


def _method(split: Shares, method: str, made: Model, weights: Array | None, cluster: Any) -> tuple[str, str]:
    p = len(made.groups)
    of = {
        "lmg": (
            f"R² shared out over all orders of {p} drivers (Lindeman, Merenda and Gold 1980)",
            f"按 {p} 个因素的全部进入次序平均分摊 R²（LMG，1980）",
        ),
        "lmg_sampled": (
            f"R² shared out over drawn orders of {p} drivers (LMG/Shapley; more than {MOST_EXACT} are drawn; "
            f"sampling error ≤ {split.sampling_error.max():.4f})",
            f"抽取若干进入次序分摊 {p} 个因素的 R²（LMG/Shapley；超过 {MOST_EXACT} 个时抽样，"
            f"抽样误差 ≤ {split.sampling_error.max():.4f}）",
        ),
        "johnson": (
            "R² shared out by Johnson's relative weights (2000)",
            "按 Johnson 相对权重（2000）分摊 R²",
        ),
    }["johnson" if method == "johnson" else split.method]
    more = [of, ("intervals by influence functions on the root scale", "区间：影响函数法（平方根尺度）")]
    more.append(_HOW[made.moments.handled])
    if made.always:
        more.append(("who the customers are is held equal first", "先扣除客户构成的影响"))
    if weights is not None:
        more.append(("weighted", "加权"))
    if cluster is not None:
        more.append(("rows of one cluster together", "同组的行合并计算误差"))
    return "; ".join(one[0] for one in more), "；".join(one[1] for one in more)


def _weights(values: Any, name: str) -> Array:
    found = np.asarray(values)
    if found.dtype.kind not in "biuf" or np.nanmin(found) < 0 or not np.nansum(found) > 0:
        raise AnalyticsError(
            f"The weights in {name} are not numbers above zero.", f"权重列“{name}”不是正数。"
        )
    return np.asarray(np.nan_to_num(found.astype(float)))


def _codes(values: Any) -> npt.NDArray[np.int64]:
    return np.unique(np.asarray([str(v) for v in values]), return_inverse=True)[1].astype(np.int64)


def _replaced(driver: Driver, **changes: Any) -> Driver:
    return replace(driver, **changes)
