"""From a question to one query: which rows, grouped how, reduced to which sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, get_args

import sqlglot
from sqlglot import exp

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.scales import Scale, scale

Every = Literal["day", "week", "month", "quarter", "year"]
Value = str | int | float | date | None
Where = Mapping[str, Value | Iterable[Value]]
Conditions = tuple[tuple[str, tuple[Value, ...]], ...]

SCORE_CLASS = "score_class"
_ATTRIBUTE = "attributes."


@dataclass(frozen=True)
class Question:
    """A question about a metric, in a form that can be a key."""

    metric: Metric
    columns: tuple[str, ...]
    scale: str | None = None
    by: tuple[str, ...] = ()
    where: Conditions = ()
    every: Every | None = None
    since: date | None = None
    until: date | None = None
    weighted: bool = False
    now: datetime | None = None

    @property
    def by_scale(self) -> bool:
        """Whether sums are kept apart by scale; with only one in question it need not be read."""
        return len(self.scales) > 1

    @property
    def only_scale(self) -> str | None:
        """The one scale that answers can have."""
        return None if self.by_scale else next(iter((*self.scales, *self.metric.scales)), None)

    @property
    def scales(self) -> tuple[str, ...]:
        """The scales that answers may have."""
        if self.scale:
            return (self.scale,)
        return tuple(str(id) for id in dict(self.where).get("scale", self.metric.scales))


def conditions(where: Where | None) -> Conditions:
    """Return ``where`` as a key: sorted names, each with the tuple of its values.

    Examples
    --------
    >>> conditions({"channel": ["sms", "web"], "team": None})
    (('channel', ('sms', 'web')), ('team', (None,)))
    """
    return tuple(sorted((name, _values(value)) for name, value in (where or {}).items()))


def _values(value: Value | Iterable[Value]) -> tuple[Value, ...]:
    if value is None or isinstance(value, str | int | float | date):
        return (value,)
    return tuple(sorted(set(value), key=repr))


def check(question: Question) -> None:
    """Raise for a question that names what does not exist.

    Raises
    ------
    AnalyticsError
        For an unknown column, scale or period, or a period asked of data without days.
    """
    for name in (*question.by, *(name for name, _ in question.where)):
        _known(question, name)
    for value in dict(question.where).get("scale", ()):
        if str(value) not in question.metric.scales:
            scale(str(value))
            raise AnalyticsError(
                f"{question.metric.name} is not defined on the scale {value}.",
                f"指标 {question.metric.name} 不能用于量表 {value}。",
            )
    if question.every is not None and question.every not in get_args(Every):
        raise AnalyticsError(
            f"Unknown period {question.every!r}; use day, week, month, quarter or year.",
            f"未知的周期“{question.every}”；请用 day、week、month、quarter 或 year。",
        )
    if (question.every or question.since or question.until) and "day" not in question.columns:
        raise AnalyticsError("The data has no date column.", "数据中没有日期列。")


def _known(question: Question, name: str) -> None:
    is_class = name == SCORE_CLASS and question.metric.scales
    is_attribute = name.startswith(_ATTRIBUTE) and "attributes" in question.columns
    if not (is_class or is_attribute or name in question.columns):
        known = ", ".join(question.columns)
        raise AnalyticsError(
            f"No such column: {name}. There are: {known}.", f"没有列“{name}”。可用的列：{known}。"
        )


@lru_cache(maxsize=512)
def sums(question: Question) -> exp.Select:
    """Return the query whose rows are (group keys…, period?, scale?, n, Σw, Σw², Σwx, Σwx²)."""
    weight = "weight" if question.weighted else None
    keys = [_column(question, name).as_(f"k{i}") for i, name in enumerate(question.by)]
    keys += [_period(question.every).as_("period")] if question.every else []
    keys += [exp.column("scale").as_("scale")] if question.by_scale else []
    names = [key.alias for key in keys]
    x, w = exp.column("x"), exp.column("w")
    inner = exp.select(*keys, _value(question).as_("x")).from_("facts").where(*filters(question), copy=False)
    if not weight:
        totals = [exp.Count(this=x), None, None, exp.Sum(this=x), exp.Sum(this=x * x)]
    else:
        inner = inner.select(exp.cast(exp.column(weight), "double").as_("w"))
        totals = [
            exp.Count(this=x),
            exp.Sum(this=w),
            exp.Sum(this=w * w),
            exp.Sum(this=w * x),
            exp.Sum(this=w * x * x),
        ]
    outer = exp.select(*names, *(total for total in totals if total is not None)).from_(inner.subquery("v"))
    return outer.where("x IS NOT NULL").group_by(*names) if names else outer.where("x IS NOT NULL")


def filters(question: Question) -> list[exp.Expr]:
    """Return the conditions on the rows that a figure counts."""
    metric = question.metric
    found = [_in(_column(question, name), values) for name, values in question.where]
    named = {name for name, _ in question.where}
    if metric.question and "question" in question.columns and "question" not in named:
        found.append(exp.column("question").eq(metric.question))
    if metric.scales and question.scale is None and "scale" not in named:
        found.append(_in(exp.column("scale"), metric.scales))
    if metric.where:
        found.append(_now(_parsed(metric.where), question.now))
    if question.since:
        found.append(exp.column("day") >= _date(question.since))
    if question.until:
        found.append(exp.column("day") < _date(question.until))
    return found


def _value(question: Question) -> exp.Expr:
    metric = question.metric
    if not metric.scales:
        return exp.cast(_now(_parsed(metric.x(None)), question.now), "double")
    arms = {id: metric.x(id) for id in question.scales}
    if len(set(arms.values())) <= 1:
        return exp.cast(_parsed(next(iter(arms.values()), "NULL")), "double")
    case = exp.Case()
    for id, x in arms.items():
        case = case.when(exp.column("scale").eq(id), _parsed(x))
    return exp.cast(case, "double")


def class_case(question: Question) -> exp.Expr:
    """Return the class of a row's score as an expression."""
    if question.only_scale:
        return _classes(question.metric, scale(question.only_scale))
    case = exp.Case()
    for id in question.scales:
        case = case.when(exp.column("scale").eq(id), _classes(question.metric, scale(id)))
    return case


def _classes(metric: Metric, on: Scale) -> exp.Expr:
    case = exp.Case()
    for low, name in reversed(metric.class_map(on).bounds):
        case = case.when(exp.column("score") >= exp.Literal.number(low), exp.Literal.string(name))
    return case


def _column(question: Question, name: str) -> exp.Expr:
    if name == SCORE_CLASS:
        return class_case(question)
    if name.startswith(_ATTRIBUTE) and name not in question.columns:
        key = exp.Literal.string(name[len(_ATTRIBUTE) :])
        return exp.Bracket(this=exp.column("attributes"), expressions=[key])
    return exp.column(name, quoted=True)


def _period(every: Every) -> exp.Expr:
    if every == "day":
        return exp.column("day")
    if every == "week":
        return exp.cast(_parsed("date_trunc('week', day)"), "date")
    # Quarters and years are merged from months: the stored month costs a quarter of a date function.
    return exp.column("month")


def _in(column: exp.Expr, values: tuple[Value, ...]) -> exp.Expr:
    literals = [_literal(value) for value in values if value is not None]
    found: list[exp.Expr] = (
        [column.isin(*literals)] if len(literals) > 1 else [column.eq(x) for x in literals]
    )
    found += [column.is_(exp.null())] if None in values else []
    # No value allowed means no row, never every row.
    return exp.or_(*found) if found else exp.false()


def _literal(value: Value) -> exp.Expr:
    return _date(value) if isinstance(value, date) else exp.convert(value)


def _date(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(f"{day:%Y-%m-%d}"), "date")


@lru_cache(maxsize=256)
def _parsed_once(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, dialect="duckdb")


def _parsed(sql: str) -> exp.Expr:
    return _parsed_once(sql).copy()


def _now(expression: exp.Expr, now: datetime | None) -> exp.Expr:
    moment = exp.cast(exp.Literal.string(now.isoformat() if now else ""), "timestamptz")
    return exp.replace_placeholders(expression, now=moment)
