"""The words of many comments that can say what a comment is about, as arrays over all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.search.script import spell
from voiceloop.analytics.text.search.terms import HAN
from voiceloop.analytics.text.themes.stopwords import STOPWORDS

# Texts handed to the segmenter at once: one call for many is twice as fast as one for each.
CHUNK = 20_000
# Beyond this a text is no comment; its beginning says what it is about.
LONGEST = 2_000
# Tags of the segmenter that name things, deeds and properties; the others are grammar, numbers and time.
_CONTENT = frozenset("nvalijbszg")
_NOT_CONTENT = frozenset({"vshi", "vyou", "ad"})
# Addresses, people addressed, codes of symbols: their letters are no words.
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|&[a-z]+;|&#\d+;|\S+@\S+", re.IGNORECASE)


class Words(NamedTuple):
    """Content words in the order of the texts: ``text`` and ``word`` are numbers, ``start`` their place.

    ``joins`` marks a word that directly follows the one before it, with at most one space between.
    """

    text: Ints
    word: Ints
    start: Ints
    length: Ints
    joins: Bools
    n_texts: int


class Lexicon(dict[tuple[str, str], int]):
    """Numbers of content words; what says nothing about a subject is −1.

    Examples
    --------
    >>> lexicon = Lexicon()
    >>> found = lexicon.read(["快递很慢", "The refunds", "refund 快递"])
    >>> [lexicon.words[word] for word in found.word]
    ['快递', 'refund', 'refund', '快递']
    """

    def __init__(self, words: Sequence[str] = (), *, grows: bool = True) -> None:
        super().__init__()
        self.words = list(words)
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self._grows = grows

    def __missing__(self, tagged: tuple[str, str]) -> int:
        number = self._number(*tagged)
        self[tagged] = number
        return number

    def _number(self, word: str, tag: str) -> int:
        if not is_content(word, tag):
            return -1
        word = _singular(word)
        if word not in self._numbers and self._grows:
            self._numbers[word] = len(self.words)
            self.words.append(word)
        return self._numbers.get(word, -1)

    def read(self, texts: Sequence[str]) -> Words:
        """Segment ``texts`` into content words.

        Parameters
        ----------
        texts : sequence of str
            Any strings.

        Returns
        -------
        Words
            Arrays over all content words of all texts.

        Examples
        --------
        >>> Lexicon().read(["", "😀"]).word.tolist()
        []
        """
        parts = [self._part(texts[first : first + CHUNK], first) for first in range(0, len(texts), CHUNK)]
        none = np.zeros(0, dtype=np.int64)
        text, word, start, length, joins = zip(*parts, strict=True) if parts else [(none,)] * 5
        return Words(
            np.concatenate(text),
            np.concatenate(word),
            np.concatenate(start),
            np.concatenate(length),
            np.concatenate(joins).astype(np.bool_),
            len(texts),
        )

    def _part(self, texts: Sequence[str], first: int) -> tuple[Ints, Ints, Ints, Ints, Bools]:
        import rjieba

        cleaned = [_cleaned(text) for text in texts]
        codes, starts = spell(cleaned)
        codes = codes.copy()
        codes[starts[1:] - 1] = 0x0A
        tagged = rjieba.tag(codes.tobytes().decode("utf-32-le", "replace"))
        length = np.fromiter((len(word) for word, _ in tagged), dtype=np.int64, count=len(tagged))
        number = np.fromiter(map(self.__getitem__, tagged), dtype=np.int64, count=len(tagged))
        end = np.cumsum(length)
        kept = np.flatnonzero(number >= 0)
        start, length, number = end[kept] - length[kept], length[kept], number[kept]
        text = np.searchsorted(starts, start, side="right") - 1
        gap = np.diff(start, prepend=-9) - np.concatenate(([0], length))[:-1]
        spaced = codes[np.maximum(start - 1, 0)] == 0x20
        joins = (gap == 0) | ((gap == 1) & spaced & ~HAN[codes[start]])
        joins &= np.diff(text, prepend=-1) == 0
        return text + first, number, start - starts[text], length, joins


def is_content(word: str, tag: str) -> bool:
    """Whether a tagged word can name a subject.

    Examples
    --------
    >>> is_content("快递", "n"), is_content("非常", "d"), is_content("refund", "eng")
    (True, False, True)
    """
    if len(word) < 2 or word in STOPWORDS or tag in _NOT_CONTENT:
        return False
    if tag == "eng" or word.isascii():
        return len(word) > 2 and word.isalpha()
    return tag[0] in _CONTENT and all(HAN[min(ord(character), len(HAN) - 1)] for character in word)


def _singular(word: str) -> str:
    """English plurals are one word with their singular, as far as the ending says so."""
    if not word.isascii() or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _cleaned(text: str) -> str:
    """The text in its own length, with noise as spaces and no character that ends a line."""
    text = text[:LONGEST]
    if "@" in text or "&" in text or "#" in text or "http" in text or "www" in text:
        text = _NOISE.sub(lambda found: " " * len(found.group()), text)
    return text.replace("\n", " ").encode("utf-32-le", "replace").decode("utf-32-le")


def batches(texts: Sequence[str], size: int = CHUNK) -> Iterator[tuple[int, Sequence[str]]]:
    """Cut ``texts`` into runs of ``size``, each with the number of its first.

    Examples
    --------
    >>> [(first, len(part)) for first, part in batches(["a"] * 5, 2)]
    [(0, 2), (2, 2), (4, 1)]
    """
    for first in range(0, len(texts), size):
        yield first, texts[first : first + size]
