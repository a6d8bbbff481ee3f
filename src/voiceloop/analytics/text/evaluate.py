"""How good the sentiment is on text that somebody labelled: accuracy, macro-F1, calibration, speed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Bools, Floats, Ints, chunks, lay_out
from voiceloop.analytics.text.sentiment import Model, base_model, score

_NAMES = {
    **dict.fromkeys(["0", "-1", "neg", "negative", "bad", "false", "no", "差评", "负面", "消极", "负"], 0),
    **dict.fromkeys(["neutral", "neu", "中评", "中性", "中立", "中"], 1),
    **dict.fromkeys(["1", "pos", "positive", "good", "true", "yes", "好评", "正面", "积极", "正"], 2),
}
_BINS = 10


class Evaluation(NamedTuple):
    """Figures over ``n`` labelled texts; ``labels`` are the classes present, ``skipped`` rows had none."""

    n: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    rows_per_second: float
    labels: tuple[str, ...]
    skipped: int


def evaluate_sentiment(texts: Sequence[str], labels: Sequence[str], model: Model | None = None) -> Evaluation:
    """Compare the model's sentiment with given labels.

    Parameters
    ----------
    texts : sequence of str
        Comments.
    labels : sequence of str
        negative / neutral / positive in words, or 1 and 0 (or -1) for good and bad, or -1, 0 and 1.
    model : Model, optional
        The shipped one unless given.

    Returns
    -------
    Evaluation
        The prediction is the likeliest of the classes present in ``labels``; calibration error is the
        expected absolute gap between confidence and accuracy over 10 bins (Guo et al. 2017), confidence
        being the prediction's share among the classes present.

    Raises
    ------
    AnalyticsError
        When no label is understood.

    Examples
    --------
    >>> evaluate_sentiment(["很好吃", "太差了"], ["1", "0"]).accuracy
    1.0
    """
    truth = _truth(labels)
    known = truth >= 0
    if not known.any():
        raise AnalyticsError(
            "No label is understood: use negative, neutral, positive, or 1 and 0.",
            "没有可识别的标签：请使用 negative、neutral、positive，或 1 和 0。",
        )
    present = np.unique(truth[known])
    began = time.perf_counter()
    chance = _chances(texts, model or base_model())
    seconds = max(time.perf_counter() - began, 1e-9)
    share = chance[:, present] / np.maximum(chance[:, present].sum(axis=1, keepdims=True), 1e-12)
    guess = present[np.argmax(share, axis=1)]
    right = guess[known] == truth[known]
    return Evaluation(
        n=int(known.sum()),
        accuracy=float(right.mean()),
        macro_f1=float(np.mean([_f1(guess[known], truth[known], label) for label in present])),
        calibration_error=_calibration(share.max(axis=1)[known], right),
        rows_per_second=len(texts) / seconds,
        labels=tuple(("negative", "neutral", "positive")[label] for label in present),
        skipped=int((~known).sum()),
    )


def _truth(labels: Sequence[str]) -> Ints:
    named = [_name(label) for label in labels]
    # With -1 among the labels, 0 says neutral.
    signed = "-1" in named
    return np.array([1 if signed and name == "0" else _NAMES.get(name, -1) for name in named], dtype=np.int64)


def _name(label: str) -> str:
    name = str(label).strip().lower()
    return name.removesuffix(".0") if name.endswith(".0") else name


def _chances(texts: Sequence[str], model: Model) -> Floats:
    parts = [score(lay_out(part), model, parts=False).probability for part in chunks(texts)]
    return np.concatenate(parts)


def _f1(guess: Ints, truth: Ints, label: int) -> float:
    both = np.sum((guess == label) & (truth == label))
    return float(2 * both / max(np.sum(guess == label) + np.sum(truth == label), 1))


def _calibration(confidence: Floats, right: Bools) -> float:
    place = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    gap = np.bincount(place, confidence - right, _BINS)
    return float(np.abs(gap).sum() / len(confidence))
