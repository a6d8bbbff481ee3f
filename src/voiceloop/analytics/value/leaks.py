"""Columns that know the answer: by their name, or because they tell it too well."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from voiceloop.analytics.value.candidates import SEED, stiff_logistic
from voiceloop.analytics.value.cells import Ints
from voiceloop.analytics.value.kinds import Dropped, Feature, plain_name
from voiceloop.analytics.value.scoring import auc

# Our choices. No honest column that we know ranks customers this well by itself.
CERTAIN, SUSPECT, BETTER = 0.97, 0.85, 0.03
_AFTERWARDS = re.compile(
    r"churn|attrit|attrition|流失|离网|销户|退订|挽留|"
    r"(cancel\w*|terminat\w*|exit\w*|clos\w*|leav\w*|left|end|deactivat\w*|unsubscri\w*|离开|注销)[\W_]*"
    r"(date|day|month|time|reason|category|cause|comment|flag|status|at|日期|时间|原因|状态)$",
    re.IGNORECASE,
)
_OF_A_MODEL = re.compile(r"(^|[\W_])(clt?v|ltv)($|[\W_])|lifetime[\W_]*value|naive_bayes|生命周期价值", re.I)
_ENDINGS = re.compile(r"(label|value|flag|status|target|yn|标签|标识)$")
_FOLDS = 5


def by_name(name: str, target: str) -> Dropped | None:
    """Return why a column is set aside for its name, or None.

    Examples
    --------
    >>> by_name("Churn Reason", "churn_label").is_leak, by_name("tenure", "churn_label")
    (True, None)
    """
    stem = _ENDINGS.sub("", plain_name(target))
    same = len(stem) >= 4 and stem in plain_name(name)
    if same or _AFTERWARDS.search(name):
        return Dropped(
            name,
            f"{name} is set aside: by its name it is known only once a customer has left.",
            f"“{name}”不参与建模：从名称看，它在客户流失之后才会知道。",
            is_leak=True,
        )
    if _OF_A_MODEL.search(name):
        return Dropped(
            name,
            f"{name} is set aside: by its name it is the output of another model.",
            f"“{name}”不参与建模：从名称看，它是另一个模型的输出。",
            is_leak=True,
        )
    return None


def by_numbers(features: Sequence[Feature], codes: Ints, labels: Ints) -> list[Dropped]:
    """Return the columns that tell the answer too well.

    A column is set aside when it alone, out of fold, ranks with an AUC of .97, or with .85 and .03 more
    than all others together (those of .90 and more left out, lest one leak hide another).

    Parameters
    ----------
    features : sequence of Feature
        One per column of ``codes``.
    codes : Ints
        Shape (n, columns).
    labels : Ints
        0 or 1, shape (n,).

    Examples
    --------
    >>> flag = Feature("x", "flag", levels=("no", "yes"), shares=(0.5, 0.5, 0.0, 0.0))
    >>> labels = np.array([0, 1] * 40)
    >>> [one.name for one in by_numbers([flag], labels[:, None], labels)]
    ['x']
    """
    fold = np.random.default_rng(SEED).permutation(len(labels)) % _FOLDS
    alone = [_alone(codes[:, j], feature.size, labels, fold) for j, feature in enumerate(features)]
    plain = [j for j, value in enumerate(alone) if value < 0.90]
    found = []
    for j, value in enumerate(alone):
        if value >= CERTAIN:
            found.append(_too_good(features[j].name, value, None))
        elif value >= SUSPECT and (others := [k for k in plain if k != j]):
            together = _together([features[k] for k in others], codes[:, others], labels, fold)
            if value >= together + BETTER:
                found.append(_too_good(features[j].name, value, together))
    return found


def _alone(codes: Ints, size: int, labels: Ints, fold: Ints) -> float:
    """AUC of the share of ones of each code among the other folds' rows."""
    ranking = np.zeros(len(labels))
    for k in range(_FOLDS):
        test, train = fold == k, fold != k
        n = np.bincount(codes[train], minlength=size)
        ones = np.bincount(codes[train], weights=labels[train], minlength=size)
        ranking[test] = ((ones + labels[train].mean()) / (n + 1))[codes[test]]
    return auc(labels, ranking)


def _together(features: Sequence[Feature], codes: Ints, labels: Ints, fold: Ints) -> float:
    test = fold == 0
    model = stiff_logistic(features, codes[~test], labels[~test])
    return auc(labels[test], model.decide(codes[test]))


def _too_good(name: str, alone: float, together: float | None) -> Dropped:
    if together is None:
        return Dropped(
            name,
            f"{name} is set aside: it alone all but gives the answer (AUC {alone:.2f}), "
            "so it must be known afterwards.",
            f"“{name}”不参与建模：仅凭它几乎就能得出答案（AUC {alone:.2f}），应是事后才知道的。",
            is_leak=True,
        )
    return Dropped(
        name,
        f"{name} is set aside: it alone (AUC {alone:.2f}) tells more than all other columns together "
        f"({together:.2f}), so it is likely known afterwards.",
        f"“{name}”不参与建模：仅凭它（AUC {alone:.2f}）就比其余各列合起来（{together:.2f}）更准，"
        "很可能是事后才知道的。",
        is_leak=True,
    )
