"""Why a customer felt so: reasons named by keywords, each with the polarity of the clauses that name it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Bools, Floats, Ints
from voiceloop.analytics.text.phrases import Hits, Phrases, longest
from voiceloop.analytics.text.sentiment import Scores
from voiceloop.analytics.text.taxonomy import taxonomy

# Share of the whole comment's score in a reason's: little where clauses disagree, much where they agree
# (measured on restaurant and cosmetics reviews; the best lay between .25 and .5 and between 1 and 2).
LAMBDA_MIXED, LAMBDA_AGREED = 0.25, 1.0
# A score nearer to zero than this is neither praise nor complaint; a threshold that we chose.
NEUTRAL = 0.25


class Found(NamedTuple):
    """Reasons named in a batch: one entry per text and reason, sorted by text.

    ``reason`` indexes `taxonomy`; ``polarity`` is -1, 0 or 1; ``score`` is the sum behind it.
    """

    row: Ints
    reason: Ints
    polarity: Ints
    score: Floats


class _Words(NamedTuple):
    table: Phrases
    # member[p, r]: phrase p is a keyword of reason r.
    member: Bools


@cache
def _words() -> _Words:
    reasons = taxonomy()
    phrases = list(
        dict.fromkeys(word for reason in reasons for word in (*reason.keywords, *reason.lookalikes))
    )
    place = {phrase: number for number, phrase in enumerate(phrases)}
    member = np.zeros((len(phrases), len(reasons)), np.bool_)
    for number, reason in enumerate(reasons):
        member[[place[word] for word in reason.keywords], number] = True
    return _Words(Phrases(phrases), member)


def mentions(batch: Batch) -> tuple[Hits, Ints]:
    """Return every keyword found and, for each, the number of its reason; a word of two reasons stands twice.

    Parameters
    ----------
    batch : Batch
        Folded texts.

    Returns
    -------
    hits : Hits
        Sorted by position.
    reason : ndarray of int
        Index into `taxonomy` for each hit.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> hits, reason = mentions(lay_out(["快递太慢"]))
    >>> [taxonomy()[number].code for number in reason.tolist()]
    ['delivery']
    """
    words = _words()
    hits = longest(words.table.find(batch.codes), len(batch.codes))
    at, reason = np.nonzero(words.member[hits.phrase])
    return Hits(hits.start[at], hits.end[at], hits.phrase[at]), reason


def reasons(batch: Batch, scores: Scores) -> Found:
    """Return the reasons each text names, with polarity = clause score + λ · score of the whole text.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    scores : Scores
        Of the same batch.

    Returns
    -------
    Found
        λ is larger where the clauses of a text agree; a text of many clauses keeps each reason's own.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> from voiceloop.analytics.text.sentiment import score
    >>> batch = lay_out(["味道很好，但是快递太慢"])
    >>> found = reasons(batch, score(batch))
    >>> {taxonomy()[r].code: p for r, p in zip(found.reason.tolist(), found.polarity.tolist())}
    {'delivery': -1, 'food_quality': 1}
    """
    hits, reason = mentions(batch)
    n_reasons = len(taxonomy())
    n_clauses = int(scores.clause[-1]) + 1 if len(scores.clause) else 0
    said = _said(batch, scores, n_clauses)
    # Each clause counts once for a reason however many of its keywords it holds.
    pairs = np.unique(scores.clause[hits.start] * n_reasons + reason)
    clause, of = pairs // n_reasons, pairs % n_reasons
    first = np.searchsorted(scores.clause, clause)
    keys, place = np.unique(batch.row[first] * n_reasons + of, return_inverse=True)
    own = np.asarray(np.bincount(place, said[clause], len(keys)), dtype=np.float64)
    row = keys // n_reasons
    score = own + _share(said, scores.clause, batch)[row] * scores.score[row]
    polarity = np.where(np.abs(score) < NEUTRAL, 0, np.sign(score)).astype(np.int64)
    return Found(row, keys % n_reasons, polarity, score)


def _said(batch: Batch, scores: Scores, n_clauses: int) -> Floats:
    """What the phrases of each clause say. The whole score shrinks a phrase among many; a clause has few."""
    spoken = scores.phrases.start
    row = batch.row[spoken]
    whole = scores.phrase_parts * np.sqrt(np.bincount(row, minlength=batch.size))[row]
    return np.asarray(np.bincount(scores.clause[spoken], whole, n_clauses), dtype=np.float64)


def _share(said: Floats, clause: Ints, batch: Batch) -> Floats:
    """λ for each text, by whether its clauses take both sides."""
    row = batch.row[np.searchsorted(clause, np.arange(len(said)))]
    praise = np.bincount(row[said > NEUTRAL], minlength=batch.size) > 0
    complaint = np.bincount(row[said < -NEUTRAL], minlength=batch.size) > 0
    return np.where(praise & complaint, LAMBDA_MIXED, LAMBDA_AGREED)
