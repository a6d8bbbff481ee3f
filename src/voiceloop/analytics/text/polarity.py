"""What the lexicon says in a batch: each phrase's contribution after negation, degree and turn of thought."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Bools, Floats, Ints
from voiceloop.analytics.text.lexicon import lexicon
from voiceloop.analytics.text.phrases import LETTER, Hits, Phrases

# Thresholds that we chose: reach of a negator in characters, what a praise or a complaint turned round keeps.
REACH_HAN, REACH_LATIN = 3, 16
TURNED_PRAISE, TURNED_COMPLAINT = -0.9, -0.45
BEFORE_CONTRAST = 0.8


class Contributions(NamedTuple):
    """What polar phrases add: the span with its negators and degree words, the weight as it counts."""

    start: Ints
    end: Ints
    value: Floats


class _Roles(NamedTuple):
    weight: Floats
    negates: Bools
    degree: Floats
    turn: Floats


@cache
def _table() -> tuple[Phrases, _Roles]:
    entries = list(lexicon().values())
    roles = _Roles(
        np.array([entry.weight for entry in entries]),
        np.array([entry.negates for entry in entries]),
        np.array([entry.degree for entry in entries]),
        np.array([entry.turn for entry in entries]),
    )
    return Phrases(entry.phrase for entry in entries), roles


def contributions(batch: Batch, clause: Ints) -> Contributions:
    """Return what every polar phrase of ``batch`` contributes, in log-odds.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    clause : ndarray of int, shape (characters,)
        The clause of each character; neither negation nor degree reaches over a clause.

    Returns
    -------
    Contributions
        Sorted by position; one for each polar phrase that no longer phrase hides.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> batch = lay_out(["不是不好", "满意", "不太满意"])
    >>> (contributions(batch, batch.row).value > 0).tolist()
    [True, True, False]
    """
    table, roles = _table()
    hits = table.longest(batch.codes)
    role = _Roles(
        roles.weight[hits.phrase],
        roles.negates[hits.phrase],
        roles.degree[hits.phrase],
        roles.turn[hits.phrase],
    )
    polar = np.flatnonzero(role.weight != 0)
    value, first = _modified(batch, hits, role, clause, polar)
    value *= _emphasis(batch, hits, role, clause)[clause[hits.start[polar]]]
    spent = _spent(first, polar, len(hits.start)) & role.negates[polar]
    return Contributions(hits.start[first][~spent], hits.end[polar][~spent], value[~spent])


def covered(batch: Batch, found: Contributions) -> Ints:
    """Return for each character the number of the contribution that covers it, counted from 1; 0 for none.

    Parameters
    ----------
    batch : Batch
        Folded texts.
    found : Contributions
        Of the same batch.

    Returns
    -------
    ndarray of int, shape (characters,)
        Where two share a negator, the later one.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> batch = lay_out(["真满意"])
    >>> covered(batch, contributions(batch, batch.row)).tolist()
    [1, 1, 1, 0]
    """
    cover = np.zeros(len(batch.codes), np.int64)
    length = found.end - found.start
    number = np.repeat(np.arange(1, len(length) + 1), length)
    offset = np.arange(len(number)) - np.repeat(np.cumsum(length) - length, length)
    cover[np.repeat(found.start, length) + offset] = number
    return cover


def _modified(batch: Batch, hits: Hits, role: _Roles, clause: Ints, polar: Ints) -> tuple[Floats, Ints]:
    """Weights of the polar hits after up to three words before them, and the first of those words."""
    degree, negations = np.ones(len(polar)), np.zeros(len(polar), np.int64)
    first, modifies = polar.copy(), role.negates | (role.degree != 1.0)
    # Places in `polar` whose words before them may still modify them; few have one, hardly any a second.
    on = np.arange(len(polar))
    for step in (1, 2, 3):
        on = on[polar[on] >= step]
        on = on[modifies[polar[on] - step]]
        before, start = polar[on] - step, hits.start[polar[on]]
        reach = np.where(LETTER[batch.codes[start]], REACH_LATIN, REACH_HAN)
        near = hits.start[before + 1] - hits.end[before] <= reach
        kept = near & (clause[hits.start[before]] == clause[start])
        on, before = on[kept], before[kept]
        negations[on] += role.negates[before]
        degree[on] *= role.degree[before]
        first[on] = before
    weight = role.weight[polar]
    # A negated degree says less, not more: "不是非常好" is no worse than "不好".
    turned = weight * np.where(weight > 0, TURNED_PRAISE, TURNED_COMPLAINT)
    once = np.where(negations % 2 == 1, turned, weight * degree)
    return np.where((negations > 0) & (negations % 2 == 0), 0.6 * weight * _sign(weight), once), first


def _sign(weight: Floats) -> Floats:
    """Twice negated: "不是不好" grants a little, so a complaint turned twice counts for less than it said."""
    return np.where(weight > 0, 1.0, 0.5)


def _emphasis(batch: Batch, hits: Hits, role: _Roles, clause: Ints) -> Floats:
    """Weight of each clause: more after a contrast or a summing-up, less before a contrast."""
    emphasis = np.ones(int(clause[-1]) + 2 if len(clause) else 1)
    begins = np.concatenate([[0], np.flatnonzero(clause[1:] != clause[:-1]) + 1])
    opening = begins[clause[hits.start]]
    turns = (role.turn != 1.0) & (hits.start - opening <= 1)
    which = clause[hits.start[turns]]
    emphasis[which] = role.turn[turns]
    # The clause before it is its own text's only when the text does not begin here.
    inside = (role.turn[turns] == 1.5) & (batch.starts[batch.row[hits.start[turns]]] < opening[turns])
    emphasis[which[inside] - 1] *= BEFORE_CONTRAST
    return emphasis


def _spent(first: Ints, polar: Ints, n_hits: int) -> Bools:
    """Polar hits that served as the negator of a later one and must not count for themselves too."""
    depth = np.zeros(n_hits + 1, np.int64)
    np.add.at(depth, first, 1)
    np.add.at(depth, polar, -1)
    return np.cumsum(depth)[polar] > 0
