"""R² shared out among drivers that go together, and how the shares move with the correlations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# 2^12 regressions take some milliseconds; beyond, orders are drawn.
MOST_EXACT = 12
MOST_CELLS = 1 << 24
ORDERS, ORDER_CELLS = (400, 2000), 2_000_000
# A column whose rest is smaller than this is a mix of those before it.
RANK = 1e-5


@dataclass(frozen=True)
class Shares:
    """R² by group of columns.

    Attributes
    ----------
    parts : (p,) array
        They add up to ``r2`` less ``r2_before``.
    adjusted : (p,) array
        The same of R² adjusted for what chance alone explains (Ezekiel 1930).
    gradients : (p, q, q) array
        Derivative of each part by the covariances; the outcome is column 0.
    r2, adjusted_r2 : float
        Of all columns together.
    r2_before : float
        Of the columns that are always in the model.
    method : str
        'lmg' or 'lmg_sampled'.
    sampling_error : (p,) array
        Standard error of each part due to drawn orders; 0 when all orders were counted.
    """

    parts: Array
    adjusted: Array
    gradients: Array
    r2: float
    adjusted_r2: float
    r2_before: float
    method: str
    sampling_error: Array


def shares(
    r: Array,
    groups: Sequence[Sequence[int]],
    *,
    always: Sequence[int] = (),
    n: float = np.inf,
    exact: bool | None = None,
    seed: int = 7,
) -> Shares:
    """Share R² out among groups of columns: the mean gain over all orders in which they can come.

    Lindeman, Merenda and Gold, *Introduction to Bivariate and Multivariate Analysis* (1980) p. 119, which is
    the Shapley value of R² (Stufken 1992; Lipovetsky and Conklin, Applied Stochastic Models in Business and
    Industry 17 (2001) 319). Above 12 groups the mean is over drawn orders, each with its reverse.

    Parameters
    ----------
    r : (q, q) array
        Correlations, the outcome in column 0.
    groups : sequence of sequence of int
        Columns of each driver.
    always : sequence of int
        Columns that are in every model: what is compared among equals.
    n : float
        Rows, for the adjusted figures.
    exact : bool, optional
        Count all orders, or draw them.
    seed : int

    Examples
    --------
    >>> r = np.array([[1, 0.6, 0.6], [0.6, 1, 0.5], [0.6, 0.5, 1]])
    >>> found = shares(r, [[1], [2]])
    >>> found.parts.round(3).tolist(), round(found.r2, 3)
    ([0.24, 0.24], 0.48)
    """
    if exact is None:
        exact = len(groups) <= MOST_EXACT and len(r) ** 2 * 2 ** len(groups) <= MOST_CELLS
    base, used = np.array(r, dtype=float)[None], np.zeros((1, len(r)), dtype=bool)
    base, used = _swept(base, used, always)
    before = 1 - base[0, 0, 0]
    find = _counted if exact else _drawn
    parts, adjusted, gradients, left, error = find(base, used, groups, n, seed)
    size = float(left[1])
    return Shares(
        parts, adjusted, gradients, float(1 - left[0]), float(1 - left[0] * _dearer(n, size)), float(before),
        "lmg" if exact else "lmg_sampled", error,
    )  # fmt: skip


def johnson(r: Array, groups: Sequence[Sequence[int]]) -> Array:
    """Return Johnson's relative weights of groups of columns; they add up to R².

    Johnson, Multivariate Behavioral Research 35 (2000) 1: the columns' nearest uncorrelated likeness shares
    R² out at once, whatever their number.

    Examples
    --------
    >>> r = np.array([[1, 0.6, 0.6], [0.6, 1, 0.5], [0.6, 0.5, 1]])
    >>> johnson(r, [[1], [2]]).round(3).tolist()
    [0.24, 0.24]
    """
    at = [column for group in groups for column in group]
    values, vectors = np.linalg.eigh(r[np.ix_(at, at)])
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    beta = np.linalg.lstsq(root, r[at, 0], rcond=None)[0]
    weights = dict(zip(at, root**2 @ beta**2, strict=True))
    return np.array([sum(weights[column] for column in group) for group in groups])


def regression(r: Array, columns: Sequence[int]) -> Array:
    """Return the standardised coefficients (q,) of a regression of column 0; zero elsewhere.

    Examples
    --------
    >>> regression(np.array([[1, 0.5], [0.5, 1]]), [1]).tolist()
    [0.0, 0.5]
    """
    swept, used = _swept(np.array(r, dtype=float)[None], np.zeros((1, len(r)), dtype=bool), columns)
    return np.asarray(np.where(used[0], swept[0, :, 0], 0.0))


def _swept(
    stack: Array, used: npt.NDArray[np.bool_], columns: Sequence[int]
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Regress every column on some more (Goodnight, The American Statistician 33 (1979) 149)."""
    for k in columns:
        pivot = stack[:, k, k]
        is_new = pivot > RANK
        safe = np.where(is_new, pivot, 1.0)
        row, column = stack[:, k, :] / safe[:, None], stack[:, :, k].copy()
        made = stack - column[:, :, None] * row[:, None, :]
        made[:, k, :], made[:, :, k] = row, -column / safe[:, None]
        made[:, k, k] = 1 / safe
        stack = np.where(is_new[:, None, None], made, stack)
        used = used.copy()
        used[:, k] |= is_new
    return stack, used


def _residual(stack: Array, used: npt.NDArray[np.bool_]) -> Array:
    """The outcome less its regression, as weights of the columns."""
    weights = np.where(used, -stack[:, :, 0], 0.0)
    weights[:, 0] = 1.0
    return weights


def _dearer(n: float, size: Array | float) -> Array:
    """What a residual variance grows by, since the model fits chance too."""
    if np.isinf(n):
        return np.ones_like(np.asarray(size, float))
    return np.asarray((n - 1) / np.maximum(n - 1 - np.asarray(size), 1.0))


Found = tuple[Array, Array, Array, tuple[float, float], Array]


def _counted(
    stack: Array, used: npt.NDArray[np.bool_], groups: Sequence[Sequence[int]], n: float, seed: int
) -> Found:
    """All subsets, each made from one without its last group."""
    member = np.zeros((1, 0), dtype=bool)
    for group in groups:
        more, also = _swept(stack, used, group)
        stack, used = np.concatenate([stack, more]), np.concatenate([used, also])
        without = np.concatenate([member, np.zeros((len(member), 1), bool)], axis=1)
        member = np.concatenate([without, np.concatenate([member, np.ones((len(member), 1), bool)], axis=1)])
    left, size = stack[:, 0, 0], used.sum(axis=1)
    gain = _gains(member)
    weights = _residual(stack, used)
    parts = -gain @ left
    gradients = -np.einsum("js,sa,sb->jab", gain, weights, weights, optimize=True)
    gradients[:, 0, 0] -= parts
    adjusted = -gain @ (left * _dearer(n, size))
    return parts, adjusted, gradients, (float(left[-1]), float(size[-1])), np.zeros(len(parts))


def _gains(member: npt.NDArray[np.bool_]) -> Array:
    """How much each subset's R² counts for each group: with it as a gain, without it as a loss."""
    p = member.shape[1]
    size = member.sum(axis=1)
    of = np.array(
        [factorial(s) * factorial(p - s - 1) / factorial(p) if s < p else 0.0 for s in range(p + 1)]
    )
    return np.asarray(np.where(member, of[size - 1][:, None], -of[size][:, None]).T)


def _drawn(
    stack: Array, used: npt.NDArray[np.bool_], groups: Sequence[Sequence[int]], n: float, seed: int
) -> Found:
    """Orders drawn in pairs with their reverse, all of them a step at a time."""
    p, q = len(groups), stack.shape[1]
    half = _orders(p, q, seed)
    orders = np.concatenate([half, half[:, ::-1]])
    now, has = np.repeat(stack, len(orders), axis=0), np.repeat(used, len(orders), axis=0)
    gains, fair, gradients = np.zeros(orders.shape), np.zeros(orders.shape), np.zeros((p, q, q))
    rows, before = np.arange(len(orders)), _residual(now, has)
    left, dear = now[:, 0, 0].copy(), now[:, 0, 0] * _dearer(n, has.sum(axis=1))
    for place in range(p):
        now, has = _swept_each(now, has, [groups[group] for group in orders[:, place]])
        after, next_left = _residual(now, has), now[:, 0, 0].copy()
        next_dear = next_left * _dearer(n, has.sum(axis=1))
        gains[rows, orders[:, place]], fair[rows, orders[:, place]] = left - next_left, dear - next_dear
        for group in range(p):
            own = orders[:, place] == group
            gradients[group] -= after[own].T @ after[own] - before[own].T @ before[own]
        left, dear, before = next_left, next_dear, after
    parts = gains.mean(axis=0)
    gradients /= len(orders)
    gradients[:, 0, 0] -= parts
    pairs = (gains[: len(half)] + gains[len(half) :]) / 2
    error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
    return parts, fair.mean(axis=0), gradients, (float(left[0]), float(has[0].sum())), error


def _orders(p: int, q: int, seed: int) -> npt.NDArray[np.int64]:
    n = int(np.clip(ORDER_CELLS // q**2, *ORDERS))
    return np.argsort(np.random.default_rng(seed).random((n // 2, p)), axis=1)


def _swept_each(
    stack: Array, used: npt.NDArray[np.bool_], groups: Sequence[Sequence[int]]
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """`_swept`, in place, each matrix of the stack by columns of its own."""
    for turn in range(max(map(len, groups))):
        at = np.array([row for row, group in enumerate(groups) if turn < len(group)])
        k = np.array([group[turn] for group in groups if turn < len(group)])
        pivot = stack[at, k, k]
        at, k, pivot = at[pivot > RANK], k[pivot > RANK], pivot[pivot > RANK]
        row, column = stack[at, k] / pivot[:, None], stack[at, :, k]
        if len(at) == len(stack):
            stack -= column[:, :, None] * row[:, None, :]
        else:
            stack[at] -= column[:, :, None] * row[:, None, :]
        stack[at, k], stack[at, :, k] = row, -column / pivot[:, None]
        stack[at, k, k] = 1 / pivot
        used[at, k] = True
    return stack, used
