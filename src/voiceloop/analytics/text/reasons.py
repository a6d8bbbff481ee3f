"""Why a customer felt so: reasons named by keywords, each with the polarity of the clauses that name it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np

from voiceloop.analytics.text.batch import Batch, Floats, Ints
from voiceloop.analytics.text.cues import read
from voiceloop.analytics.text.phrases import Hits
from voiceloop.analytics.text.seen import Seen, clause_scores
from voiceloop.analytics.text.sentiment import Scores
from voiceloop.analytics.text.taxonomy import Taxonomy

# Share of the whole comment's score in a reason's: little where clauses disagree, much where they agree
# (measured on restaurant and cosmetics reviews; the best lay between .25 and .5 and between 1 and 2).
LAMBDA_MIXED, LAMBDA_AGREED = 0.25, 1.0
# A score nearer to zero than this is neither praise nor complaint; a threshold that we chose.
NEUTRAL = 0.25


# Start, end, words, weight: the fields of `evidence.Evidence`, which is made from mentions.
Span = tuple[int, int, str, float]


class Found(NamedTuple):
    """Reasons named in a batch: one entry per text and reason, sorted by text.

    ``reason`` is its number in the taxonomy; ``polarity`` is -1, 0 or 1; ``score`` is the sum behind it.
    """

    row: Ints
    reason: Ints
    polarity: Ints
    score: Floats


class Mentions(NamedTuple):
    """Where reasons are named: spans in the batch, and the chance that a head gave where one was asked.

    ``probability`` is NaN for a mention by a keyword of a reason without a head.
    """

    start: Ints
    end: Ints
    reason: Ints
    probability: Floats


class Heads(Protocol):
    """Learned heads, as `heads.fit_heads` makes them: they say which mentions count, and find more."""

    @property
    def version(self) -> str:
        """Changes with every fit."""

    def decide(self, seen: Seen, words: Mentions, known: Taxonomy) -> Mentions:
        """Return the mentions of ``seen``, given those by keyword; sorted by start."""

    def weigh(self, seen: Seen, told: Mentions, found: Found) -> Found:
        """Return ``found`` with sides that the heads know better."""


class Named(NamedTuple):
    """The reasons of a batch and the mentions behind them."""

    found: Found
    mentions: Mentions

    def rows(self, seen: Seen) -> Iterator[tuple[int, int, int, float | None]]:
        """Yield text, reason, polarity and a head's chance that it is named (None without a head)."""
        told = self.mentions
        keys = list(zip(self.found.row.tolist(), self.found.reason.tolist(), strict=True))
        sure = np.flatnonzero(~np.isnan(told.probability))
        where = zip(seen.batch.row[told.start[sure]].tolist(), told.reason[sure].tolist(), strict=True)
        chance = dict(zip(where, told.probability[sure].tolist(), strict=True))
        for key, polarity in zip(keys, self.found.polarity.tolist(), strict=True):
            yield *key, polarity, chance.get(key)

    def words(self, seen: Seen) -> dict[tuple[int, int], list[Span]]:
        """Return the words that name each reason, by text and reason."""
        told = self.mentions
        rows = seen.batch.row[told.start]
        start, end = told.start - seen.batch.starts[rows], told.end - seen.batch.starts[rows]
        spans: dict[tuple[int, int], list[Span]] = {}
        for row, of, first, last in zip(
            rows.tolist(), told.reason.tolist(), start.tolist(), end.tolist(), strict=True
        ):
            spans.setdefault((row, of), []).append((first, last, seen.texts[row][first:last], 1.0))
        return spans


def reasons_of(seen: Seen, known: Taxonomy, heads: Heads | None = None) -> Named:
    """Return the reasons that each text names by its words, and by learned heads where there are some.

    Parameters
    ----------
    seen : Seen
        A batch, read with ``known``.
    known : Taxonomy
        The reasons.
    heads : Heads, optional
        Learned heads.

    Returns
    -------
    Named
        Reasons with polarity, and the mentions behind them.

    Examples
    --------
    >>> from voiceloop.analytics.text.seen import look
    >>> from voiceloop.analytics.text.taxonomy import taxonomy
    >>> seen = look(["快递太慢"])
    >>> named = reasons_of(seen, taxonomy())
    >>> [(taxonomy()[reason].code, polarity) for row, reason, polarity, chance in named.rows(seen)]
    [('delivery', -1)]
    """
    words = seen.reading.keywords
    told = Mentions(words.start, words.end, seen.reading.reason, np.full(len(words.start), np.nan))
    if heads is not None:
        told = heads.decide(seen, told, known)
    found = weighed(seen.batch, seen.scores, seen.scores.clause[told.start], told.reason, seen.said)
    return Named(heads.weigh(seen, told, found) if heads is not None else found, told)


def mentions(batch: Batch, known: Taxonomy | None = None) -> tuple[Hits, Ints]:
    """Return every keyword found and, for each, the number of its reason; a word of two reasons stands twice.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    known : Taxonomy, optional
        The shipped one unless given.

    Returns
    -------
    hits : Hits
        Sorted by position.
    reason : ndarray of int
        Number of the reason of each hit in the taxonomy.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> from voiceloop.analytics.text.taxonomy import taxonomy
    >>> hits, reason = mentions(lay_out(["快递太慢"]))
    >>> [taxonomy()[number].code for number in reason.tolist()]
    ['delivery']
    """
    found = read(batch, known)
    return found.keywords, found.reason


def reasons(batch: Batch, scores: Scores, known: Taxonomy | None = None) -> Found:
    """Return the reasons each text names, with polarity = clause score + λ · score of the whole text.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    scores : Scores
        Of the same batch.
    known : Taxonomy, optional
        The shipped one unless given.

    Returns
    -------
    Found
        λ is larger where the clauses of a text agree; a text of many clauses keeps each reason's own.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> from voiceloop.analytics.text.sentiment import score
    >>> from voiceloop.analytics.text.taxonomy import taxonomy
    >>> batch = lay_out(["味道很好，但是快递太慢"])
    >>> found = reasons(batch, score(batch))
    >>> {taxonomy()[r].code: p for r, p in zip(found.reason.tolist(), found.polarity.tolist())}
    {'delivery': -1, 'food_quality': 1}
    """
    hits, reason = mentions(batch, known)
    return weighed(batch, scores, scores.clause[hits.start], reason, clause_scores(batch, scores))


def weighed(batch: Batch, scores: Scores, clause: Ints, reason: Ints, said: Floats) -> Found:
    """Return the reasons of each text from the clauses that name them.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    scores : Scores
        Of the same batch.
    clause, reason : ndarray of int
        The mentions: number of the clause, number of the reason.
    said : ndarray of float, shape (clauses,)
        As `clause_scores` gives it.

    Returns
    -------
    Found
        One entry per text and reason.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> from voiceloop.analytics.text.sentiment import score
    >>> batch = lay_out(["味道很好"])
    >>> scores = score(batch)
    >>> weighed(batch, scores, np.array([0]), np.array([4]), clause_scores(batch, scores)).polarity.tolist()
    [1]
    """
    n_reasons = int(reason.max()) + 1 if len(reason) else 1
    # Each clause counts once for a reason however many of its keywords it holds.
    pairs = np.unique(clause * n_reasons + reason)
    clause, of = pairs // n_reasons, pairs % n_reasons
    first = np.searchsorted(scores.clause, clause)
    keys, place = np.unique(batch.row[first] * n_reasons + of, return_inverse=True)
    own = np.asarray(np.bincount(place, said[clause], len(keys)), dtype=np.float64)
    row = keys // n_reasons
    score = own + _share(said, scores.clause, batch)[row] * scores.score[row]
    return Found(row, keys % n_reasons, _side(score), score)


def weighed_side(seen: Seen, row: Ints, own: Floats) -> Ints:
    """Return the side that the rule gives a reason of text ``row`` whose clauses sum to ``own``.

    Examples
    --------
    >>> from voiceloop.analytics.text.seen import look
    >>> weighed_side(look(["很好"]), np.array([0]), np.array([1.0])).tolist()
    [1]
    """
    share = _share(seen.said, seen.scores.clause, seen.batch)[row]
    return _side(own + share * seen.scores.score[row])


def _side(score: Floats) -> Ints:
    return np.where(np.abs(score) < NEUTRAL, 0, np.sign(score)).astype(np.int64)


def _share(said: Floats, clause: Ints, batch: Batch) -> Floats:
    """λ for each text, by whether its clauses take both sides."""
    row = batch.row[np.searchsorted(clause, np.arange(len(said)))]
    praise = np.bincount(row[said > NEUTRAL], minlength=batch.size) > 0
    complaint = np.bincount(row[said < -NEUTRAL], minlength=batch.size) > 0
    return np.where(praise & complaint, LAMBDA_MIXED, LAMBDA_AGREED)
