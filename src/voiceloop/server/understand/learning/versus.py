"""Is a new model better than the one in use? Judged on comments that neither of them has seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Floats, Ints, lay_out
from voiceloop.analytics.text.learning import fit_sentiment
from voiceloop.analytics.text.learning.calibration import calibration_error
from voiceloop.analytics.text.sentiment import score
from voiceloop.server.understand.learning.material import Material

FOLDS, SEED, BINS = 3, 20261122, 10
Z95 = 1.959964
# Asked night after night, so the bar is higher than for one question. Both are our choice.
SURE, FEWEST = 0.01, 200
CURVE = (100, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)


class Judged(NamedTuple):
    """Of each comment: whether the old and the new model were right, and how likely each held the truth."""

    right: tuple[Bools, Bools]
    sure: tuple[Floats, Floats]
    truth_chance: tuple[Floats, Floats]


def chances(model: Any, texts: Sequence[str]) -> Floats:
    """Of negative, neutral and positive, (n, 3)."""
    return score(lay_out(list(texts)), model, parts=False).probability


def judged(data: Material, live: Any, since: int, done: Callable[[], None]) -> Judged:
    """Each fold is predicted by a fit on the other folds; `live` predicts what came after `since`."""
    fold = np.random.default_rng(SEED).permutation(len(data)) % FOLDS
    fresh = np.array(data.pks) > since
    found: list[tuple[Ints, Floats, Floats]] = []
    for number in range(FOLDS):
        train, test = data.at(_rows(fold != number)), data.at(_rows((fold == number) & fresh))
        if len(test):
            new = fit_sentiment(train.texts, train.labels, weights=train.weights).model
            found.append((np.array(test.labels) + 1, chances(live, test.texts), chances(new, test.texts)))
        done()
    truth, old, new_ = (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else _nothing()
    rows = np.arange(len(truth))
    return Judged(
        (np.argmax(old, axis=1) == truth, np.argmax(new_, axis=1) == truth),
        (old.max(axis=1), new_.max(axis=1)),
        (old[rows, truth], new_[rows, truth]),
    )


def verdict(old: Bools, new: Bools) -> dict[str, Any]:
    """The sign test of McNemar on comments about which the two disagree, exact and one-sided."""
    from scipy.stats import binomtest

    wins, losses = int(np.sum(new & ~old)), int(np.sum(old & ~new))
    n = len(old)
    change = new.astype(float) - old.astype(float)
    difference = float(change.mean()) if n else 0.0
    error = float(change.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0
    p_value = float(binomtest(wins, wins + losses, alternative="greater").pvalue) if wins + losses else 1.0
    return {
        "n": n, "wins": wins, "losses": losses, "p_value": p_value,
        "before": float(old.mean()) if n else None, "after": float(new.mean()) if n else None,
        "difference": difference, "low": difference - Z95 * error, "high": difference + Z95 * error,
        "is_better": n >= FEWEST and p_value < SURE,
    }  # fmt: skip


def compared(found: Judged) -> dict[str, Any]:
    """Everything the page shows of the comparison."""
    told = verdict(*found.right)
    loss = [float(-np.log(np.maximum(one, 1e-6)).mean()) if told["n"] else None for one in found.truth_chance]
    pairs = zip(found.sure, found.right, strict=True)
    error = [calibration_error(sure, right) if told["n"] else None for sure, right in pairs]
    is_surer = told["n"] > 0 and loss[1] < loss[0]  # type: ignore[operator]  # numbers where n > 0
    return told | {"log_loss": loss, "calibration_error": error, "is_better": told["is_better"] and is_surer}


def reliability(sure: Floats, right: Bools) -> list[dict[str, float]]:
    """How often the model was right when it was this sure."""
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        {"n": int(inside.sum()), "sure": float(sure[inside].mean()), "right": float(right[inside].mean())}
        for number in range(BINS)
        if (inside := place == number).any()
    ]


def curve(data: Material, base: Any, done: Callable[[], None]) -> list[dict[str, float]]:
    """Accuracy on one fifth of the comments after learning from more and more of the others."""
    order = np.random.default_rng(SEED + 1).permutation(len(data))
    held, rest = data.at(sorted(order[: len(order) // 5])), order[len(order) // 5 :]
    points = [_point(0, base, held)]
    for size in (*(size for size in CURVE if size < len(rest)), len(rest)):
        some = data.at([int(row) for row in rest[:size]])
        points.append(_point(size, fit_sentiment(some.texts, some.labels, weights=some.weights).model, held))
        done()
    return points


def n_steps(n: int) -> int:
    """Fits of a curve over so many comments."""
    return len([size for size in CURVE if size < n - n // 5]) + 1


def _point(n: int, model: Any, held: Material) -> dict[str, float]:
    right = np.argmax(chances(model, held.texts), axis=1) == np.array(held.labels) + 1
    share = float(right.mean())
    error = Z95 * float(np.sqrt(share * (1 - share) / len(held)))
    return {"n": n, "accuracy": share, "low": max(share - error, 0.0), "high": min(share + error, 1.0)}


def _rows(mask: Bools) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask)]


def _nothing() -> tuple[Ints, Floats, Floats]:
    return np.zeros(0, np.int64), np.zeros((0, 3)), np.zeros((0, 3))
