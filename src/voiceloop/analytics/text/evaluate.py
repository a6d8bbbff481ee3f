"""How good sentiment and fitted models are on labelled text: accuracy, macro-F1, calibration, speed."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Floats, Ints, chunks, lay_out
from voiceloop.analytics.text.learning.calibration import calibration_error
from voiceloop.analytics.text.learning.classifier import Classifier
from voiceloop.analytics.text.learning.scoring import macro_f1, report
from voiceloop.analytics.text.sentiment import Model, base_model, score

_NAMES = {
    **dict.fromkeys(["0", "-1", "neg", "negative", "bad", "false", "no", "差评", "负面", "消极", "负"], 0),
    **dict.fromkeys(["neutral", "neu", "中评", "中性", "中立", "中"], 1),
    **dict.fromkeys(["1", "pos", "positive", "good", "true", "yes", "好评", "正面", "积极", "正"], 2),
}
# What a score would be mistaken for: a 1 of 5 stars is no praise.
_SCORE = re.compile(r"[-+]?\d{1,3}(\.\d+)?")
_WHOLE = re.compile(r"[-+]?\d{1,9}\.0+")


class Evaluation(NamedTuple):
    """Figures over ``n`` labelled texts.

    ``labels`` are the labels that could be said, ``skipped`` rows had none, ``unknown`` rows had one that the
    model never saw: these count as wrong.
    """

    n: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    rows_per_second: float
    labels: tuple[str, ...]
    skipped: int
    unknown: int = 0


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
        The prediction is the likeliest of the classes present in ``labels``; neutral only counts where some
        label is neutral. Calibration error is the
        expected absolute gap between confidence and accuracy over 10 bins (Guo et al. 2017), confidence
        being the prediction's share among the classes present.

    Raises
    ------
    AnalyticsError
        When no label is understood, or labels are scores such as 2 or 4.5.

    Examples
    --------
    >>> evaluate_sentiment(["很好吃", "太差了"], ["1", "0"]).accuracy
    1.0
    """
    truth = _truth(labels)
    known = truth >= 0
    if scores := sorted({_name(label) for label in labels if _SCORE.fullmatch(_name(label))} - set(_NAMES)):
        raise AnalyticsError(
            f"The labels hold scores ({', '.join(scores[:5])}): say with -1, 0 and 1 what each means.",
            f"标签列中是分数（{'、'.join(scores[:5])}）：请先换成 -1、0、1。",
        )
    if not known.any():
        raise AnalyticsError(
            "No label is understood: use negative, neutral, positive, or 1 and 0.",
            "没有可识别的标签：请使用 negative、neutral、positive，或 1 和 0。",
        )
    # Where all labels are praise, complaint could still have been said.
    present = np.unique([0, 2, *truth[known].tolist()])
    model = model or base_model()
    _chances(["好"], model)
    began = time.perf_counter()
    chance = _chances(texts, model)
    seconds = max(time.perf_counter() - began, 1e-9)
    share = chance[:, present] / np.maximum(chance[:, present].sum(axis=1, keepdims=True), 1e-12)
    guess = present[np.argmax(share, axis=1)]
    right = guess[known] == truth[known]
    return Evaluation(
        n=int(known.sum()),
        accuracy=float(right.mean()),
        macro_f1=macro_f1(guess[known], truth[known]),
        calibration_error=calibration_error(share.max(axis=1)[known], right),
        rows_per_second=len(texts) / seconds,
        labels=tuple(("negative", "neutral", "positive")[label] for label in present),
        skipped=int((~known).sum()),
    )


def evaluate_model(texts: Sequence[str], labels: Sequence[str], model: Classifier) -> Evaluation:
    """Compare the predictions of a fitted model with given labels.

    Parameters
    ----------
    texts : sequence of str
        Comments.
    labels : sequence of str
        The right label of each; an empty one leaves the row out.
    model : Classifier
        What `learning.fit` made.

    Returns
    -------
    Evaluation
        A label that the model was never taught counts as wrong, and is counted.

    Raises
    ------
    AnalyticsError
        When no row has a label, or none that the model knows.

    Examples
    --------
    >>> from voiceloop.analytics.text.learning import fit
    >>> model = fit(["好吃", "难吃"] * 10, ["good", "bad"] * 10).classifier
    >>> evaluate_model(["真好吃"], ["good"], model).accuracy
    1.0
    """
    place = {label: number for number, label in enumerate(model.labels)}
    rows = [(text, label) for text, label in zip(texts, map(tidy, labels), strict=True) if label]
    truth = np.array([place.get(label, -1) for _, label in rows], dtype=np.int64)
    if not np.any(truth >= 0):
        known = ", ".join(model.labels[:8])
        raise AnalyticsError(
            f"No label is one that the model was taught; it knows: {known}.",
            f"没有模型学过的标签；它认识的标签：{known}。",
        )
    kept = [text for text, _ in rows]
    model.predict(["好"])
    began = time.perf_counter()
    chances = model.predict(kept).probability
    found = report(chances, truth, time.perf_counter() - began)
    return Evaluation(*found, model.labels, len(texts) - len(rows), int(np.sum(truth < 0)))


def tidy(label: str) -> str:
    """Return ``label`` as it is compared: no blanks around it, a whole number without ".0".

    Examples
    --------
    >>> tidy(" 1.0 "), tidy("v2.0")
    ('1', 'v2.0')
    """
    name = str(label).strip()
    return str(int(float(name))) if _WHOLE.fullmatch(name) else name


def _truth(labels: Sequence[str]) -> Ints:
    named = [_name(label) for label in labels]
    # With -1 among the labels, 0 says neutral.
    signed = "-1" in named
    return np.array([1 if signed and name == "0" else _NAMES.get(name, -1) for name in named], dtype=np.int64)


def _name(label: str) -> str:
    return tidy(label).lower().removeprefix("+")


def _chances(texts: Sequence[str], model: Model) -> Floats:
    parts = [score(lay_out(part), model, parts=False).probability for part in chunks(texts)]
    return np.concatenate(parts)
