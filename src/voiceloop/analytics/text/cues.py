"""Words that point to an emotion, an urgent matter, a wish: found along with the keywords of reasons."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Bools, Floats, Ints
from voiceloop.analytics.text.phrases import Hits, Phrases, longest
from voiceloop.analytics.text.taxonomy import Taxonomy, taxonomy, words


class Cues(NamedTuple):
    """Cue words found: where, of which kind (index into `kinds`), with which weight."""

    start: Ints
    end: Ints
    kind: Ints
    weight: Floats

    def of(self, kind: str) -> Cues:
        """Those of one kind."""
        mask = self.kind == kinds().index(kind)
        return Cues(self.start[mask], self.end[mask], self.kind[mask], self.weight[mask])


class Reading(NamedTuple):
    """Keywords of reasons (a word of two reasons stands twice) and cue words of a batch."""

    keywords: Hits
    reason: Ints
    cues: Cues


class _Vocabulary(NamedTuple):
    table: Phrases
    # weight[p, k]: what phrase p says of kind k; member[p, r]: phrase p is a keyword of reason r.
    weight: Floats
    member: Bools
    is_cue: Bools
    is_keyword: Bools


@cache
def _lists() -> dict[str, dict[str, float]]:
    data = tomllib.loads(files(__package__).joinpath("cues.toml").read_text("utf-8"))
    return {
        kind: {
            word: 0.0 if weight == "none" else float(weight)
            for weight, line in groups.items()
            for word in words(line)
        }
        for kind, groups in data.items()
    }


@cache
def kinds() -> tuple[str, ...]:
    """Return the kinds of cues.

    Examples
    --------
    >>> "angry" in kinds()
    True
    """
    return tuple(_lists())


@lru_cache(maxsize=4)
def _vocabulary(reasons: Taxonomy) -> _Vocabulary:
    keywords = {word for reason in reasons for word in (*reason.keywords, *reason.lookalikes)}
    cues = {word for group in _lists().values() for word in group}
    phrases = tuple(dict.fromkeys((*sorted(keywords), *sorted(cues))))
    place = {phrase: number for number, phrase in enumerate(phrases)}
    weight = np.zeros((len(phrases), len(kinds())))
    for kind, group in enumerate(_lists().values()):
        weight[[place[word] for word in group], kind] = list(group.values())
    member = np.zeros((len(phrases), len(reasons)), np.bool_)
    for number, reason in enumerate(reasons):
        member[[place[word] for word in reason.keywords], number] = True
    return _Vocabulary(
        Phrases(phrases),
        weight,
        member,
        np.array([phrase in cues for phrase in phrases]),
        np.array([phrase in keywords for phrase in phrases]),
    )


def read(batch: Batch, reasons: Taxonomy | None = None) -> Reading:
    """Find the keywords of ``reasons`` and all cue words in one pass over ``batch``.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    reasons : Taxonomy, optional
        The shipped one unless given.

    Returns
    -------
    Reading
        Sorted by position; among keywords, and among cues, a longer phrase hides those it overlaps.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> found = read(lay_out(["快递太慢，气死我了"]))
    >>> [taxonomy()[number].code for number in found.reason.tolist()], len(found.cues.of("angry").start)
    (['delivery'], 1)
    """
    known = _vocabulary(reasons or taxonomy())
    hits = known.table.find(batch.codes)
    named = longest(hits.keep(known.is_keyword[hits.phrase]), len(batch.codes))
    at, reason = np.nonzero(known.member[named.phrase])
    keywords = Hits(named.start[at], named.end[at], named.phrase[at])
    return Reading(keywords, reason, _cues(known, hits, len(batch.codes)))


def readable(
    batch: Batch, row: int, text: str, low: int = 0, high: int = 2000, *, digits: bool = False
) -> str:
    """Return characters ``low`` to ``high`` of one text, folded as matching sees it.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    row : int
        Number of the text.
    text : str
        That text.
    low, high : int
        Patterns are not run over a megabyte.
    digits : bool
        Whether it keeps its own digits.

    Returns
    -------
    str
        Character for character, so that a span of it is a span of ``text[low:high]``.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> readable(lay_out(["打12315投訴"]), 0, "打12315投訴", digits=True)
    '打12315投诉'
    """
    begin = int(batch.starts[row])
    part = batch.codes[begin + low : min(begin + high, int(batch.ends[row]))]
    shown = part.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    if not digits or "0" not in shown:
        return shown
    return "".join(
        own if letter == "0" and own.isascii() else letter
        for letter, own in zip(shown, text[low:high], strict=True)
    )


def _cues(known: _Vocabulary, hits: Hits, n_codes: int) -> Cues:
    found = longest(hits.keep(known.is_cue[hits.phrase]), n_codes)
    weight = known.weight[found.phrase]
    at, kind = np.nonzero(weight != 0)
    return Cues(found.start[at], found.end[at], kind, weight[at, kind])
