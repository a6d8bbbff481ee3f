"""How one linear member of a classifier is learned: what terms cost it, and what it hears besides."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Floats, Ints
from voiceloop.analytics.text.learning.matrix import HINTS


class Recipe(NamedTuple):
    """How to learn.

    ``freedom`` is C of a support vector machine; ``hint`` how cheaply the lexicon is heard, 0 for not at all;
    ``telling`` how much cheaper a term is that the labels share unevenly (Wang and Manning 2012), 0 to 1;
    ``words`` how cheap whole words are beside n-grams, 0 for not at all; ``rarity`` whether rare terms are
    cheaper; ``level`` whether each text has length 1 after that rather than before.
    """

    freedom: float = 0.4
    hint: float = 0.0
    telling: float = 0.0
    words: float = 1.0
    rarity: bool = False
    level: bool = False


class Member(NamedTuple):
    """A recipe and how much its margins count in the sum."""

    recipe: Recipe
    share: float = 1.0


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

    @property
    def columns(self) -> int:
        """Two labels share one column."""
        return 1 if self.n_labels == 2 else self.n_labels

    def some(self, rows: Ints) -> Material:
        """The texts ``rows`` alone."""
        return self._replace(
            matrix=self.matrix[rows],
            text=self.text[rows],
            truth=self.truth[rows],
            weights=self.weights[rows],
        )


class Voice(NamedTuple):
    """What a member learned: weights of terms and of hints (each × columns), and what it always says.

    ``prices`` (terms,) set each text's length; None where every term of a text counts alike.
    """

    prices: Floats | None
    terms: Floats
    hinted: Floats
    bias: Floats

    def says(self, data: Material, rows: Ints) -> Floats:
        """Return the margins of ``rows``, (rows, labels)."""
        terms = data.matrix[rows, : len(data.buckets)]
        if self.prices is not None:
            terms = leveled(terms, self.prices, data.is_word)
        sums = terms @ self.terms + data.matrix[rows, len(data.buckets) :] @ self.hinted + self.bias
        return np.concatenate([-sums, sums], axis=1) if data.n_labels == 2 else np.asarray(sums)


def learned(data: Material, rows: Ints, recipe: Recipe) -> Voice:
    """Return what ``rows`` teach by ``recipe``.

    Examples
    --------
    >>> from scipy import sparse
    >>> matrix = sparse.hstack([sparse.eye(2), sparse.csr_matrix((2, HINTS))]).tocsr()
    >>> both = np.array([0, 1])
    >>> data = Material(matrix, both, both == 1, both, both, np.ones(2), 2)
    >>> learned(data, both, Recipe()).terms.round(1).ravel().tolist()
    [-0.4, 0.4]
    """
    from scipy import sparse
    from sklearn.svm import LinearSVC

    n_terms = len(data.buckets)
    present = np.unique(data.truth[rows])
    if len(present) < 2:
        return Voice(
            None,
            np.zeros((n_terms, data.columns)),
            np.zeros((HINTS, data.columns)),
            np.full(data.columns, -1.0),
        )
    matrix = data.matrix[rows]
    terms, hints = matrix[:, :n_terms], matrix[:, n_terms:]
    prices = _prices(terms, data, data.truth[rows], recipe)
    heard = terms @ sparse.diags(prices)
    if recipe.level:
        heard = leveled(terms, prices, data.is_word)
    if recipe.hint:
        heard = sparse.hstack([heard, hints * recipe.hint]).tocsr()
    machine = LinearSVC(C=recipe.freedom, dual=True, random_state=0, max_iter=500, tol=1e-2)
    with warnings.catch_warnings():
        # A margin that is not quite the widest is wide enough.
        warnings.simplefilter("ignore")
        machine.fit(heard, data.truth[rows], sample_weight=data.weights[rows])
    weights, bias = _columns(machine, present, data)
    hinted = weights[n_terms:] * recipe.hint if recipe.hint else np.zeros((HINTS, data.columns))
    if recipe.level:
        return Voice(prices, weights[:n_terms], hinted, bias)
    return Voice(None, weights[:n_terms] * prices[:, None], hinted, bias)


def leveled(terms: Any, prices: Floats, is_word: Bools) -> Any:
    """Return ``terms`` times ``prices``, each text's n-grams and its words of length 1 again.

    Examples
    --------
    >>> from scipy import sparse
    >>> leveled(sparse.csr_matrix([[1.0, 1.0]]), np.array([3.0, 4.0]), np.zeros(2, bool)).toarray().tolist()
    [[0.6, 0.8]]
    """
    from scipy import sparse

    value = terms.data * prices[terms.indices]
    row = np.repeat(np.arange(terms.shape[0]), np.diff(terms.indptr))
    place = row * 2 + is_word[terms.indices]
    length = np.sqrt(np.bincount(place, value * value, 2 * terms.shape[0]))
    value /= np.maximum(length, 1e-12)[place]
    return sparse.csr_matrix((value, terms.indices, terms.indptr), terms.shape)


def _columns(machine: Any, present: Ints, data: Material) -> tuple[Floats, Floats]:
    """Weights and bias of all labels, also of those that no row of this fold has."""
    found, bias = machine.coef_.T, np.full(data.columns, -1.0)
    if data.columns == 1:
        return np.asarray(found), np.asarray(machine.intercept_)
    weights = np.zeros((found.shape[0], data.columns))
    if len(present) == 2:
        weights[:, present] = np.concatenate([-found, found], axis=1)
        bias[present] = -machine.intercept_[0], machine.intercept_[0]
    else:
        weights[:, present], bias[present] = found, machine.intercept_
    return weights, bias


def _prices(terms: Any, data: Material, truth: Ints, recipe: Recipe) -> Floats:
    """Scale of each term: its rarity, and the log-ratio of its shares in a label and elsewhere."""
    n_terms = len(data.buckets)
    prices = np.where(data.is_word, recipe.words, 1.0)
    if recipe.rarity and n_terms:
        # Inverse document frequency, 1 on average.
        rarity = np.log(len(truth) / (_uses(terms) + 1) + 1)
        prices *= rarity / rarity.mean()
    if not recipe.telling:
        return prices
    counts = np.stack([_uses(terms[truth == label]) for label in range(data.n_labels)])
    here = (counts + 1) / (counts.sum(axis=1, keepdims=True) + n_terms)
    rest = counts.sum(axis=0) - counts
    there = (rest + 1) / (rest.sum(axis=1, keepdims=True) + n_terms)
    ratio = np.abs(np.log(here / there)).max(axis=0)
    return np.asarray(prices * ((1 - recipe.telling) + recipe.telling * ratio))


def _uses(terms: Any) -> Floats:
    return np.bincount(terms.indices, minlength=terms.shape[1]).astype(np.float64)
