"""Learning a set of labels from labelled texts: recipe by cross-validation, calibrated, reported honestly."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Bools, Floats, Ints, chunks, lay_out
from voiceloop.analytics.text.learning.calibration import Scaling, crossed, scaling
from voiceloop.analytics.text.learning.classifier import Classifier
from voiceloop.analytics.text.learning.matrix import HINTS, Cells, cells, hints, shares
from voiceloop.analytics.text.learning.scoring import Report, report
from voiceloop.analytics.text.sentiment import base_model

SEED = 20261122
FOLDS = 5
# Texts that are enough to choose a recipe by; our choice.
TRIAL = 10_000
# Terms × labels that are tried in seconds, but no fewer texts than these; and those fitted in five folds.
MOST_TRIED, FEWEST_TRIED, MOST_FITTED = 10_000_000, 2_500, 40_000_000
MOST_LABELS = 500


class Fitted(NamedTuple):
    """What was learned, and how well it does on texts that it had not seen (cross-validated)."""

    classifier: Classifier
    report: Report


class Recipe(NamedTuple):
    """How to learn.

    ``freedom`` is C of a support vector machine; ``hint`` how cheaply the lexicon is heard, 0 for not at all;
    ``telling`` how much cheaper a term is that the labels share unevenly (Wang and Manning 2012), 0 to 1;
    ``words`` how cheap whole words are beside n-grams, 0 for not at all; ``rarity`` whether rare terms are
    cheaper.
    """

    freedom: float = 0.4
    hint: float = 0.0
    telling: float = 0.0
    words: float = 1.0
    rarity: bool = False


class Material(NamedTuple):
    """Labelled texts as numbers: a sparse matrix over known buckets and hints, label numbers, weights.

    ``is_word`` tells the buckets of words and pairs of words from those of n-grams; equal texts have the same
    ``text``.
    """

    matrix: Any
    buckets: Ints
    is_word: Bools
    text: Ints
    truth: Ints
    weights: Floats
    n_labels: int

    @property
    def cost(self) -> int:
        """Terms × labels: what a fit's time grows with."""
        return int(self.matrix.nnz) * (1 if self.n_labels == 2 else self.n_labels)


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
    occur in two texts or more; each block of terms has length 1 in a text. Strength of regularisation and
    whether the lexicon helps are chosen by cross-validation; temperature and intercepts on held-out margins.

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
    recipe = chosen(data, seed)
    fold = folds(data, FOLDS if data.cost <= MOST_FITTED else 3, seed)
    held = held_out(data, fold, recipe)
    classifier = assembled(data, tuple(str(name) for name in names), recipe, scaling(held, truth, given))
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


def held_out(data: Material, fold: Ints, recipe: Recipe) -> Floats:
    """Return the margins of every text by a model that did not see its fold, (n, labels)."""
    margins = np.zeros((len(data.truth), data.n_labels))
    for held in np.unique(fold):
        here = fold == held
        coefficients, bias = learned(data, np.flatnonzero(~here), recipe)
        sums = data.matrix[here] @ coefficients + bias
        margins[here] = np.concatenate([-sums, sums], axis=1) if data.n_labels == 2 else sums
    return margins


def learned(data: Material, rows: Ints, recipe: Recipe) -> tuple[Floats, Floats]:
    """Return coefficients (columns of the matrix, columns of labels) and bias, from ``rows``."""
    from scipy import sparse
    from sklearn.svm import LinearSVC

    columns = 1 if data.n_labels == 2 else data.n_labels
    coefficients, bias = np.zeros((data.matrix.shape[1], columns)), np.full(columns, -1.0)
    present = np.unique(data.truth[rows])
    if len(present) < 2:
        return coefficients, bias
    width = data.matrix.shape[1] if recipe.hint else len(data.buckets)
    matrix = data.matrix[rows, :width]
    of_terms = _telling(matrix, data, rows, recipe) * np.where(data.is_word, recipe.words, 1.0)
    prices = np.concatenate([of_terms, np.full(HINTS, recipe.hint)])[:width]
    machine = LinearSVC(C=recipe.freedom, dual=True, random_state=0, max_iter=500, tol=1e-2)
    with warnings.catch_warnings():
        # A margin that is not quite the widest is wide enough.
        warnings.simplefilter("ignore")
        machine.fit(matrix @ sparse.diags(prices), data.truth[rows], sample_weight=data.weights[rows])
    found = machine.coef_.T * prices[:, None]
    if columns == 1:
        coefficients[:width], bias[:] = found, machine.intercept_
    elif len(present) == 2:
        coefficients[:width, present] = np.concatenate([-found, found], axis=1)
        bias[present] = -machine.intercept_[0], machine.intercept_[0]
    else:
        coefficients[:width, present], bias[present] = found, machine.intercept_
    return coefficients, bias


def _telling(matrix: Any, data: Material, rows: Ints, recipe: Recipe) -> Floats:
    """Scale of each term: its rarity, and the log-ratio of its shares in a label and elsewhere."""
    n_terms = len(data.buckets)
    rarity = np.ones(n_terms)
    if recipe.rarity and n_terms:
        # Inverse document frequency, 1 on average.
        rarity = np.log(len(rows) / (_sums(matrix[:, :n_terms]) + 1) + 1)
        rarity /= rarity.mean()
    if not recipe.telling:
        return rarity
    counts = np.stack([_sums(matrix[data.truth[rows] == label, :n_terms]) for label in range(data.n_labels)])
    here = (counts + 1) / (counts.sum(axis=1, keepdims=True) + n_terms)
    rest = counts.sum(axis=0) - counts
    there = (rest + 1) / (rest.sum(axis=1, keepdims=True) + n_terms)
    ratio = np.abs(np.log(here / there)).max(axis=0)
    return np.asarray(rarity * ((1 - recipe.telling) + recipe.telling * ratio))


def _sums(matrix: Any) -> Floats:
    return np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.float64)


def chosen(
    data: Material, seed: int, hints: Sequence[float] = (0.0, 0.3), fold: Ints | None = None
) -> Recipe:
    """Return the recipe with the best held-out likelihood, tried on some thousand texts.

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
    Recipe
        Found one property after the other.
    """
    size = min(TRIAL, max(FEWEST_TRIED, MOST_TRIED * len(data.truth) // max(data.cost, 1)))
    some = np.random.default_rng(seed).permutation(len(data.truth))[:size]
    trial = data._replace(
        matrix=data.matrix[some], text=data.text[some], truth=data.truth[some], weights=data.weights[some]
    )
    fold = folds(trial, 3, seed) if fold is None else fold[some]
    tried: dict[Recipe, float] = {}

    def best(recipes: Sequence[Recipe]) -> Recipe:
        for recipe in recipes:
            if recipe not in tried:
                tried[recipe] = loss(held_out(trial, fold, recipe), trial, fold)
        return min(recipes, key=lambda recipe: tried[recipe])

    found = best([Recipe(hint=hint, telling=0.5) for hint in hints])
    found = best([found._replace(telling=telling) for telling in (0.5, 0.0)])
    found = best([found._replace(words=words) for words in (1.0, 0.0)])
    found = best([found._replace(rarity=rarity) for rarity in (False, True)])
    return best([found, *(found._replace(freedom=freedom) for freedom in (0.15, 1.0))])


def loss(margins: Floats, data: Material, fold: Ints) -> float:
    """Return the log-loss of held-out margins, scaled by what other folds taught."""
    chances = crossed(margins, data.truth, data.weights, fold)
    likely = np.log(np.maximum(chances[np.arange(len(fold)), data.truth], 1e-9))
    return float(-(likely @ data.weights) / max(data.weights.sum(), 1e-12))


def assembled(data: Material, labels: tuple[str, ...], recipe: Recipe, scale: Scaling) -> Classifier:
    """Return the classifier that ``recipe`` makes of all texts."""
    coefficients, bias = learned(data, np.arange(len(data.truth)), recipe)
    terms, hinted = coefficients[: len(data.buckets)], coefficients[len(data.buckets) :]
    # A term that speaks for no label need not be kept.
    telling = np.any(terms.astype(np.float16) != 0, axis=1)
    base = base_model().version if recipe.hint else ""
    return Classifier(
        labels, data.buckets[telling], terms[telling].astype(np.float16), hinted, bias, scale, base
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
