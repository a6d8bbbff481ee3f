"""Do two groups think differently, or do they only use the scale differently?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.student import t_quantile

Counts = npt.NDArray[np.float64]
Verdict = Literal["signal", "style", "noise"]

# A prime, so that no rhythm of the numbers falls into step with the blocks.
BLOCKS = 61
# Under this many respondents of a group nothing is compared: our choice.
MIN_RESPONDENTS = 30
_ROUNDS = 25


@dataclass(frozen=True)
class Estimate:
    """A number with its interval."""

    value: float
    low: float
    high: float

    @property
    def is_apart(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Style:
    """How a group uses a scale, over all its items.

    Attributes
    ----------
    answers : int
    mean : Estimate
        Mean answer, points of the scale; every item counts alike.
    extreme : Estimate
        Share of answers at one of the two ends, 0–100.
    midpoint : Estimate or None
        Share at the middle point, 0–100; None on scales without one.
    acquiescence : Estimate
        Share above the middle less share below it, −100–100. Items that all point the same way cannot tell
        saying yes from being content.
    """

    answers: int
    mean: Estimate
    extreme: Estimate
    midpoint: Estimate | None
    acquiescence: Estimate


@dataclass(frozen=True)
class Item:
    """One item's difference once style is taken out.

    Attributes
    ----------
    difference : Estimate
        Points of the scale.
    apart : Estimate
        How far the groups' opinions of it are apart, less the median of all items; in spreads of opinion.
    is_alike : bool
        Whether ``apart`` holds zero.
    """

    difference: Estimate
    apart: Estimate
    is_alike: bool


@dataclass(frozen=True)
class Compared:
    """Group a less group b.

    Attributes
    ----------
    raw : Estimate
        Difference of the means, points of the scale.
    alike : Estimate
        The same if both groups used the ends of the scale alike.
    by_style : Estimate
        Raw less alike: the part that the use of the scale explains.
    stretch : Estimate
        How much further from the middle group a answers than b of the same opinions: 1 is alike.
    items : tuple of Item
    verdict : {'signal', 'style', 'noise'}
        ``noise``: chance explains the raw difference. ``style``: it is beyond chance, but nothing is left, or
        the other way round, once style is taken out. ``signal``: something is left.
    """

    raw: Estimate
    alike: Estimate
    by_style: Estimate
    stretch: Estimate
    items: tuple[Item, ...]
    verdict: Verdict

    @property
    def items_alike(self) -> bool:
        """Whether no item differs between the groups otherwise than the others do."""
        return all(one.is_alike for one in self.items)


def style(counts: Counts, points: Sequence[float], *, confidence: float = 0.95) -> Style:
    """Return how a group uses a scale: extreme, midpoint and acquiescent responding.

    The indices are those of Baumgartner and Steenkamp, Journal of Marketing Research 38 (2001) 143, and of
    van Vaerenbergh and Thomas, International Journal of Public Opinion Research 25 (2013) 195, as shares of
    answers, every item counting alike. Intervals by a jackknife over blocks of respondents, whose answers
    hang together.

    Parameters
    ----------
    counts : array of shape (items, blocks, points)
        Answers; a respondent's answers are all in one block.
    points : sequence of float
        The scale, lowest first.
    confidence : float

    Examples
    --------
    >>> block = np.ones((2, 1, 5))
    >>> found = style(np.repeat(block, 20, axis=1), (1, 2, 3, 4, 5))
    >>> found.extreme.value, found.midpoint.value, found.acquiescence.value, found.mean.value
    (40.0, 20.0, 0.0, 3.0)
    """
    _check(counts, points)
    totals = _left_out(counts)
    shares = totals / np.maximum(totals.sum(axis=-1, keepdims=True), 1.0)
    shares = shares.mean(axis=1)
    n, half = len(points), len(points) // 2
    above, below = shares[:, n - half :].sum(axis=1), shares[:, :half].sum(axis=1)
    return Style(
        int(counts.sum()),
        _estimate(shares @ np.asarray(points, dtype=float), confidence),
        _estimate(100 * (shares[:, 0] + shares[:, -1]), confidence),
        _estimate(100 * shares[:, half], confidence) if n % 2 else None,
        _estimate(100 * (above - below), confidence),
    )


def compared(a: Counts, b: Counts, points: Sequence[float], *, confidence: float = 0.95) -> Compared:
    """Return the difference between two groups, raw and as if both used the scale alike.

    The model: behind an answer to item k lies an opinion, normal with mean μ_gk in the group and the same
    spread in both groups. A group's style stretches all its answers about the middle of the scale by one
    factor, the same for all items (location and scale use after Rossi, Gilula and Allenby, Journal of the
    American Statistical Association 96 (2001) 20; thresholds as in Johnson, Psychometrika 68 (2003) 563):
    the share of answers up to point c is Φ(α_k τ_c / s_g − μ_gk) with thresholds τ and item slopes α that
    both groups share. It is fitted by weighted least squares to the probits of the shares; with the groups'
    own s the raw means come out, with one s for both the difference "alike". Should one group truly be of
    more mixed opinions than the other, the model takes that for style: it errs on the side of caution.
    Additive acquiescence cannot be told from a true difference by items that point the same way, and is
    not taken out.

    Parameters
    ----------
    a, b : array of shape (items, blocks, points)
        Answers of each group to the same items.
    points : sequence of float
        The scale, lowest first, three points or more.
    confidence : float

    Raises
    ------
    AnalyticsError
        Without two items, three points or answers of both groups to each item.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> def asked(mean, stretch):
    ...     said = np.clip(np.rint(stretch * rng.normal(mean, 1, (2, 61, 20))), -2, 2)
    ...     return np.stack([(said == point).sum(axis=2) for point in range(-2, 3)], axis=2).astype(float)
    >>> found = compared(asked(0.5, 1.6), asked(0.5, 0.8), (1, 2, 3, 4, 5))
    >>> found.raw.is_apart, found.alike.is_apart, found.verdict
    (True, False, 'style')
    """
    for counts in (a, b):
        _check(counts, points)
    if a.shape[0] != b.shape[0] or a.shape[0] < 2 or len(points) < 3:
        raise AnalyticsError(
            "Style is compared over two or more items on one scale of three or more points.",
            "比较作答风格需要同一量表（至少三点）上的两个或更多题目。",
        )
    totals = np.stack([_left_out(a), _left_out(b)], axis=1)
    if (totals.sum(axis=-1) <= 0).any():
        raise AnalyticsError("Each item needs answers of both groups.", "每个题目都需要两组都有答案。")
    at = np.asarray(points, dtype=float)
    means = (totals @ at) / totals.sum(axis=-1)
    raw = (means[:, 0] - means[:, 1]).mean(axis=1)
    opinion, slopes, thresholds, stretch = _fitted(totals)
    expected = _means(opinion, slopes, thresholds, at)
    by_item = expected[:, 0] - expected[:, 1]
    alike = by_item.mean(axis=1)
    found = _estimate(raw, confidence), _estimate(alike, confidence)
    return Compared(
        found[0],
        found[1],
        _estimate(raw - alike, confidence),
        _ratio(stretch[:, 0] / stretch[:, 1], confidence),
        _items(by_item, opinion[:, 0] - opinion[:, 1], confidence),
        _verdict(*found),
    )


def _check(counts: Counts, points: Sequence[float]) -> None:
    if counts.ndim != 3 or counts.shape[2] != len(points) or counts.shape[1] < 2:
        raise AnalyticsError(
            "Counts have the shape items × blocks × points, with two blocks or more.",
            "计数的形状须为 题目 × 分块 × 分值，且至少两个分块。",
        )


def _left_out(counts: Counts) -> Counts:
    """The sums of all blocks, then those without each one: shape (1 + blocks, items, points)."""
    whole = counts.sum(axis=1)
    without = whole[None] - np.moveaxis(counts, 1, 0)
    return np.concatenate([whole[None], without])


def _fitted(totals: Counts) -> tuple[Any, Any, Any, Any]:
    """Opinions (…, group, item), slopes (…, item), thresholds (…, point − 1) and stretch (…, group)."""
    from scipy.special import ndtri

    n = totals.sum(axis=-1, keepdims=True)
    p = (np.cumsum(totals, axis=-1)[..., :-1] + 0.5) / (n + 1)
    z = ndtri(p)
    weight = n * np.exp(-z * z) / (2 * np.pi * p * (1 - p))
    n_steps = z.shape[-1]
    line = np.arange(n_steps) - (n_steps - 1) / 2
    thresholds = np.broadcast_to(line, (len(z), n_steps)).copy()
    steep = np.ones(z.shape[:2])
    slopes = np.ones((len(z), z.shape[2]))
    opinion = np.zeros(z.shape[:3])
    for _round in range(_ROUNDS):
        t = slopes[:, None, :, None] * thresholds[:, None, None, :]
        centre, around = _centred(t, weight), _centred(z, weight)
        steep = _per(weight * (t - centre) * (z - around), (2, 3)) / _per(weight * (t - centre) ** 2, (2, 3))
        g = steep[:, :, None, None] * thresholds[:, None, None, :]
        centre = _centred(g, weight)
        slopes = _per(weight * (g - centre) * (z - around), (1, 3)) / _per(weight * (g - centre) ** 2, (1, 3))
        f = steep[:, :, None] * slopes[:, None, :]
        opinion = (f[..., None] * _centred(thresholds[:, None, None, :], weight) - around)[..., 0]
        thresholds = _per(weight * f[..., None] * (z + opinion[..., None]), (1, 2)) / _per(
            weight * f[..., None] ** 2, (1, 2)
        )
        steep, slopes, thresholds, opinion = _normed(steep, slopes, thresholds, opinion)
    return opinion, slopes, thresholds, 1 / steep


def _normed(steep: Any, slopes: Any, thresholds: Any, opinion: Any) -> tuple[Any, Any, Any, Any]:
    """The middle of the scale is zero, the mean style and the mean slope are one."""
    n = thresholds.shape[-1]
    middle = (thresholds[:, (n - 1) // 2] + thresholds[:, n // 2]) / 2
    opinion = opinion - steep[:, :, None] * slopes[:, None, :] * middle[:, None, None]
    thresholds = thresholds - middle[:, None]
    for several in (steep, slopes):
        size = np.exp(np.log(np.maximum(several, 1e-9)).mean(axis=1))
        several /= size[:, None]
        thresholds = thresholds * size[:, None]
    return steep, slopes, thresholds, opinion


def _means(opinion: Any, slopes: Any, thresholds: Any, at: Any) -> Any:
    """Mean answers of all groups and items if every group's stretch were one."""
    from scipy.special import ndtr

    below = ndtr(slopes[:, None, :, None] * thresholds[:, None, None, :] - opinion[..., None])
    return at[-1] - below @ np.diff(at)


def _centred(x: Any, weight: Any) -> Any:
    return (weight * x).sum(axis=-1, keepdims=True) / weight.sum(axis=-1, keepdims=True)


def _per(x: Any, axes: tuple[int, ...]) -> Any:
    return x.sum(axis=axes)


def _estimate(values: Any, confidence: float) -> Estimate:
    """A jackknife leaving out a block at a time (Kott, Journal of Official Statistics 17 (2001) 521)."""
    error, df = _error(values), len(values) - 2
    half = t_quantile((1 + confidence) / 2, df) * error
    return Estimate(float(values[0]), float(values[0] - half), float(values[0] + half))


def _error(values: Any) -> float:
    left = values[1:]
    n = len(left)
    return float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))


def _ratio(values: Any, confidence: float) -> Estimate:
    found = _estimate(np.log(values), confidence)
    return Estimate(float(values[0]), float(np.exp(found.low)), float(np.exp(found.high)))


def _items(by_item: Any, opinion: Any, confidence: float) -> tuple[Item, ...]:
    """Each item against all, with the budget of false alarms shared among them (Bonferroni).

    As opinions: in points an item near an end of the scale moves less than the others. Against their median:
    one odd item would move the mean, and make the others look odd.
    """
    usual = np.median(opinion, axis=1)
    n = by_item.shape[1]
    strict = 1 - (1 - confidence) / n
    found = []
    for i in range(n):
        apart = _estimate(opinion[:, i] - usual, strict)
        found.append(Item(_estimate(by_item[:, i], confidence), apart, not apart.is_apart))
    return tuple(found)


def _verdict(raw: Estimate, alike: Estimate) -> Verdict:
    if not raw.is_apart:
        return "noise"
    same_side = (raw.value > 0) == (alike.value > 0)
    return "signal" if alike.is_apart and same_side else "style"
