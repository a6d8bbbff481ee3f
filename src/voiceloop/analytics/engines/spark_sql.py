"""DuckDB's SQL, in which the product writes, said in Spark's."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import sqlglot
from sqlglot import exp

_SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600}


@lru_cache(maxsize=1024)
def spark_sql(sql: str, facts: str) -> str:
    """Return a query of ``facts`` in Spark's dialect, reading the view called ``facts``.

    Parameters
    ----------
    sql : str
        A SELECT in DuckDB's dialect.
    facts : str
        Name of the view that stands for the table ``facts``: many are open at once.

    Examples
    --------
    >>> spark_sql("SELECT epoch(b - a) AS s FROM facts", "facts_1")
    'SELECT ((UNIX_MICROS(b) - UNIX_MICROS(a)) / 1000000) AS s FROM facts_1 AS facts'
    """
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    for rule in _RULES:
        tree = tree.transform(rule)
    for table in tree.find_all(exp.Table):
        if table.name == "facts" and not table.db:
            table.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier("facts")))
            table.set("this", exp.to_identifier(facts))
    return tree.sql(dialect="spark")


def _epoch(node: exp.Expr) -> exp.Expr:
    """Seconds of a moment or between two, with their fraction: Spark's count whole ones, and no interval."""
    is_extract = isinstance(node, exp.Extract) and node.name.upper() == "EPOCH"
    if not (is_extract or isinstance(node, exp.TimeToUnix)):
        return node
    inner = (node.expression if is_extract else node.this).unnest()
    micros = (
        exp.paren(
            exp.Sub(this=_call("unix_micros", inner.left), expression=_call("unix_micros", inner.right))
        )
        if isinstance(inner, exp.Sub)
        else _call("unix_micros", inner)
    )
    return exp.paren(exp.Div(this=micros, expression=exp.Literal.number(1_000_000)))


def _date_diff(node: exp.Expr) -> exp.Expr:
    """Count the boundaries between two moments as DuckDB does: Spark counts the whole units that fit."""
    if not isinstance(node, exp.DateDiff):
        return node
    unit = (node.text("unit") or "DAY").upper()
    later, earlier = node.this, node.expression
    if unit == "DAY":
        return _call("datediff", exp.cast(later, "date"), exp.cast(earlier, "date"))
    if unit in _SECONDS:
        return exp.Sub(this=_boundary(later, unit), expression=_boundary(earlier, unit))
    return node


def _boundary(moment: exp.Expr, unit: str) -> exp.Expr:
    seconds = exp.cast(_call("unix_seconds", exp.cast(moment, "timestamp")), "double")
    return exp.cast(exp.Floor(this=exp.Div(this=seconds, expression=_number(_SECONDS[unit]))), "bigint")


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name.upper(), expressions=[argument.copy() for argument in arguments])


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


_RULES: tuple[Callable[[exp.Expr], exp.Expr], ...] = (_epoch, _date_diff)
