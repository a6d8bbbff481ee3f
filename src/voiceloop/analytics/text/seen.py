"""One batch of comments as every part of the analysis sees it: laid out, scored, cut into clauses, read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Bools, Floats, Ints, lay_out
from voiceloop.analytics.text.cues import Cues, Reading, read
from voiceloop.analytics.text.sentiment import Model, Scores, score
from voiceloop.analytics.text.taxonomy import Taxonomy

# A clause that says less complains, one that says more praises, a comment of this chance does as a whole;
# thresholds that we chose.
COMPLAINT, PRAISE, CLEAR, COMPARED = -0.25, 0.5, 0.5, 1.5


class Seen(NamedTuple):
    """Texts, their layout and scores, the words found in them, and what each clause says in log-odds."""

    texts: list[str]
    batch: Batch
    scores: Scores
    reading: Reading
    said: Floats

    @property
    def cues(self) -> Cues:
        """The cue words found."""
        return self.reading.cues


def look(
    texts: list[str], model: Model | None = None, known: Taxonomy | None = None, parts: bool = False
) -> Seen:
    """Lay out, score and read ``texts``.

    Parameters
    ----------
    texts : list of str
        Comments of one chunk.
    model : Model, optional
        The shipped one unless given.
    known : Taxonomy, optional
        The shipped one unless given.
    parts : bool
        Whether the scores keep what each character adds, for evidence.

    Returns
    -------
    Seen
        What the parts of the analysis ask for.

    Examples
    --------
    >>> seen = look(["味道很好，但是快递太慢"])
    >>> (seen.said > 0).tolist()
    [True, False]
    """
    batch = lay_out(texts)
    scores = score(batch, model, parts=parts)
    seen = Seen(texts, batch, scores, read(batch, known), clause_scores(batch, scores))
    return seen._replace(said=_compared(seen))


def clause_scores(batch: Batch, scores: Scores) -> Floats:
    """Return what the phrases of each clause say.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    scores : Scores
        Of the same batch.

    Returns
    -------
    ndarray of float, shape (clauses,)
        Log-odds. The whole score shrinks a phrase among many; a clause has few, so that is undone.

    Examples
    --------
    >>> batch = lay_out(["很好，太差"])
    >>> (clause_scores(batch, score(batch)) > 0).tolist()
    [True, False]
    """
    n_clauses = int(scores.clause[-1]) + 1 if len(scores.clause) else 0
    spoken = scores.phrases.start
    row = batch.row[spoken]
    whole = scores.phrase_parts * np.sqrt(np.bincount(row, minlength=batch.size))[row]
    return np.asarray(np.bincount(scores.clause[spoken], whole, n_clauses), dtype=np.float64)


def _compared(seen: Seen) -> Floats:
    """What each clause says when it compares with before: "以前比现在好" is no praise of now."""
    said = seen.said.copy()
    for kind, least in (("worse_than_before", -COMPARED), ("better_than_before", COMPARED)):
        cues = seen.cues.of(kind)
        clause = seen.scores.clause[cues.start]
        said[clause] = np.minimum(said[clause], least) if least < 0 else np.maximum(said[clause], least)
    return said


def negated(seen: Seen, cues: Cues, by: str = "negator") -> Bools:
    """Tell for each of ``cues`` if a negator (or another cue ``by``) stands just before it in its clause.

    Examples
    --------
    >>> seen = look(["没有很失望", "失望"])
    >>> negated(seen, seen.cues.of("disappointed")).tolist()
    [True, False]
    """
    turning, clause = seen.cues.of(by), seen.scores.clause
    if not len(turning.start):
        return np.zeros(len(cues.start), np.bool_)
    before = np.searchsorted(turning.start, cues.start) - 1
    near = np.maximum(before, 0)
    gap = cues.start - turning.end[near]
    reach = np.where(seen.batch.codes[cues.start] < 0x250, 12, 3)
    same = clause[turning.start[near]] == clause[cues.start]
    return np.asarray((before >= 0) & (gap >= 0) & (gap <= reach) & same)


def in_complaint(seen: Seen, cues: Cues) -> Bools:
    """Tell for each of ``cues`` if its clause complains, or its comment does and the clause is no praise.

    Examples
    --------
    >>> seen = look(["吃完食物中毒，太差了", "从来没有中毒，很好"])
    >>> in_complaint(seen, seen.cues.of("safety")).tolist()
    [True, False]
    """
    if not len(cues.start):
        return np.zeros(0, np.bool_)
    said = seen.said[seen.scores.clause[cues.start]]
    whole = seen.scores.probability[seen.batch.row[cues.start], 0] >= CLEAR
    return np.asarray((said < COMPLAINT) | (whole & (said < PRAISE)))


def untrue(seen: Seen, cues: Cues) -> Bools:
    """Tell for each of ``cues`` whether what it names did not happen: negated, feared or nearly so.

    Examples
    --------
    >>> seen = look(["差点摔伤", "摔伤了"])
    >>> untrue(seen, seen.cues.of("grave")).tolist()
    [True, False]
    """
    return negated(seen, cues) | negated(seen, cues, "feared")


def unpraised(seen: Seen, cues: Cues) -> Bools:
    """Tell for each of ``cues`` whether its clause is no praise.

    Examples
    --------
    >>> seen = look(["充电宝起火了", "起火很快，很好用"])
    >>> unpraised(seen, seen.cues.of("safety")).tolist()
    [True, False]
    """
    if not len(cues.start):
        return np.zeros(0, np.bool_)
    return np.asarray(seen.said[seen.scores.clause[cues.start]] < PRAISE)


def complaining(seen: Seen) -> Bools:
    """Tell for each text whether it is negative as a whole or in a clause.

    Examples
    --------
    >>> complaining(look(["很好", "味道好，但是太慢了"])).tolist()
    [False, True]
    """
    clause = np.flatnonzero(seen.said < 2 * COMPLAINT)
    row: Ints = seen.batch.row[np.searchsorted(seen.scores.clause, clause)]
    here = np.bincount(row, minlength=seen.batch.size) > 0
    return np.asarray(here | (seen.scores.probability[:, 0] >= CLEAR))
