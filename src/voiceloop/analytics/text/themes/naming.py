"""What a person would call a theme: the words and phrases its comments use and other comments do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.themes.vectors import Matrix
from voiceloop.analytics.text.themes.words import Words

N_WORDS, N_CANDIDATES, IN_NAME = 10, 30, 2
# How much a word's own weight counts beside its keeping company with the others (chosen on held-out halves).
OWN_WEIGHT = 0.35
# A phrase stands for its word when this share of the theme's uses of the word are uses of the phrase.
PHRASE = 0.3


class Phrases(NamedTuple):
    """Pairs of words that stand side by side: (pairs,) first word, second word; (uses,) text and pair."""

    first: Ints
    second: Ints
    text: Ints
    pair: Ints
    texts: list[str]


def phrases(words: Words, names: Sequence[str], least: int = 4) -> Phrases:
    """Pairs of neighbours that at least ``least`` comments use.

    Examples
    --------
    >>> from voiceloop.analytics.text.themes.words import Lexicon
    >>> lexicon = Lexicon()
    >>> said = ["配送速度", "配送速度", "late delivery", "late delivery"]
    >>> phrases(lexicon.read(said), lexicon.words, 2).texts
    ['配送速度', 'late delivery']
    """
    at = np.flatnonzero(words.joins)
    n = max(len(names), 1)
    uses = np.unique(np.stack([words.word[at - 1] * n + words.word[at], words.text[at]]), axis=1)
    pairs, number, count = np.unique(uses[0], return_inverse=True, return_counts=True)
    is_kept = (count >= least) & (pairs // n != pairs % n)
    place = np.cumsum(is_kept) - 1
    kept = is_kept[number]
    first, second = pairs[is_kept] // n, pairs[is_kept] % n
    texts = [joined(names[a], names[b]) for a, b in zip(first, second, strict=True)]
    return Phrases(first, second, uses[1][kept], place[number[kept]], texts)


def joined(first: str, second: str) -> str:
    """Two words as one phrase.

    Examples
    --------
    >>> joined("送货", "速度"), joined("customer", "service")
    ('送货速度', 'customer service')
    """
    return f"{first} {second}" if first[-1].isascii() or second[0].isascii() else first + second


def characteristic(has: Matrix, members: Ints, everywhere: Floats) -> Ints:
    """The columns that say what ``members`` are about, best first: frequent there, rare elsewhere, together.

    Parameters
    ----------
    has : sparse matrix of ones, shape (texts, words)
        Presence.
    members : ndarray of int
        Rows of the theme.
    everywhere : ndarray of float, shape (words,)
        Share of all texts that have each word.

    Returns
    -------
    ndarray of int, shape (at most N_WORDS,)
        Columns.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> has = csr_matrix(np.array([[1, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]], dtype=float))
    >>> characteristic(has, np.array([0, 1]), np.asarray(has.mean(axis=0)).ravel())[:2].tolist()
    [0, 1]
    """
    own = has[members]
    here = np.asarray(own.mean(axis=0)).ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.nan_to_num(here * np.log(here / everywhere), nan=0.0)
    best: Ints = np.argsort(-weight, kind="stable")[:N_CANDIDATES]
    best = best[weight[best] > 0]
    if not len(best):
        return best
    company = own[:, best]
    together = np.asarray((company.T @ company).todense()) / max(len(members), 1)
    kept, score = [0], OWN_WEIGHT * weight[best] / weight[best[0]]
    likes = _npmi(together)
    while len(kept) < min(N_WORDS, len(best)):
        value = likes[:, kept].mean(axis=1) + score
        value[kept] = -np.inf
        kept.append(int(value.argmax()))
    return np.asarray(best[sorted(kept)])


def _npmi(together: Floats) -> Floats:
    alone = np.diag(together)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(together / np.outer(alone, alone)) / -np.log(together)
    return np.where(together > 0, np.nan_to_num(found, nan=1.0), -1.0)


def name(words: Sequence[tuple[str, float]], pairs: Sequence[tuple[str, str, str, float]]) -> tuple[str, ...]:
    """The phrases of a theme, most telling first; the first `IN_NAME` of them are its name.

    Parameters
    ----------
    words : sequence of (word, share)
        Characteristic words, best first, with the share of the theme's comments that use each.
    pairs : sequence of (first, second, phrase, share)
        Phrases of the theme.

    Returns
    -------
    tuple of str
        Each word once, inside its phrase where it is mostly used in one.

    Examples
    --------
    >>> name([("速度", 0.8), ("送货", 0.6), ("物流", 0.3)], [("送货", "速度", "送货速度", 0.5)])
    ('送货速度', '物流')
    """
    share = dict(words)
    strong = [p for p in pairs if p[3] >= PHRASE * max(share.get(p[0], 0.0), share.get(p[1], 0.0), 1e-9)]
    found: list[str] = []
    said: set[str] = set()
    for word, _ in words:
        if word in said:
            continue
        own = [p for p in strong if word in p[:2] and not said & set(p[:2])]
        best = max(own, key=lambda p: p[3], default=None)
        found.append(best[2] if best else word)
        said |= set(best[:2]) if best else {word}
    return tuple(found)


def title(found: Sequence[str]) -> str:
    """A name out of phrases.

    Examples
    --------
    >>> title(["送货速度", "物流", "快递"]), title(["late flight", "gate"])
    ('送货速度、物流', 'late flight, gate')
    """
    few = found[:IN_NAME]
    return (", " if all(part.isascii() for part in few) else "、").join(few)
