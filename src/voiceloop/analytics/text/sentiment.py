"""How a customer felt: a linear model over phrases and character n-grams, whose sum can be taken apart."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Batch, Bools, Floats, Ints
from voiceloop.analytics.text.clauses import numbers, openings
from voiceloop.analytics.text.features import latin_grams
from voiceloop.analytics.text.polarity import Contributions, contributions, covered

if TYPE_CHECKING:
    from voiceloop.analytics.text.learning.classifier import Classifier

LABELS = ("negative", "neutral", "positive")


class Model(NamedTuple):
    """Learned numbers: n-gram weights, gains of lexicon phrases by script and side, cuts of neutral.

    ``gain`` is (2, 2): Han then Latin, complaint then praise. There is no bias: a text without a telling word
    has score 0 and is neutral. ``local`` is what a company's own comments taught, where they did.
    """

    weights: Floats
    gain: Floats
    cuts: Floats
    version: str
    local: Classifier | None = None

    def save(self, path: Path | str) -> None:
        """Write what the company's comments taught to one file; the shipped part is not repeated in it."""
        with Path(path).open("wb") as stream:
            taught = self.local.arrays() if self.local else {}
            np.savez_compressed(stream, **taught, version=np.array(self.version))  # type: ignore[arg-type]

    @staticmethod
    def load(path: Path | str) -> Model:
        """Read what `save` wrote.

        Raises
        ------
        AnalyticsError
            When the file cannot be read, holds something else, or belongs to another shipped model.
        """
        # Imported here: the learning needs the shipped model first.
        from voiceloop.analytics.text.learning.classifier import Classifier, opened

        data = opened(path)
        if "labels" not in data:
            return base_model()
        return base_model()._replace(local=Classifier.of(data), version=str(data["version"]))


class Scores(NamedTuple):
    """Sentiment of a batch, and every part of every sum.

    ``score`` (texts,) is the log-odds; ``phrase_parts`` of ``phrases`` and ``letter_parts``
    (characters,) add up to it; ``probability`` is (texts, 3) in the order of `LABELS`;
    ``clause`` numbers each character's clause.
    """

    score: Floats
    probability: Floats
    phrases: Contributions
    phrase_parts: Floats
    letter_parts: Floats
    clause: Ints


@cache
def base_model() -> Model:
    """Return the model that the package ships; docs/model-card.md says what it was trained on.

    Examples
    --------
    >>> base_model().version
    'base-2'
    """
    with files(__package__).joinpath("models", "sentiment.npz").open("rb") as stream, np.load(stream) as data:
        weights = data["weights"].astype(np.float64) * float(data["scale"])
        return Model(weights, data["gain"], data["cuts"], str(data["version"]))


def score(batch: Batch, model: Model | None = None, parts: bool = True) -> Scores:
    """Score every text of ``batch``.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    model : Model, optional
        The shipped one unless given.
    parts : bool
        False leaves ``letter_parts`` empty: faster, for texts nobody asks to have explained.

    Returns
    -------
    Scores
        Sums, probabilities and their parts.

    Notes
    -----
    Score = Σ gain · phrase / √(number of phrases) + Σ n-gram weight / √(number of n-grams of Latin words): a
    sum over the text, so its parts are exact. Probabilities are those of an ordered logit with two cuts.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> score(lay_out(["非常满意", "太慢了，差评"])).score.round().tolist()[0] > 0
    True
    """
    model = model or base_model()
    clause = numbers(openings(batch))
    found = contributions(batch, clause)
    latin = is_latin(batch).astype(np.int64)
    row = batch.row[found.start]
    norm = 1 / np.sqrt(np.maximum(np.bincount(row, minlength=batch.size), 1))
    phrase_parts = found.value * norm[row] * model.gain[latin[row], (found.value > 0).astype(np.int64)]
    sums, letters = _gram_sums(batch, covered(batch, found), model.weights, parts)
    total = np.bincount(row, phrase_parts, batch.size) + sums
    scores = Scores(total, probabilities(total, model.cuts), found, phrase_parts, letters, clause)
    return model.local.felt(batch, scores, parts) if model.local else scores


def probabilities(scores: Floats, cuts: Floats) -> Floats:
    """Return the chance of negative, neutral and positive for each score.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
        Log-odds.
    cuts : ndarray of float, shape (3,)
        Lower cut, upper cut, slope.

    Returns
    -------
    ndarray of float, shape (n, 3)
        Rows sum to 1.

    Examples
    --------
    >>> probabilities(np.array([0.0]), np.array([-1.0, 1.0, 1.0])).round(2).tolist()
    [[0.27, 0.46, 0.27]]
    """
    low, high, slope = cuts
    below = _sigmoid(slope * (low - scores))
    above = _sigmoid(slope * (scores - high))
    return np.stack([below, np.maximum(1 - below - above, 0), above], axis=1)


def is_latin(batch: Batch) -> Bools:
    """Tell for each text whether it has fewer Chinese characters than a quarter of its length.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> is_latin(lay_out(["WiFi不好用", "the wifi is bad"])).tolist()
    [False, True]
    """
    han = _by_text((batch.codes >= 0x3400).view(np.int8), batch)
    return np.asarray(han * 4 < batch.ends - batch.starts)


def _gram_sums(batch: Batch, cover: Ints, weights: Floats, parts: bool) -> tuple[Floats, Floats]:
    n_codes = len(batch.codes)
    # What begins at each character, summed over texts only at the end.
    begun, counts = np.zeros(n_codes), np.zeros(n_codes, np.int8)
    letters = np.zeros(n_codes + 5 if parts else 0)
    for gram in latin_grams(batch, cover):
        weight = weights[gram.bucket]
        begun[gram.at] += weight
        counts[gram.at] += 1
        for step in range(gram.length if parts else 0):
            # An n-gram's weight belongs to its characters in equal shares.
            letters[gram.at + step] += weight / gram.length
    norm = 1 / np.sqrt(np.maximum(_by_text(counts, batch), 1))
    return _by_text(begun, batch) * norm, letters[:n_codes] * norm[batch.row] if parts else letters


def _by_text(values: npt.NDArray[Any], batch: Batch) -> Floats:
    if not batch.size:
        return np.zeros(0)
    return np.asarray(np.add.reduceat(values, batch.starts, dtype=np.float64))


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))))
