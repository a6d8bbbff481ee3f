"""The models that compete for a customer table; each becomes a sum of tables."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.value.additive import Additive, Pair, blended
from voiceloop.analytics.value.cells import Floats, Ints
from voiceloop.analytics.value.kinds import Feature

SEED = 20_261_122
# Our choice: seven knots let a curve rise, level off and fall.
_KNOTS = 7
Candidate = Callable[[Sequence[Feature], Ints, Ints], Additive]


def logistic(features: Sequence[Feature], codes: Ints, labels: Ints, strength: float = 1.0) -> Additive:
    """Fit a regularised logistic regression on splines of numbers and levels of categories.

    Parameters
    ----------
    features : sequence of Feature
        One per column of ``codes``.
    codes : Ints
        Shape (n, columns).
    labels : Ints
        0 or 1, shape (n,).
    strength : float
        Inverse of the ridge penalty.
    """
    from sklearn.linear_model import LogisticRegression

    bases = [_basis(feature, codes[:, j]) for j, feature in enumerate(features)]
    rows = np.concatenate([basis[codes[:, j]] for j, basis in enumerate(bases)], axis=1)
    with warnings.catch_warnings():
        # Ridge makes the answer unique; a last digit that has not settled changes no decision.
        warnings.simplefilter("ignore")
        with _threads(1):
            fitted = LogisticRegression(C=strength, max_iter=500).fit(rows, labels)
    ends = np.cumsum([basis.shape[1] for basis in bases])[:-1]
    weights = np.split(fitted.coef_[0], ends)
    mains = tuple(basis @ weight for basis, weight in zip(bases, weights, strict=True))
    return Additive(float(fitted.intercept_[0]), mains, {})


def boosted(features: Sequence[Feature], codes: Ints, labels: Ints, *, pairs: bool = True) -> Additive:
    """Fit gradient-boosted trees that look at one column each, or at two, and sum them up as tables.

    Nori et al. 2019 ("InterpretML", explainable boosting) with the trees of scikit-learn.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    orders = [_order(feature, codes[:, j], labels) for j, feature in enumerate(features)]
    ranked = np.stack([order[codes[:, j]] for j, order in enumerate(orders)], axis=1)
    # Our choices, the same for every table: many small steps, leaves that hold enough customers.
    model = HistGradientBoostingClassifier(
        interaction_cst="pairwise" if pairs else "no_interactions",
        learning_rate=0.03,
        max_iter=400 if len(labels) >= 1000 else 150,
        max_leaf_nodes=5 if pairs else 4,
        min_samples_leaf=int(np.clip(len(labels) // 130, 5, 200)),
        l2_regularization=10.0,
        max_features=0.3,
        early_stopping=False,
        random_state=SEED,
    )
    # Threads cost more than they bring on a few thousand rows, and starve a busy machine.
    with _threads(1 if len(labels) < 50_000 else None):
        fitted = model.fit(ranked, labels)
    sizes = [feature.size for feature in features]
    mains: list[Floats] = [np.zeros(size) for size in sizes]
    crossed: dict[Pair, Floats] = {}
    for (tree,) in fitted._predictors:
        _add_tree(tree.nodes, orders, mains, crossed)
    return Additive(float(np.ravel(fitted._baseline_prediction)[0]), tuple(mains), crossed)


def additive_boosting(features: Sequence[Feature], codes: Ints, labels: Ints) -> Additive:
    """Boosted trees of one column each."""
    return boosted(features, codes, labels, pairs=False)


def blend(features: Sequence[Feature], codes: Ints, labels: Ints) -> Additive:
    """The mean of the spline regression and the boosted pairs."""
    return blended([logistic(features, codes, labels), boosted(features, codes, labels)])


def stiff_logistic(features: Sequence[Feature], codes: Ints, labels: Ints) -> Additive:
    """The spline regression with a strong penalty: for few customers."""
    return logistic(features, codes, labels, strength=0.05)


CANDIDATES: dict[str, Candidate] = {
    "spline logistic": logistic,
    "stiff spline logistic": stiff_logistic,
    "additive boosting": additive_boosting,
    "pairwise boosting": boosted,
}


def _threads(most: int | None) -> AbstractContextManager[Any]:
    # It comes with scikit-learn and ships no types.
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limited: AbstractContextManager[Any] = threadpool_limits(limits=most)
    return limited


def _basis(feature: Feature, codes: Ints) -> Floats:
    """The row of the design matrix of each code."""
    if not feature.is_ordered:
        return np.eye(feature.size)
    found = np.zeros((feature.size, 1))
    centres = np.array(feature.centres)
    if len(centres) > 2:
        found = _spline(centres, np.array(feature.shares[:-1]))
        found = np.vstack([found, np.zeros((1, found.shape[1]))])
    elif len(centres) == 2:
        found[1] = 1.0
    missing = np.zeros((feature.size, 1))
    missing[-1] = 1.0
    return np.hstack([found, missing])


def _spline(centres: Floats, shares: Floats) -> Floats:
    """The scaled number itself and hinges at its quantiles, each of spread one."""
    deviation = np.sqrt(np.average((centres - np.average(centres, weights=shares)) ** 2, weights=shares))
    z = (centres - np.average(centres, weights=shares)) / max(float(deviation), 1e-12)
    through = np.cumsum(shares) / shares.sum()
    at = np.unique(np.searchsorted(through, np.linspace(0, 1, _KNOTS + 2)[1:-1]).clip(0, len(z) - 1))
    hinges = [np.maximum(z - z[knot], 0.0) for knot in at[(at > 0) & (at < len(z) - 1)]]
    return np.stack([z, *hinges], axis=1)


def _order(feature: Feature, codes: Ints, labels: Ints) -> Floats:
    """What a tree sees of each code: the step, or the rank of the level by its share of ones; missing NaN."""
    found = np.arange(feature.size, dtype=np.float64)
    if not feature.is_ordered:
        n = np.bincount(codes, minlength=feature.size)
        ones = np.bincount(codes, weights=labels, minlength=feature.size)
        # Pulled towards the mean by ten customers, so that a rare level does not lead.
        rate = (ones + 10 * labels.mean()) / (n + 10)
        found[np.argsort(rate[:-1], kind="stable")] = np.arange(feature.size - 1)
    found[-1] = np.nan
    return found


def _add_tree(nodes: Any, orders: Sequence[Floats], mains: list[Floats], crossed: dict[Pair, Floats]) -> None:
    """Add each leaf to the table of the columns that its path asks; no path asks more than two."""
    waiting: list[tuple[int, dict[int, npt.NDArray[np.bool_]]]] = [(0, {})]
    while waiting:
        at, held = waiting.pop()
        node = nodes[at]
        if node["is_leaf"]:
            _add_leaf(float(node["value"]), held, orders, mains, crossed)
            continue
        j = int(node["feature_idx"])
        x, here = orders[j], held.get(j, np.ones(len(orders[j]), dtype=np.bool_))
        left = np.where(np.isnan(x), bool(node["missing_go_to_left"]), x <= node["num_threshold"])
        waiting += [
            (int(node["left"]), {**held, j: here & left}),
            (int(node["right"]), {**held, j: here & ~left}),
        ]


def _add_leaf(
    value: float,
    held: dict[int, npt.NDArray[np.bool_]],
    orders: Sequence[Floats],
    mains: list[Floats],
    crossed: dict[Pair, Floats],
) -> None:
    if len(held) < 2:
        j, here = next(iter(held.items()), (0, np.ones(len(orders[0]), dtype=np.bool_)))
        mains[j] += value * here
        return
    a, b = sorted(held)
    box: Floats = value * np.outer(held[a], held[b]).astype(np.float64)
    crossed[a, b] = crossed[a, b] + box if (a, b) in crossed else box
