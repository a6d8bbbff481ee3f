"""What a company's own scores and corrections teach about how its customers feel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.scales import scale
from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.learning.calibration import calibration_error, crossed, scaling
from voiceloop.analytics.text.learning.classifier import Classifier
from voiceloop.analytics.text.learning.fitting import (
    FOLDS,
    GAIN,
    LITTLE,
    SEED,
    assembled,
    chosen,
    folds,
    held_out,
    loss,
    material,
)
from voiceloop.analytics.text.learning.matrix import HINTS, LETTERS, SIZES
from voiceloop.analytics.text.learning.recipes import Material
from voiceloop.analytics.text.learning.scoring import macro_f1
from voiceloop.analytics.text.sentiment import Model, base_model

Candidate = Literal["base", "base+local", "local"]
# Fewer scored comments than this say nothing that the shipped model does not know better; our choice.
FEWEST = 30


class SentimentFit(NamedTuple):
    """A company's sentiment model and how the candidates did on comments that they had not seen.

    ``cv`` gives accuracy, macro_f1, log_loss and calibration_error of each candidate; empty when there were
    too few comments to learn from.
    """

    model: Model
    chosen: Candidate
    n: int
    folds: int
    cv: dict[Candidate, dict[str, float]]


def fit_sentiment(
    texts: Sequence[str],
    labels: Sequence[int],
    *,
    weights: Sequence[float] | None = None,
    base: Model | None = None,
    seed: int = SEED,
) -> SentimentFit:
    """Learn sentiment from comments whose sentiment is known: by the score beside them, or by a person.

    Parameters
    ----------
    texts : sequence of str
        Comments.
    labels : sequence of int
        -1, 0 or 1; `score_label` says what a score means.
    weights : sequence of float, optional
        How much each counts; what a person corrected should weigh most, such as 5.
    base : Model, optional
        Ignored but for its version: the shipped model is what the fit starts from.
    seed : int
        Makes the folds.

    Returns
    -------
    SentimentFit
        The model with the lowest held-out log-loss of three: the shipped one with chances set anew, the
        shipped one with terms learned beside it, terms alone; of two that are nearly equal, the one that
        hears more of the shipped model. With fewer than 30 comments or one kind
        of label it is the shipped model as it is.

    Raises
    ------
    AnalyticsError
        When a label is something else than -1, 0 and 1.

    Examples
    --------
    >>> found = fit_sentiment(["巴适得板", "难吃惨了"] * 20, [1, -1] * 20)
    >>> found.n, found.model.version.startswith("base")
    (40, True)
    """
    truth = np.asarray(labels, dtype=np.int64)
    if np.any(np.abs(truth) > 1):
        raise AnalyticsError("A label of sentiment is -1, 0 or 1.", "情感标签只能是 -1、0 或 1。")
    given = np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=np.float64)
    names, numbers = np.unique(truth, return_inverse=True)
    if len(truth) < FEWEST or np.sum(np.bincount(numbers) > 1) < 2:
        return SentimentFit(base or base_model(), "base", len(truth), 0, {})
    data = material(texts, numbers, given, len(names))
    found = _compared(data, tuple(str(name) for name in names), seed)
    name = _best({one: tried.figures["log_loss"] for one, tried in found.items()})
    local = found[name].classifier
    model = base_model()._replace(local=local, version=f"{base_model().version}+{local.version}")
    return SentimentFit(model, name, len(truth), FOLDS, {one: tried.figures for one, tried in found.items()})


def score_label(score: float, scale_id: str) -> int | None:
    """Return what a score says about the comment beside it: -1, 0, 1, or None where it says nothing.

    Parameters
    ----------
    score : float
        A score on the scale.
    scale_id : str
        Id of the scale.

    Returns
    -------
    int or None
        Detractors -1, promoters 1. The middle of a scale of satisfaction or effort is 0; passives of NPS
        and what has no class say nothing, as their comments praise and blame.

    Raises
    ------
    AnalyticsError
        When there is no such scale or the score is not on it.

    Examples
    --------
    >>> [score_label(score, "nps_0_10") for score in (6, 8, 9)], score_label(3, "csat_1_5")
    ([-1, None, 1], 0)
    """
    group = scale(scale_id).class_of(score)
    middle = None if scale_id.startswith("nps") else 0
    return {"detractor": -1, "passive": middle, "promoter": 1}.get(group)


class _Tried(NamedTuple):
    classifier: Classifier
    figures: dict[str, float]


def _compared(data: Material, names: tuple[str, ...], seed: int) -> dict[Candidate, _Tried]:
    fold = folds(data, FOLDS, seed)
    found: dict[Candidate, _Tried] = {"base": _as_it_is(data, names, fold)}
    offered: dict[Candidate, tuple[float, ...]] = {"base+local": (0.3, 1.0, 3.0), "local": (0.0,)}
    for name, hints in offered.items():
        members = chosen(data, seed, hints)
        margins = held_out(data, fold, members)
        scale = scaling(margins, data.truth, data.weights)
        found[name] = _Tried(assembled(data, names, members, scale), _figures(margins, data, fold))
    return found


def _best(losses: dict[Candidate, float]) -> Candidate:
    """The likeliest; what hears less of the shipped model must be clearly likelier than what hears more."""
    found: Candidate = "base"
    for name, now in losses.items():
        if now < losses[found] * (1 - GAIN) - LITTLE:
            found = name
    return found


def _as_it_is(data: Material, names: tuple[str, ...], fold: Ints) -> _Tried:
    """The shipped model's score with chances that fit this company."""
    # With two labels one column speaks for the higher of them.
    side = np.array([1.0]) if len(names) == 2 else np.array([-1.0, 0.0, 1.0])
    hinted = np.zeros((HINTS, len(side)))
    hinted[: LETTERS + 1] = side / SIZES[: LETTERS + 1, None]
    margins = data.matrix[:, len(data.buckets) :] @ hinted
    margins = np.concatenate([-margins, margins], axis=1) if len(names) == 2 else margins
    empty = np.zeros(0, np.int64), np.zeros((0, 0), np.float16), np.zeros((0, 0, len(side)), np.float16)
    scale = scaling(margins, data.truth, data.weights)
    classifier = Classifier(names, *empty, hinted, np.zeros(len(side)), scale, base_model().version, False)
    return _Tried(classifier, _figures(margins, data, fold))


def _figures(margins: Floats, data: Material, fold: Ints) -> dict[str, float]:
    chances = crossed(margins, data.truth, data.weights, fold)
    guess = np.argmax(chances, axis=1)
    right = guess == data.truth
    return {
        "accuracy": float(right.mean()),
        "macro_f1": macro_f1(guess, data.truth),
        "log_loss": loss(margins, data, fold),
        "calibration_error": calibration_error(chances.max(axis=1), right),
    }
