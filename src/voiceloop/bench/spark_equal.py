"""Every metric asked of two engines, and where their figures differ."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from voiceloop.analytics import measure, schema
from voiceloop.analytics.answering import MEMORY
from voiceloop.analytics.engines import choose_again, engine
from voiceloop.analytics.metric import Duration, Metric, Rate, Ratio
from voiceloop.analytics.result import Result, Row

_AS_GOOD_AS_EQUAL = 1e-9
_REGIONS = ("east", "north")


@contextmanager
def spark(master: str, **conf: str) -> Iterator[None]:
    """Answer with the Spark at ``master`` instead of DuckDB; ``conf`` has _ where Spark has dots."""
    given = {"VOICELOOP_ENGINE": "spark", "VOICELOOP_SPARK_MASTER": master, "VOICELOOP_SPARK_TIMEOUT": "300"}
    given |= {f"VOICELOOP_SPARK_CONF_{name}": value for name, value in conf.items()}
    before = {name: os.environ.get(name) for name in given}
    _forget()
    os.environ.update(given)
    try:
        yield
    finally:
        getattr(engine(), "close", lambda: None)()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        _forget()


def rich(metric: Metric, last: date) -> Iterator[dict[str, Any]]:
    """Yield one question with all that a question may have: groups, period, conditions, weights, days."""
    yield {
        "every": "month",
        "by": [*(["score_class"] if metric.scales else ["segment"]), "attributes.plan"],
        "where": {"region": ["region0", "region2", *_REGIONS, None]},
        "since": last - timedelta(days=130),
        "until": last - timedelta(days=10),
        "weighted": _is_mean(metric) and "weight" in schema.table(metric.table).columns,
    }


def questions(metric: Metric, last: date) -> Iterator[dict[str, Any]]:
    """Yield the rich question and plainer ones: the whole, days, weeks with clusters, quarters, years."""
    yield from rich(metric, last)
    yield {}
    yield {"every": "day", "by": ["touchpoint"], "since": last - timedelta(days=20)}
    yield {"every": "week", "cluster": "unit" if _is_mean(metric) else None}
    yield {"every": "quarter", "by": ["channel", "language"]}
    yield {"every": "year", "by": ["tier"], "where": {"team": None}}


def _is_mean(metric: Metric) -> bool:
    return not isinstance(metric, Duration | Ratio | Rate)


def differences(one: Result, other: Result) -> list[str]:
    """Return in words where two answers to one question disagree; nothing when they agree.

    Counts must be equal, figures within a billionth of their size.
    """
    ours, theirs = _by_key(one), _by_key(other)
    found = [f"group {key} is in one only" for key in ours.keys() ^ theirs.keys()]
    for key in ours.keys() & theirs.keys():
        found += [f"{key}: {said}" for said in _unlike(ours[key], theirs[key])]
    return found


def answers(lake: Any, metric: Metric, asked: Iterator[dict[str, Any]]) -> list[Result]:
    """Ask about the rows themselves: stored sums would come from one engine."""
    return [measure(lake, metric, min_n=1, use_cubes=False, **question) for question in asked]


def _forget() -> None:
    choose_again()
    MEMORY.clear()


def _by_key(result: Result) -> Mapping[tuple[Any, ...], Row]:
    return {(*row.key.values(), row.scale): row for row in result.rows}


def _unlike(a: Row, b: Row) -> Iterator[str]:
    if a.n != b.n:
        yield f"n {a.n} and {b.n}"
    figures = [(name, getattr(a, name), getattr(b, name)) for name in ("value", "low", "high")]
    figures += [(name, a.more[name], b.more[name]) for name in sorted(a.more)]
    for name, left, right in figures:
        if (left is None) != (right is None) or (left is not None and not _close(left, right)):
            yield f"{name} {left} and {right}"


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=_AS_GOOD_AS_EQUAL, abs_tol=_AS_GOOD_AS_EQUAL)
