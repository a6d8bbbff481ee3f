"""Gives comments to themes that are known: the job of the minutes between two runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.themes.clusters import nearest
from voiceloop.analytics.text.themes.following import projected
from voiceloop.analytics.text.themes.vectors import presence, weighed
from voiceloop.analytics.text.themes.words import Lexicon, Words, batches


class Given(NamedTuple):
    """Of each comment the place of its theme (−1: none), its cosine, and the words that speak for it."""

    of: Ints
    likeness: Floats
    evidence: list[list[tuple[int, int, float]]]


class Assigner:
    """Themes as words with weights, ready to take comments.

    Parameters
    ----------
    themes : sequence of {word: weight}
        What each theme is made of.
    idf : {word: weight}
        Rarity of every word that counts.

    Examples
    --------
    >>> assigner = Assigner([{"快递": 1.0}], {"快递": 2.0, "屏幕": 2.0})
    >>> assigner.give(["快递太慢", "屏幕碎了"]).of.tolist()
    [0, -1]
    """

    def __init__(self, themes: Sequence[Mapping[str, float]], idf: Mapping[str, float]) -> None:
        self._lexicon = Lexicon(list(idf), grows=False)
        self._idf = np.array(list(idf.values()), dtype=np.float64)
        self._themes = projected(list(themes), list(idf))

    def give(self, texts: Sequence[str], *, evidence: bool = False) -> Given:
        """Give each text to its nearest theme.

        Parameters
        ----------
        texts : sequence of str
            Comments.
        evidence : bool
            Whether to say which characters speak for the theme: (start, end, weight).

        Returns
        -------
        Given
            Arrays over the texts.

        Examples
        --------
        >>> Assigner([{"快递": 1.0}], {"快递": 2.0}).give(["这快递"], evidence=True).evidence
        [[(1, 3, 1.0)]]
        """
        of, likeness, spans = [], [], []
        for _, part in batches(texts):
            words = self._lexicon.read(part)
            mine, close = nearest(weighed(presence(words, len(self._idf)), self._idf), self._themes)
            of.append(mine)
            likeness.append(close)
            spans += self._evidence(words, mine) if evidence else [[] for _ in part]
        if not of:
            return Given(np.zeros(0, np.int64), np.zeros(0), [])
        return Given(np.concatenate(of), np.concatenate(likeness), spans)

    def _evidence(self, words: Words, of: Ints) -> list[list[tuple[int, int, float]]]:
        found: list[list[tuple[int, int, float]]] = [[] for _ in range(words.n_texts)]
        theme = of[words.text]
        weight = (
            np.where(theme >= 0, self._themes[theme, words.word], 0.0) if len(self._themes) else theme * 0.0
        )
        for at in np.flatnonzero(weight >= 0.08):
            start = int(words.start[at])
            span = (start, start + int(words.length[at]), round(float(weight[at]), 3))
            found[int(words.text[at])].append(span)
        return found
