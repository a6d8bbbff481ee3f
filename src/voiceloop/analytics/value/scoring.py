"""How good predicted probabilities are: ranking, distance from the truth, and whether 20 % means 20 %."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.stats.student import normal_quantile
from voiceloop.analytics.value.cells import Floats, Ints

_BINS = 10


class Step(NamedTuple):
    """Customers of similar risk: how many, what was predicted, and what came with its interval."""

    n: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """What probabilities are worth on customers that the model had not seen."""

    n: int
    positives: int
    auc: float
    auc_low: float
    auc_high: float
    brier: float
    log_loss: float
    calibration_error: float
    calibration: tuple[Step, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, rounded to six digits."""
        found = asdict(self)
        found["calibration"] = [
            {k: _short(v) for k, v in step._asdict().items()} for step in self.calibration
        ]
        return {name: _short(value) for name, value in found.items()}


def score(labels: Ints, probability: Floats) -> Score:
    """Return AUC with its interval, Brier score, log loss and calibration.

    Parameters
    ----------
    labels : Ints
        0 or 1, both there.
    probability : Floats
        Predicted chance of 1, same shape.

    Notes
    -----
    The interval of the AUC is DeLong, DeLong and Clarke-Pearson 1988, on the logit scale. The calibration
    error is the mean distance of predicted and observed over ten equal groups, weighted by their size.

    Examples
    --------
    >>> found = score(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    >>> found.auc, round(found.brier, 4)
    (0.75, 0.1581)
    """
    value, low, high = _auc(labels, probability)
    safe = np.clip(probability, 1e-9, 1 - 1e-9)
    steps = calibration(labels, probability)
    gap = sum(step.n * abs(step.predicted - step.observed) for step in steps) / len(labels)
    return Score(
        n=len(labels),
        positives=int(labels.sum()),
        auc=value,
        auc_low=low,
        auc_high=high,
        brier=float(np.mean((probability - labels) ** 2)),
        log_loss=float(-np.mean(np.where(labels == 1, np.log(safe), np.log(1 - safe)))),
        calibration_error=float(gap),
        calibration=steps,
    )


def auc(labels: Ints, ranking: Floats) -> float:
    """Return the chance that a random 1 ranks above a random 0; ties count half.

    Examples
    --------
    >>> auc(np.array([0, 1, 1]), np.array([1.0, 1.0, 2.0]))
    0.75
    """
    ones = int(labels.sum())
    zeros = len(labels) - ones
    return float((_ranks(ranking)[labels == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def calibration(labels: Ints, probability: Floats, bins: int = _BINS) -> tuple[Step, ...]:
    """Return predicted against observed shares in groups of equal size, with Wilson intervals.

    Examples
    --------
    >>> calibration(np.array([0, 1, 1, 1]), np.array([0.2, 0.2, 0.9, 0.9]), bins=2)[0][:3]
    (2, 0.2, 0.5)
    """
    groups = np.array_split(np.argsort(probability, kind="stable"), min(bins, len(labels)))
    return tuple(_step(labels[rows], probability[rows]) for rows in groups)


def platt(labels: Ints, log_odds: Floats) -> tuple[float, float]:
    """Return slope and offset that make the chances of log-odds true (Platt 1999, with his targets).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=20_000)
    >>> slope, offset = platt((rng.random(20_000) < 1 / (1 + np.exp(-x))).astype(int), 2 * x)
    >>> round(slope, 1), abs(round(offset, 1))
    (0.5, 0.0)
    """
    ones = labels.sum()
    wanted = np.where(labels == 1, (ones + 1) / (ones + 2), 1 / (len(labels) - ones + 2))
    spread = max(float(log_odds.std()), 1e-9)
    rows = np.stack([log_odds / spread, np.ones(len(labels))], axis=1)
    weights = np.zeros(2)
    for _ in range(50):
        chance = chances(rows @ weights)
        slope = rows.T @ (wanted - chance) - 1e-6 * weights
        step = np.linalg.solve((rows * (chance * (1 - chance))[:, None]).T @ rows + 1e-6 * np.eye(2), slope)
        weights += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    return float(weights[0] / spread), float(weights[1])


def chances(log_odds: Floats) -> Floats:
    """Return probabilities of log-odds.

    Examples
    --------
    >>> chances(np.array([0.0])).tolist()
    [0.5]
    """
    found: Floats = 1 / (1 + np.exp(-np.clip(log_odds, -50, 50)))
    return found


def _auc(labels: Ints, ranking: Floats, confidence: float = 0.95) -> tuple[float, float, float]:
    ones, zeros = ranking[labels == 1], ranking[labels == 0]
    m, n = len(ones), len(zeros)
    ranks = _ranks(np.concatenate([ones, zeros]))
    of_ones = (ranks[:m] - _ranks(ones)) / n
    of_zeros = 1 - (ranks[m:] - _ranks(zeros)) / m
    value = float(of_ones.mean())
    if min(m, n) < 2 or not 0 < value < 1:
        return value, value, value
    deviation = float(np.sqrt(of_ones.var(ddof=1) / m + of_zeros.var(ddof=1) / n))
    half = normal_quantile((1 + confidence) / 2) * deviation / (value * (1 - value))
    centre = np.log(value / (1 - value))
    low, high = chances(np.array([centre - half, centre + half])).tolist()
    return value, low, high


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, the mean rank for ties."""
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    found: Floats = (last - (counts - 1) / 2)[codes]
    return found


def _step(labels: Ints, probability: Floats) -> Step:
    n, share, z = len(labels), float(labels.mean()), 1.959964
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Step(n, float(probability.mean()), share, float(centre - half), float(centre + half))


def _short(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value
