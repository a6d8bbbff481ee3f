"""Learning a set of labels from labelled texts: recipe by cross-validation, calibrated, reported honestly."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Floats, Ints, chunks, lay_out
from voiceloop.analytics.text.learning.calibration import Scaling, crossed, scaling
from voiceloop.analytics.text.learning.classifier import Classifier
from voiceloop.analytics.text.learning.matrix import Cells, cells, hints, shares
from voiceloop.analytics.text.learning.recipes import Material, Member, Recipe, learned
from voiceloop.analytics.text.learning.scoring import Report, report
from voiceloop.analytics.text.sentiment import base_model

SEED = 20261122
FOLDS = 5
# Texts that are enough to choose a recipe by; our choice.
TRIAL = 10_000
# Terms × labels that are tried in seconds, but no fewer texts than these; and those fitted in five folds.
MOST_TRIED, FEWEST_TRIED, MOST_FITTED = 10_000_000, 2_500, 40_000_000
MOST_LABELS = 500
# A member that lowers the log-loss by less than a share of it and a little is not worth its time; our choice.
GAIN, LITTLE = 0.002, 0.0003


class Fitted(NamedTuple):
    """What was learned, and how well it does on texts that it had not seen (cross-validated)."""

    classifier: Classifier
    report: Report


def fit(
    texts: Sequence[str],
    labels: Sequence[object],
    *,
    weights: Sequence[float] | None = None,
    seed: int = SEED,
) -> Fitted:
    """Learn ``labels`` from ``texts``.

    Parameters
    ----------
    texts, labels : sequence
        One label for each text, of any kind: its string counts. Rows with an empty text teach the bias.
    weights : sequence of float, optional
        How much each row counts: 1 unless given. Rows of weight 0 are left out.
    seed : int
        Makes the folds; the same input gives the same model.

    Returns
    -------
    Fitted
        Classifier and report; the report's chances were scaled by what other folds taught.

    Raises
    ------
    AnalyticsError
        When there are fewer than two labels, more than 500, or fewer than two rows of every label but one.

    Notes
    -----
    Linear support vector machines (squared hinge), one label against the rest, over n-grams and words that
    occur in two texts or more; each block of terms has length 1 in a text. Up to three of them, which weigh
    the terms otherwise, are added up: which, how free they are and whether they hear the lexicon is chosen by
    cross-validation; temperature and intercepts on held-out margins.

    Examples
    --------
    >>> found = fit(["很好吃", "太难吃", "好吃极了", "难吃死了"] * 5, ["good", "bad"] * 10)
    >>> found.report.n, found.report.accuracy
    (20, 1.0)
    """
    names, truth = np.unique(np.array([str(label) for label in labels]), return_inverse=True)
    given = np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=np.float64)
    _check(texts, names, truth, given)
    data = material(texts, truth, given, len(names))
    members = chosen(data, seed)
    fold = folds(data, FOLDS if data.cost <= MOST_FITTED else 3, seed)
    held = held_out(data, fold, members)
    classifier = assembled(data, tuple(str(name) for name in names), members, scaling(held, truth, given))
    began = time.perf_counter()
    classifier.predict(texts[:TRIAL])
    seconds = (time.perf_counter() - began) * len(truth) / min(len(truth), TRIAL)
    return Fitted(classifier, report(crossed(held, truth, given, fold), truth, seconds))


def material(texts: Sequence[str], truth: Ints, weights: Floats, n_labels: int) -> Material:
    """Return ``texts`` as a matrix: laid out once for all fits.

    Terms that occur in one text only are left out; the last columns are the lexicon's hints.

    Examples
    --------
    >>> material(["好", "好"], np.array([0, 1]), np.ones(2), 2).matrix.shape
    (2, 7)
    """
    from scipy import sparse

    found, heard = _laid_out(texts)
    buckets = np.flatnonzero(np.bincount(found.bucket, minlength=1) > 1)
    slots = np.full(max(int(found.bucket.max(initial=0)), 0) + 1, -1)
    slots[buckets] = np.arange(len(buckets))
    known = slots[found.bucket] >= 0
    kept = Cells(found.row[known], found.block[known], slots[found.bucket[known]])
    shape = (len(texts), len(buckets))
    terms = sparse.csr_matrix((shares(kept, len(texts)), (kept.row, kept.bucket)), shape)
    matrix = sparse.hstack([terms, sparse.csr_matrix(heard)]).tocsr()
    is_word = np.zeros(len(buckets), np.bool_)
    is_word[kept.bucket[kept.block == 1]] = True
    numbers: dict[str, int] = {}
    text = np.array([numbers.setdefault(one, len(numbers)) for one in texts], dtype=np.int64)
    return Material(matrix, buckets, is_word, text, truth, weights, n_labels)


def folds(data: Material, n: int, seed: int) -> Ints:
    """Deal every label's texts out to ``n`` folds evenly, in an order drawn from ``seed``.

    Equal texts go to one fold, unless most are: so a model is not asked about a text that it was taught.

    Examples
    --------
    >>> data = material(["a", "a", "b", "c"], np.array([0, 0, 1, 1]), np.ones(4), 2)
    >>> first, again, *_ = folds(data, 2, seed=1)
    >>> bool(first == again)
    True
    """
    texts, first = np.unique(data.text, return_index=True)
    if 2 * len(texts) < len(data.text):
        # Mostly copies: kept together, some labels could be learned from no other fold.
        data = data._replace(text=np.arange(len(data.text)))
        texts = first = data.text
    label = data.truth[first]
    order = np.random.default_rng(seed).permutation(len(texts))
    order = order[np.argsort(label[order], kind="stable")]
    fold = np.empty(len(texts), np.int64)
    fold[order] = np.arange(len(texts)) % n
    return fold[np.searchsorted(texts, data.text)]


def held_out(data: Material, fold: Ints, members: Sequence[Member]) -> Floats:
    """Return the margins of every text by a model that did not see its fold, (n, labels)."""
    margins = np.zeros((len(data.truth), data.n_labels))
    for held in np.unique(fold):
        here, rest = np.flatnonzero(fold == held), np.flatnonzero(fold != held)
        for recipe, share in members:
            margins[here] += share * learned(data, rest, recipe).says(data, here)
    return margins


def chosen(
    data: Material, seed: int, hints: Sequence[float] = (0.0, 0.1, 0.3), fold: Ints | None = None
) -> tuple[Member, ...]:
    """Return the members whose sum has the best held-out likelihood, tried on some thousand texts.

    Parameters
    ----------
    data : Material
        All texts.
    seed : int
        Draws the texts to try on, and their folds.
    hints : sequence of float
        What may be chosen for ``Recipe.hint``.
    fold : ndarray of int, shape (texts,), optional
        What is held out together, such as domains; three folds at random unless given.

    Returns
    -------
    tuple of Member
        The first is found one property after the other; others join it as long as the sum grows likelier.
    """
    size = min(TRIAL, max(FEWEST_TRIED, MOST_TRIED * len(data.truth) // max(data.cost, 1)))
    some = np.random.default_rng(seed).permutation(len(data.truth))[:size]
    trial = data.some(some)
    tried = _Tried(trial, folds(trial, 3, seed) if fold is None else fold[some])
    best = tried.best
    found = best([Recipe(hint=hint, telling=0.5) for hint in hints])
    found = best([found._replace(telling=telling) for telling in (0.5, 0.0)])
    found = best([found._replace(words=words) for words in (1.0, 0.0)])
    found = best([found._replace(rarity=rarity) for rarity in (False, True)])
    found = best([found, *(found._replace(freedom=freedom) for freedom in (0.15, 1.0))])
    return tried.joined(found, 2 if data.cost > MOST_FITTED else 3)


class _Tried:
    """Held-out margins of the recipes tried, each learned once."""

    def __init__(self, data: Material, fold: Ints) -> None:
        self.data, self.fold = data, fold
        self._margins: dict[Recipe, Floats] = {}

    def best(self, recipes: Sequence[Recipe]) -> Recipe:
        return min(recipes, key=lambda recipe: self.loss([recipe]))

    def joined(self, first: Recipe, most: int) -> tuple[Member, ...]:
        """``first`` and those that hear the texts otherwise, as long as each makes the sum likelier."""
        others = [
            first._replace(words=1 - first.words, telling=0.5),
            Recipe(rarity=True, level=True),
            Recipe(rarity=True, level=True, telling=0.5),
            Recipe(telling=1.0, level=True, words=0.0, freedom=1.0, hint=first.hint),
        ]
        members, loss = [first], self.loss([first])
        while others and len(members) < most:
            next_one = min(others, key=lambda recipe: self.loss([*members, recipe]))
            if (now := self.loss([*members, next_one])) > loss * (1 - GAIN) - LITTLE:
                break
            members, loss = [*members, next_one], now
            others.remove(next_one)
        return tuple(Member(recipe, 1 / self._spread(recipe)) for recipe in members)

    def loss(self, recipes: Sequence[Recipe]) -> float:
        sums = sum(self._heard(recipe) / self._spread(recipe) for recipe in recipes)
        return loss(np.asarray(sums), self.data, self.fold)

    def _heard(self, recipe: Recipe) -> Floats:
        if recipe not in self._margins:
            self._margins[recipe] = held_out(self.data, self.fold, [Member(recipe)])
        return self._margins[recipe]

    def _spread(self, recipe: Recipe) -> float:
        margins = self._heard(recipe)
        return max(float(np.std(margins - margins.mean(axis=1, keepdims=True))), 1e-6)


def loss(margins: Floats, data: Material, fold: Ints) -> float:
    """Return the log-loss of held-out margins, scaled by what other folds taught."""
    chances = crossed(margins, data.truth, data.weights, fold)
    likely = np.log(np.maximum(chances[np.arange(len(fold)), data.truth], 1e-9))
    return float(-(likely @ data.weights) / max(data.weights.sum(), 1e-12))


def assembled(
    data: Material, labels: tuple[str, ...], members: Sequence[Member], scale: Scaling
) -> Classifier:
    """Return the classifier that ``members`` make of all texts."""
    rows = np.arange(len(data.truth))
    voices = [(learned(data, rows, recipe), share) for recipe, share in members]
    flat = sum((voice.terms * share for voice, share in voices if voice.prices is None), start=np.zeros(1))
    said = [] if flat.ndim == 1 else [(np.ones(len(data.buckets)), flat)]
    said += [(voice.prices, voice.terms * share) for voice, share in voices if voice.prices is not None]
    prices = np.stack([price for price, _ in said]).astype(np.float16)
    weights = np.stack([terms for _, terms in said]).astype(np.float16)
    # A term that speaks for no label need not be kept, unless it makes a text longer.
    telling = np.any(weights != 0, axis=(0, 2)) | np.any((prices != 1) & (prices != 0), axis=0)
    hears = any(recipe.hint for recipe, _ in members)
    return Classifier(
        labels=labels,
        buckets=data.buckets[telling],
        prices=prices[:, telling],
        weights=weights[:, telling],
        hinted=np.asarray(sum(voice.hinted * share for voice, share in voices)),
        bias=np.asarray(sum(voice.bias * share for voice, share in voices)),
        scaling=scale,
        base=base_model().version if hears else "",
        words=any(recipe.words for recipe, _ in members),
    )


def _check(texts: Sequence[str], names: Any, truth: Ints, weights: Floats) -> None:
    if not len(texts) == len(truth) == len(weights):
        raise ValueError("texts, labels and weights differ in length")
    if len(names) < 2:
        raise AnalyticsError(
            "Learning needs at least two different labels.", "至少需要两种不同的标签才能学习。"
        )
    if len(names) > MOST_LABELS:
        raise AnalyticsError(
            f"There are {len(names):,} different labels; at most {MOST_LABELS} can be learned.",
            f"共有 {len(names):,} 种标签，最多支持 {MOST_LABELS} 种。",
        )
    if np.sum(np.bincount(truth) > 1) < 2:
        raise AnalyticsError(
            "Learning needs two labels with at least two rows each.", "至少要有两种标签各含两行以上。"
        )


def _laid_out(texts: Sequence[str]) -> tuple[Cells, Floats]:
    parts, heard, first = [], [], 0
    for part in chunks(texts):
        batch = lay_out(part)
        found = cells(batch)
        parts.append(Cells(found.row + first, found.block, found.bucket))
        heard.append(hints(batch).values)
        first += batch.size
    return Cells(*(np.concatenate(column) for column in zip(*parts, strict=True))), np.concatenate(heard)
