"""What comments say, counted: those that carry some labels, and the share of them that names a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
from sqlglot import exp

from voiceloop.analytics.groups import Groups
from voiceloop.analytics.many import compare_many
from voiceloop.analytics.measure import compare, figures, measure
from voiceloop.analytics.metric import Metric, Score, Share
from voiceloop.analytics.plan import Every, Where
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.analytics.scan import Source
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.exact import fisher_p
from voiceloop.analytics.stats.parts import Parts

Side = Literal["negative", "positive", "net"]
Labels = Mapping[str, Sequence[str]]

_COUNT: dict[str, Any] = {"hit": "TRUE", "table": "annotations", "definition_en": "", "definition_zh": ""}
_COMMENTS = Share(
    name="voices.comments",
    label_en="Comments",
    label_zh="原话",
    where="kind = 'sentiment' AND polarity IS NOT NULL",
    **_COUNT,
)
_MENTIONS = Share(name="voices.mentions", label_en="Mentions", label_zh="提及", **_COUNT)

NAMED: Mapping[Side, Metric] = {
    "negative": Share(
        name="named_negatively",
        label_en="Named with a complaint",
        label_zh="负面提及率",
        definition_en="The share of understood comments that name the reason and find fault with it.",
        definition_zh="能理解的原话中提到该原因且评价为负面的占比。",
        table="annotations",
        better="lower",
        source="requirement 67",
    ),
    "positive": Share(
        name="named_positively",
        label_en="Named with praise",
        label_zh="正面提及率",
        definition_en="The share of understood comments that name the reason and praise it.",
        definition_zh="能理解的原话中提到该原因且评价为正面的占比。",
        table="annotations",
        source="requirement 67",
    ),
    "net": Score(
        name="named_net",
        label_en="Praise less complaints",
        label_zh="净好评（正面减负面）",
        definition_en="The share of understood comments that praise the reason, less those that find fault.",
        definition_zh="能理解的原话中正面提到该原因的占比减去负面提到的占比。",
        table="annotations",
        class_values=(("promoter", 1.0), ("detractor", -1.0)),
        source="requirement 67",
    ),
}


def among(metric: Metric, labels: Labels, polarity: int | None = None) -> Metric:
    """Return a metric of annotations that counts only comments with all of some labels.

    Parameters
    ----------
    metric : Metric
        Of the table ``annotations``.
    labels : mapping of str to sequence of str
        Kind of label → labels, of which the comment has at least one; every kind must be met.
    polarity : {-1, 0, 1}, optional
        What the comment says of the reasons among them.

    Returns
    -------
    Metric
        The same metric without labels.

    Examples
    --------
    >>> from voiceloop.analytics import registry
    >>> found = among(registry.metric("praise_share"), {"reason": ["waiting"]})
    >>> found.derived[:62]
    'SELECT * FROM facts WHERE verbatim_id IN (SELECT verbatim_id F'
    """
    wanted = [_has(kind, names, polarity) for kind, names in sorted(labels.items()) if names]
    return replace(metric, derived=f"SELECT * FROM facts WHERE {' AND '.join(wanted)}") if wanted else metric


def _has(kind: str, names: Sequence[str], polarity: int | None) -> str:
    said = ", ".join(exp.Literal.string(name).sql(dialect="duckdb") for name in names)
    quoted = exp.Literal.string(kind).sql(dialect="duckdb")
    side = f" AND polarity = {polarity:d}" if polarity is not None and kind == "reason" else ""
    return f"verbatim_id IN (SELECT verbatim_id FROM facts WHERE kind = {quoted} AND label IN ({said}){side})"


def counted(
    metric: Metric,
    groups: Groups,
    *,
    by: tuple[str, ...] = (),
    every: Every | None = None,
    as_of: datetime | None = None,
    source: str = "rows",
    min_n: int = 5,
    confidence: float = 0.95,
) -> Result:
    """Return figures of sums that were counted elsewhere, or put together from several answers.

    Examples
    --------
    >>> from voiceloop.analytics import registry
    >>> sums = shares([8], [4])
    >>> counted(registry.metric("praise_share"), Groups({}, sums)).one.value
    50.0
    """
    return Result(
        metric=metric,
        groups=groups,
        figures=figures(metric, groups, min_n=min_n, confidence=confidence),
        method=f"{metric.method}, {confidence:.4g}",
        as_of=as_of,
        filter=(),
        by=by,
        every=every,
        confidence=confidence,
        source=source,
    )


def shares(n: Any, hits: Any, against: Any = 0) -> Parts:
    """Return the sums of groups of ``n`` rows of which ``hits`` count one and ``against`` minus one.

    Examples
    --------
    >>> shares([4], [3], [1]).means.tolist()
    [0.5]
    """
    n, hits = np.asarray(n, dtype=float), np.asarray(hits, dtype=float)
    less = np.zeros(len(n)) + np.asarray(against, dtype=float)
    return Parts(n, n, n, hits - less, hits + less, np.zeros(len(n)))


def named(
    lake: Source,
    *,
    by: Sequence[str] = (),
    side: Side = "negative",
    labels: Labels | None = None,
    where: Where | None = None,
    every: Every | None = None,
    since: date | None = None,
    until: date | None = None,
    min_n: int = 5,
    confidence: float = 0.95,
) -> Result:
    """Measure how often each reason is named among all comments that were understood.

    Parameters
    ----------
    lake : Source
    by : sequence of str
        Dimensions beside the reason.
    side : {'negative', 'positive', 'net'}
        Mentions that find fault, that praise, or praise less fault.
    labels : mapping, optional
        Only comments with these labels, as for `among`.
    where, every, since, until, min_n, confidence
        As for `measure`.

    Returns
    -------
    Result
        One row for each reason and group: ``n`` is the comments of the group, also where none of them
        names the reason. Keys are ``label``, then ``by``, then the period.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> [row.n for row in named(tiny_lake()).rows]
    []
    """
    asked: dict[str, Any] = {"where": where, "every": every, "since": since, "until": until, "min_n": 0}
    comments = measure(lake, among(_COMMENTS, labels or {}), by=by, **asked)
    positive = _mentions(lake, 1, by, labels, asked) if side != "negative" else {}
    negative = _mentions(lake, -1, by, labels, asked) if side != "positive" else {}
    codes = sorted({key[0] for key in (*positive, *negative)})
    groups = [(code, row) for code in codes for row in comments.rows if row.n]
    keys = [(code, *row.key.values()) for code, row in groups]
    hits = [(positive if side != "negative" else negative).get(key, 0) for key in keys]
    less = [negative.get(key, 0) for key in keys] if side == "net" else 0
    names = _names(comments, by, every)
    columns: Any = zip(*keys, strict=True) if keys else ((),) * len(names)
    found = Groups(
        {name: list(column) for name, column in zip(names, columns, strict=True)},
        shares([row.n for _, row in groups], hits, less),
    )
    return counted(
        NAMED[side], found, by=("label", *by), every=every, as_of=comments.as_of,
        source=comments.source, min_n=min_n, confidence=confidence,
    )  # fmt: skip


def looks(pairs: Sequence[tuple[Row, Row]], *, rate: float = 0.05) -> list[Comparison]:
    """Compare many shares of comments; of those called a signal at most a share ``rate`` is chance.

    Counts of comments have an exact test (`stats.exact`), which sees what never happened on one side;
    a net figure goes the way of `compare_many`.

    Parameters
    ----------
    pairs : sequence of (Row, Row)
        As for `compare`: a − b, without comments in common.
    rate : float
        Share of false signals among the signals.

    Examples
    --------
    >>> negative = NAMED["negative"]
    >>> few, many = (counted(negative, Groups({}, shares([n], [k]))).one for n, k in ((40, 7), (679, 0)))
    >>> [one.verdict for one in looks([(few, many)])]
    ['signal']
    """
    if not all(isinstance(a.metric, Share) for a, _b in pairs):
        return compare_many(pairs, rate=rate)
    found = [replace(compare(a, b), p_value=_exact_p(a, b)) for a, b in pairs]
    holds = within_budget([one.p_value for one in found], rate)
    return [
        replace(one, verdict="signal" if is_signal else "noise")
        for one, is_signal in zip(found, holds, strict=True)
    ]


def _exact_p(a: Row, b: Row) -> float:
    counts = [round(part) for row in (a, b) for part in (row.parts.total, row.parts.n)]
    return fisher_p(counts[0], counts[1], counts[2], counts[3])


def _names(comments: Result, by: Sequence[str], every: Every | None) -> list[str]:
    """The names of the keys, in the order in which a row tells them."""
    return ["label", *(comments.rows[0].key if comments.rows else [*by, *(["period"] if every else [])])]


def _mentions(
    lake: Source, polarity: int, by: Sequence[str], labels: Labels | None, asked: Mapping[str, Any]
) -> dict[tuple[Any, ...], int]:
    """How many comments of each group name each reason on one side."""
    metric = replace(_MENTIONS, where=f"kind = 'reason' AND polarity = {polarity}")
    rows = measure(lake, among(metric, labels or {}), by=("label", *by), **asked).rows
    return {tuple(row.key.values()): row.n for row in rows if row.key["label"] is not None}
