"""The words and phrases that many comments have in common, or that tell them from other comments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.themes.naming import Phrases, name, phrases
from voiceloop.analytics.text.themes.words import Lexicon, Words

# Comments shown beside each phrase; words looked at for each phrase that is wanted.
SHOWN, LOOKED_AT = 3, 4


class Keyphrase(NamedTuple):
    """A phrase, the ``n`` comments that use it, their ``share`` of all, and places of some of them.

    ``score`` is what the list is sorted by: the weight of the phrase's most telling word.
    """

    text: str
    n: int
    share: float
    score: float
    comments: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**self._asdict(), "comments": list(self.comments)}


def keyphrases(
    texts: Sequence[str], *, against: Sequence[str] = (), most: int = 20, least: int = 2
) -> tuple[Keyphrase, ...]:
    """Return what ``texts`` speak of most, each word once, inside its phrase where it is mostly used in one.

    Parameters
    ----------
    texts : sequence of str
        Comments, Chinese and English mixed.
    against : sequence of str, optional
        Other comments, such as last month's: then only what ``texts`` say more often than these counts.
    most : int
        How many phrases at most.
    least : int
        Comments that must use a phrase.

    Returns
    -------
    tuple of Keyphrase
        Best first; empty where nothing is said often enough.

    Notes
    -----
    Only content words by the segmenter's tags (nouns, verbs, adjectives), each counted once in a comment.
    Weight of a word: n · ln(1 + N / n), or n · ln(share here / share there) beside other comments; a pair of
    neighbours stands for its words when at least .3 of their uses are uses of the pair.

    Examples
    --------
    >>> said = ["送货速度太慢", "送货速度一般", "送货速度还行，屏幕清楚"]
    >>> [(one.text, one.n) for one in keyphrases(said, most=1)]
    [('送货速度', 3)]
    >>> [one.text for one in keyphrases(["屏幕碎了", "屏幕不亮", "送货慢"], against=["送货慢"] * 3, most=1)]
    ['屏幕']
    """
    lexicon = Lexicon()
    words = lexicon.read([*texts, *against])
    here = _in_own(words, len(texts))
    names = lexicon.words
    uses, weight = _weighed(words, len(texts), len(against), len(names))
    weight[uses < least] = 0
    best = np.argsort(-weight, kind="stable")[: LOOKED_AT * most]
    best = best[weight[best] > 0]
    told = phrases(here, names, least)
    pairs = np.bincount(told.pair, minlength=len(told.texts))
    n = max(len(texts), 1)
    shown = name(
        [(names[word], float(uses[word]) / n) for word in best.tolist()],
        [
            (names[first], names[second], text, float(count) / n)
            for first, second, text, count in zip(
                told.first.tolist(), told.second.tolist(), told.texts, pairs.tolist(), strict=True
            )
        ],
    )
    users = _Users(here, names, told)
    score = {names[word]: float(weight[word]) for word in best.tolist()}
    found = [users.phrase(text, n, score) for text in shown]
    return tuple(sorted(found, key=lambda one: -one.score)[:most])


class _Users:
    """Who uses a word or a phrase."""

    def __init__(self, words: Words, names: Sequence[str], told: Phrases) -> None:
        self.words, self.names, self.told = words, names, told
        self._word = {word: number for number, word in enumerate(names)}
        self._pair = {text: number for number, text in enumerate(told.texts)}

    def phrase(self, text: str, n: int, score: dict[str, float]) -> Keyphrase:
        if text in score:
            parts, places = [text], self.words.text[self.words.word == self._word[text]]
        else:
            pair = self._pair[text]
            parts = [self.names[self.told.first[pair]], self.names[self.told.second[pair]]]
            places = self.told.text[self.told.pair == pair]
        users = np.unique(places)
        best = max(score.get(part, 0.0) for part in parts)
        shown = tuple(users[:SHOWN].tolist())
        return Keyphrase(text, len(users), round(len(users) / n, 4), round(best, 2), shown)


def _in_own(words: Words, n: int) -> Words:
    own = words.text < n
    return Words(words.text[own], words.word[own], words.start[own], words.length[own], words.joins[own], n)


def _weighed(words: Words, n: int, n_others: int, n_words: int) -> tuple[Ints, Floats]:
    """Comments that use each word, and the word's weight."""
    each = np.unique(words.text * max(n_words, 1) + words.word)
    text, word = each // max(n_words, 1), each % max(n_words, 1)
    uses = np.bincount(word[text < n], minlength=n_words)
    if not n_others:
        return uses, np.asarray(uses * np.log1p(n / np.maximum(uses, 1)))
    there = np.bincount(word[text >= n], minlength=n_words)
    ratio = np.log((uses + 0.5) / (n + 1)) - np.log((there + 0.5) / (n_others + 1))
    return uses, np.asarray(np.maximum(uses * ratio, 0.0))
