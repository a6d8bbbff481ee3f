"""What a person asks for: words, "exact phrases" and -what must not be there."""

from __future__ import annotations

import re
from typing import NamedTuple

_QUOTED = re.compile(r"(?P<minus>[-−－]?)[\"“”「」『』＂](?P<phrase>[^\"“”「」『』＂]+)[\"“”「」『』＂]?")
# Longer ones are no questions; more words than these would only make the answer slower.
LONGEST = 400


class Query(NamedTuple):
    """``words`` are looked for, each of ``phrases`` must occur, none of ``without`` may."""

    words: str
    phrases: tuple[str, ...]
    without: tuple[str, ...]

    @property
    def sought(self) -> str:
        """All that counts for the ranking."""
        return " ".join([self.words, *self.phrases]).strip()


def parse(text: str) -> Query:
    """Read a query.

    Parameters
    ----------
    text : str
        As typed. A phrase stands in straight, curly or corner quotes; a minus before a word or a phrase
        leaves out.

    Returns
    -------
    Query
        Nothing in it where nothing was asked.

    Examples
    --------
    >>> parse('退款 "银行卡" -支付宝 wi-fi')
    Query(words='退款 wi-fi', phrases=('银行卡',), without=('支付宝',))
    """
    text = text[:LONGEST]
    phrases: list[str] = []
    without: list[str] = []
    for found in _QUOTED.finditer(text):
        phrase = found["phrase"].strip()
        if phrase:
            (without if found["minus"] else phrases).append(phrase)
    words = []
    for word in _QUOTED.sub(" ", text).split():
        if len(word) > 1 and word[0] in "-−－":
            without.append(word[1:])
        else:
            words.append(word)
    return Query(" ".join(words), tuple(phrases), tuple(without))
