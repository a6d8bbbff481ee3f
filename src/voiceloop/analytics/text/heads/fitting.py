"""Learning heads from comments whose reasons people gave, and deciding which of them take over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Bools, Floats, Ints
from voiceloop.analytics.text.heads.linear import best_cut, crossed_cut, f1_score, learn
from voiceloop.analytics.text.heads.model import Head, LearnedHeads
from voiceloop.analytics.text.heads.rows import (
    WORDS,
    Occurrences,
    known_buckets,
    matrix,
    named,
    occurrences,
    slots,
)
from voiceloop.analytics.text.heads.sides import Sides, learn_sides, pairs
from voiceloop.analytics.text.reasons import weighed_side
from voiceloop.analytics.text.seen import Seen, look
from voiceloop.analytics.text.taxonomy import Taxonomy
from voiceloop.analytics.text.taxonomy import taxonomy as shipped

SEED = 20261122
FOLDS = 5
# A head needs this many texts that name its reason and as many that do not; a threshold that we chose.
LEAST = 8


class HeadsFit(NamedTuple):
    """Heads and how they compare, cross-validated, with the words of the taxonomy.

    ``macro_f1`` is that of the reasons in ``heads.heads`` when each is answered by whichever is better;
    ``rule_macro_f1`` that of the words alone.
    """

    heads: LearnedHeads
    n: int
    rule_macro_f1: float
    macro_f1: float


class _Table(NamedTuple):
    """Texts as rows, what their words name, what is right, and where that is known."""

    rows: Any
    words: Bools
    truth: Bools
    given: Bools
    buckets: Ints
    seen: Seen
    found: Occurrences


class _Learned(NamedTuple):
    head: Head
    columns: Floats
    line: tuple[float, float, float, float]


def fit_heads(
    texts: Sequence[str],
    reason_sets: Sequence[Collection[str]],
    taxonomy: Taxonomy | None = None,
    seed: int = SEED,
) -> HeadsFit:
    """Learn one head for each reason that enough texts name.

    Parameters
    ----------
    texts : sequence of str
        Comments that people labelled.
    reason_sets : sequence of collections of str
        Codes of the reasons that each comment names, empty where it names none; a mapping gives the side of
        each (-1, 0 or 1) too, from which the side of reasons is learned.
    taxonomy : Taxonomy, optional
        The shipped one unless given. Examples of its reasons are learned from too.
    seed : int
        Draws the folds.

    Returns
    -------
    HeadsFit
        A head takes over where its cross-validated F1, with its threshold chosen on other folds, beats that
        of the words.

    Raises
    ------
    AnalyticsError
        When the two sequences differ in length, a code is unknown, or no reason has enough texts.

    Examples
    --------
    >>> texts = ["等了很久", "味道不错", "排队太久", "菜很好吃"] * 10
    >>> fitted = fit_heads(texts, [{"waiting"}, {"food_quality"}] * 20)
    >>> fitted.macro_f1
    1.0
    """
    known = taxonomy or shipped()
    table = _table(list(texts), [set(codes) for codes in reason_sets], known)
    fold = np.random.default_rng(seed).permutation(len(table.truth)) % FOLDS
    wanted = [number for number in range(len(known)) if _enough(table, number)]
    if not wanted:
        raise AnalyticsError(
            f"No reason is named by {LEAST} texts or more and left out by as many.",
            f"没有任何原因既在至少 {LEAST} 条评论中出现、又在至少 {LEAST} 条中不出现。",
        )
    full = _with_words(table)
    learned = [_head(table, full, number, fold, known[number].code) for number in wanted]
    n_known = len(table.buckets)
    columns = np.stack([one.columns for one in learned], axis=1)
    heads = tuple(one.head for one in learned)
    return HeadsFit(
        LearnedHeads(
            known.codes,
            heads,
            table.buckets,
            columns[:n_known].astype(np.float32).astype(np.float64),
            columns[n_known:],
            np.array([one.line for one in learned]).T,
            _sides(table, reason_sets, known, fold),
        ),
        len(texts),
        float(np.mean([head.rule_f1 for head in heads])),
        float(np.mean([head.head_f1 if head.took_over else head.rule_f1 for head in heads])),
    )


def _table(texts: list[str], reason_sets: list[set[str]], known: Taxonomy) -> _Table:
    _check(texts, reason_sets, known)
    n = len(texts)
    examples = [(text, number) for number, reason in enumerate(known) for text in reason.examples]
    seen = look([*texts, *(text for text, _ in examples)], None, known)
    buckets = known_buckets(seen.batch)
    found = occurrences(seen.batch, slots(buckets))
    size = seen.batch.size
    truth = np.zeros((size, len(known)), np.bool_)
    given = np.ones((size, len(known)), np.bool_)
    for row, codes in enumerate(reason_sets):
        truth[row, [known.codes.index(code) for code in codes]] = True
    # An example says what it names, and nothing of other reasons.
    given[n:] = False
    for row, (_, number) in enumerate(examples, start=n):
        truth[row, number] = given[row, number] = True
    words = named(seen.batch.row[seen.reading.keywords.start], seen.reading.reason, size, len(known))
    rows = matrix(seen.batch.row[found.at], found.number, size, len(buckets))
    return _Table(rows, words, truth, given, buckets, seen, found)


def _check(texts: list[str], reason_sets: list[set[str]], known: Taxonomy) -> None:
    if len(texts) != len(reason_sets):
        raise AnalyticsError("Every text needs its own set of reasons.", "每条评论都需要对应的一组原因。")
    unknown = sorted({code for codes in reason_sets for code in codes} - set(known.codes))
    if unknown:
        raise AnalyticsError(f"Unknown reasons: {unknown}.", f"未知的原因：{unknown}。")


def _enough(table: _Table, number: int) -> bool:
    truth = table.truth[table.given[:, number], number]
    return bool(min(truth.sum(), (~truth).sum()) >= LEAST)


def _with_words(table: _Table) -> Any:
    from scipy.sparse import csr_matrix, hstack

    return hstack([table.rows, csr_matrix(table.words * WORDS)]).tocsr()


def _head(table: _Table, full: Any, number: int, fold: Ints, code: str) -> _Learned:
    here = np.flatnonzero(table.given[:, number])
    rows, truth, fold = full[here], table.truth[here, number], fold[here]
    score = np.zeros(len(here))
    for held in range(FOLDS):
        others = fold != held
        if truth[others].any() and not truth[others].all():
            found = learn(rows[others], truth[others])
            score[~others] = rows[~others] @ found.columns + found.bias
    words = f1_score(table.words[here, number], truth)
    own = f1_score(crossed_cut(score, truth, fold), truth)
    slope, offset, error = _chance(score, truth)
    whole = learn(rows, truth)
    head = Head(code, int(truth.sum()), words, own, own > words, error)
    return _Learned(head, whole.columns, (whole.bias, best_cut(score, truth).threshold, slope, offset))


def _sides(
    table: _Table, reason_sets: Sequence[Collection[str]], known: Taxonomy, fold: Ints
) -> Sides | None:
    """The side of reasons, learned from the clauses that name them, or the whole text where no word does."""
    given = [
        (row, known.codes.index(code), side)
        for row, codes in enumerate(reason_sets)
        if isinstance(codes, Mapping)
        for code, side in codes.items()
    ]
    if len(given) < FOLDS * LEAST:
        return None
    row, reason, side = np.array(given).T
    clause, pair = _clauses(table, row, reason)
    found = pairs(table.seen, table.found, pair, clause, len(row), len(table.buckets))
    own = np.asarray(np.bincount(pair, table.seen.said[clause], len(row)), np.float64)
    rule = weighed_side(table.seen, row, own)
    return learn_sides(found, side, rule, fold[row])


def _clauses(table: _Table, row: Ints, reason: Ints) -> tuple[Ints, Ints]:
    """Clauses of each pair: number of the clause, number of the pair."""
    seen, n = table.seen, len(table.words[0])
    words = seen.reading.keywords
    order = np.argsort(row * n + reason, kind="stable")
    key = (row * n + reason)[order]
    mine = seen.batch.row[words.start] * n + seen.reading.reason
    place = np.minimum(np.searchsorted(key, mine), len(key) - 1)
    hit = key[place] == mine
    bare = np.flatnonzero(~table.words[row, reason])
    first, last = (
        seen.scores.clause[seen.batch.starts[row[bare]]],
        seen.scores.clause[seen.batch.ends[row[bare]]],
    )
    length = last - first + 1
    rest = np.repeat(first - np.cumsum(length) + length, length) + np.arange(int(length.sum()))
    clause = np.concatenate([seen.scores.clause[words.start[hit]], rest])
    return clause, np.concatenate([order[place[hit]], np.repeat(bare, length)])


def _chance(score: Floats, truth: Bools) -> tuple[float, float, float]:
    """Slope and offset of the chance (Platt 1999), and its expected calibration error over ten bins."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e3).fit(score[:, None], truth)
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    chance = 1 / (1 + np.exp(-np.clip(score * slope + offset, -30, 30)))
    place = np.minimum((chance * 10).astype(np.int64), 9)
    gap = np.bincount(place, chance - truth, 10)
    return slope, offset, float(np.abs(gap).sum() / len(truth))
