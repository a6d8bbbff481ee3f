"""Comments as weighted words: rows of unit length over the words that are neither rare nor everywhere."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.themes.words import Words

# A word in more than this share of the comments names none of them.
EVERYWHERE = 0.25
# scipy's sparse matrices carry no types.
Matrix = Any


class Vectors(NamedTuple):
    """``rows`` is sparse, (texts, words), each row of length 1 or empty; ``has`` has ones in the same places.

    ``kept`` are the numbers of the lexicon's words that the columns stand for, ``idf`` their weights.
    """

    rows: Matrix
    has: Matrix
    kept: Ints
    idf: Floats


def rare(n: int) -> int:
    """A word of fewer of ``n`` comments cannot name a theme (our choice, by coherence on held-out halves).

    Examples
    --------
    >>> rare(300), rare(10_000), rare(1_000_000)
    (4, 10, 20)
    """
    return int(min(20, max(4, n // 1000)))


def vectors(words: Words, n_words: int, also: Ints | None = None) -> Vectors:
    """Weigh the words of all texts.

    Parameters
    ----------
    words : Words
        What a lexicon read.
    n_words : int
        Size of that lexicon.
    also : ndarray of int, optional
        Words to keep although they are rare.

    Returns
    -------
    Vectors
        Presence of each word times its inverse document frequency, at unit length.

    Examples
    --------
    >>> from voiceloop.analytics.text.themes.words import Lexicon
    >>> lexicon = Lexicon()
    >>> words = lexicon.read(["快递 包装", "快递", "屏幕 电池", "屏幕", "电影"] * 4)
    >>> found = vectors(words, len(lexicon.words))
    >>> found.rows.shape[0], sorted(lexicon.words[number] for number in found.kept)[:2]
    (20, ['包装', '电影'])
    """
    has = presence(words, n_words)
    frequency = np.asarray(has.sum(axis=0)).ravel()
    few = rare(words.n_texts)
    is_kept = (frequency >= few) & (frequency <= max(EVERYWHERE * words.n_texts, few))
    if also is not None:
        is_kept[also] = True
    kept = np.flatnonzero(is_kept)
    idf = np.log((1 + words.n_texts) / (1 + frequency[kept]))
    has = has[:, kept]
    return Vectors(weighed(has, idf), has, kept, idf)


def presence(words: Words, n_words: int) -> Matrix:
    """A sparse matrix of ones, (texts, words), where a text has a word.

    Examples
    --------
    >>> from voiceloop.analytics.text.themes.words import Lexicon
    >>> lexicon = Lexicon()
    >>> presence(lexicon.read(["快递快递"]), 1).toarray().tolist()
    [[1.0]]
    """
    from scipy.sparse import csr_matrix

    places = np.unique(words.text * max(n_words, 1) + words.word)
    row, column = np.divmod(places, max(n_words, 1))
    starts = np.searchsorted(row, np.arange(words.n_texts + 1))
    ones = np.ones(len(places), dtype=np.float32)
    return csr_matrix((ones, column, starts), shape=(words.n_texts, n_words))


def weighed(has: Matrix, idf: Floats) -> Matrix:
    """Rows of ``has`` times ``idf``, at unit length.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> weighed(csr_matrix([[1.0, 1.0]]), np.array([3.0, 4.0])).toarray().astype(float).round(1).tolist()
    [[0.6, 0.8]]
    """
    rows = has.copy()
    rows.data = idf.astype(np.float32)[rows.indices]
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    length = np.sqrt(np.bincount(row, weights=rows.data**2, minlength=rows.shape[0]))
    rows.data /= np.maximum(length[row], 1e-9).astype(np.float32)
    return rows
