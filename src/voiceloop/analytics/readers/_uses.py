"""Which columns a metric depends on, and whether it says anything without some of them."""

from __future__ import annotations

from collections.abc import Collection

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from voiceloop.analytics import schema
from voiceloop.analytics.metric import Metric

# What rows of one customer or of one answer sheet are put together by.
_WHO_AND_WHEN = frozenset(("customer_key", "day", "at", "score", "question", "response_id", "reviewer"))
_PARTS = ("derived", "where", "hit", "column", "over")


def columns_of(metric: Metric) -> frozenset[str]:
    """Return the lake's columns that the metric's definition names.

    Examples
    --------
    >>> from voiceloop.analytics.registry import metric
    >>> sorted(columns_of(metric("reopened_rate")))
    ['n_reopened', 'resolved_at']
    """
    known = schema.table(metric.table).columns
    found = {column.name for sql in _sql(metric) for column in _parsed(sql).find_all(exp.Column)}
    found |= {"score"} if metric.scales else set()
    return frozenset(name for name in found if name in known)


def missing(metric: Metric, present: Collection[str]) -> frozenset[str]:
    """Return the columns without which the metric could only be nothing, or nothing but zero.

    A condition that is false or unknown whatever the rows hold, once the absent columns are NULL,
    makes a figure that looks measured and is not.

    Examples
    --------
    >>> from voiceloop.analytics.registry import metric
    >>> sorted(missing(metric("reopened_rate"), {"resolved_at"}))
    ['n_reopened']
    >>> sorted(missing(metric("reopened_rate"), {"n_reopened"}))
    []
    """
    absent = columns_of(metric) - set(present)
    found = set(absent & _WHO_AND_WHEN if metric.derived else absent & {"score"})
    for sql in _sql(metric):
        named = {column.name for column in _parsed(sql).find_all(exp.Column)} & absent
        if named and not _is_query(sql) and _is_dead(sql, absent):
            found |= named
    return frozenset(found)


def _sql(metric: Metric) -> tuple[str, ...]:
    said = (getattr(metric, name, "") for name in _PARTS)
    return tuple(sql for sql in said if sql)


def _is_query(sql: str) -> bool:
    return isinstance(_parsed(sql), exp.Query)


def _parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, dialect="duckdb")


def _is_dead(sql: str, absent: Collection[str]) -> bool:
    """Say whether an expression is NULL or false once the absent columns are."""
    bare = _parsed(sql).transform(
        lambda node: exp.null() if isinstance(node, exp.Column) and node.name in absent else node
    )
    found = simplify(bare.transform(_known))
    return isinstance(found, exp.Null) or found == exp.false() or not list(found.find_all(exp.Column))


def _known(node: exp.Expr) -> exp.Expr:
    """What follows from NULL, which `simplify` leaves alone."""
    if isinstance(node, exp.Is) and isinstance(node.this, exp.Null):
        return exp.true() if isinstance(node.expression, exp.Null) else exp.false()
    return node
