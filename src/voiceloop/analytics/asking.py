"""From the words of a command line to a measured answer."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.files import FileSource
from voiceloop.analytics.groups import Groups
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.many import compare_many
from voiceloop.analytics.measure import measure
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers._fields import nearest, no_column
from voiceloop.analytics.readers._reading import Reading
from voiceloop.analytics.registry import metric as metric_of
from voiceloop.analytics.registry import metrics
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.analytics.scan import Source
from voiceloop.analytics.stats.parts import Parts

# What the field calls them, and what they are called here.
ALIASES = {
    "aht": "average_handling_time",
    "asa": "waiting_time",
    "wait": "waiting_time",
    "wait_time": "waiting_time",
    "abandonment": "abandonment_rate",
    "abandon_rate": "abandonment_rate",
    "frt": "first_response_time",
    "ttr": "time_to_resolution",
    "resolution_time": "time_to_resolution",
    "sla": "sla_attainment",
    "fcr": "fcr_agent",
    "first_contact_resolution": "fcr_agent",
    "retention": "retention_rate",
    "churn": "churn_rate",
    "repeat_purchase": "repeat_purchase_rate",
    "reopen_rate": "reopened_rate",
    "top_box": "csat_top_box",
    "aov": "order_value",
}

# More groups than this are not compared with each other: nobody reads them, and each costs the others.
MOST_COMPARED = 500


@dataclass(frozen=True)
class Answer:
    """A result, how its file was read, and how each group differs from all others together."""

    result: Result
    reading: Reading | None = None
    comparisons: tuple[Comparison, ...] = ()
    files: tuple[str, ...] = ()


def asked(args: argparse.Namespace) -> Answer:
    """Return the answer to the question of a command line.

    Raises
    ------
    AnalyticsError
        When there is no honest answer.
    """
    metric = wanted(args)
    if not 0.5 <= args.confidence < 1:
        raise AnalyticsError(
            f"--confidence is a level such as 0.95, not {args.confidence:g}.",
            f"--confidence 是置信水平，例如 0.95，而不是 {args.confidence:g}。",
        )
    source = source_of(args, metric)
    names = names_of(args, source, metric)
    result = measure(source, metric, **names.pop("question"), min_n=_min_n(args), confidence=args.confidence)
    if not any(row.n for row in result.rows):
        raise _nothing(args, source, metric)
    result = _renamed(result, {new: old for old, new in names["names"].items()})
    comparisons = compared(result) if args.compare or args.html else ()
    reading = source.reading(metric) if isinstance(source, FileSource) else None
    return Answer(result, reading, comparisons, tuple(args.file))


def wanted(args: argparse.Namespace) -> Metric:
    """Return the metric asked for; a file named before it is put behind it."""
    name = args.metric
    if (
        args.file
        and _called(args.file[0]) in metrics()
        and _called(name) not in metrics()
        and Path(name).exists()
    ):
        args.metric, args.file = args.file[0], [name, *args.file[1:]]
    args.metric = _called(args.metric)
    like = nearest(args.metric.partition("@")[0].replace("-", "_"), list(metrics()))
    if "@" not in args.metric and args.metric not in metrics():
        hint_en = f"did you mean {' or '.join(like)}? " if like else ""
        hint_zh = f"是否指 {' 或 '.join(like)}？" if like else ""
        raise AnalyticsError(
            f"Unknown metric {args.metric!r}: {hint_en}`voiceloop measure --list` names them all.",
            f"没有指标“{args.metric}”：{hint_zh}用 voiceloop measure --list 查看全部指标。",
        )
    return metric_of(args.metric)


def _called(name: str) -> str:
    """Return the metric's own name for what people call it."""
    own = name.lower().replace("-", "_").replace(" ", "_")
    return ALIASES.get(own, own if own in metrics() else name)


def source_of(args: argparse.Namespace, metric: Metric) -> Source:
    """Return the files, or the lake."""
    if not args.file:
        return _lake(args, metric)
    # The SQL that reads a file is DuckDB's, whatever engine reads the lake.
    os.environ["VOICELOOP_ENGINE"] = "duckdb"
    told = {"score": args.score, "weight": args.weight} | _pairs(args.column, "--column", "NAME=COLUMN")
    periods = bool(args.every or args.since or args.until)
    source = FileSource(
        args.file,
        {name: column for name, column in told.items() if column}
        | ({"day": args.date} if args.date and periods else {}),
        scale=args.scale,
        shape=args.shape,
        words=_words(args.word),
        order=args.dates,
        dated=periods,
        strict=args.strict,
    )
    if args.date and args.date not in source.raw.names:
        raise no_column(args.date, source.raw.names)
    if args.weighted and not args.weight:
        source = replace(source, columns={**source.columns, "weight": _weight(source)})
    return source


def names_of(args: argparse.Namespace, source: Source, metric: Metric) -> dict[str, Any]:
    """Return the question as `measure` takes it, and what its columns are called there."""
    by = [name.strip() for group in args.by for name in _split(group, source)]
    where = _where(args.where)
    names: dict[str, str] = {}
    if isinstance(source, FileSource):
        every = [*by, *where, *([args.cluster] if args.cluster else [])]
        names = {name: source.named(metric, name) for name in every}
    called = {names.get(name, name): values for name, values in where.items()}
    if args.scale and not args.file:
        called["scale"] = [args.scale]
    question = {
        "by": [names.get(name, name) for name in dict.fromkeys(by)],
        "where": called,
        "every": args.every,
        "since": day(args.since),
        "until": day(args.until),
        "weighted": bool(args.weighted or args.weight),
        "cluster": names.get(args.cluster, args.cluster) if args.cluster else None,
    }
    return {"question": question, "names": names}


def compared(result: Result) -> tuple[Comparison, ...]:
    """Return for each row how it differs from all other rows of its period together; per period when
    there are no groups, from the period before."""
    rows = result.rows
    if len(rows) < 2 or len(rows) > MOST_COMPARED or (not result.by and not result.every):
        return ()
    pairs = {i: pair for i, row in enumerate(rows) if (pair := _pair(row, _others(result, i)))}
    # Among many groups some differ by chance: of the signals at most one in twenty.
    found = dict(zip(pairs, compare_many(list(pairs.values()), confidence=result.confidence), strict=True))
    return tuple(found.get(i, Comparison(None, None, None, None, "noise")) for i in range(len(rows)))


def day(text: str | None) -> date | None:
    """Return the day that a text names; a month is its first day, a year its first of January.

    Raises
    ------
    AnalyticsError
        When there is no such day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), ""))
    except ValueError as error:
        raise AnalyticsError(
            f"{text!r} is not a date; write YYYY-MM-DD.", f"“{text}”不是有效日期，请写成 YYYY-MM-DD。"
        ) from error


def _others(result: Result, i: int) -> list[Row]:
    rows = result.rows
    if not result.by:
        return [rows[i - 1]] if i else []
    period = rows[i].key.get("period")
    return [row for k, row in enumerate(rows) if k != i and row.key.get("period") == period]


def _pair(row: Row, others: Sequence[Row]) -> tuple[Row, Row] | None:
    parts = sum((other.parts for other in others), Parts())
    if row.value is None or not parts.n:
        return None
    return row, replace(others[0], parts=parts, n=int(parts.n), value=0.0)


def _lake(args: argparse.Namespace, metric: Metric) -> Lake:
    path = args.lake or os.environ.get("VOICELOOP_LAKE")
    if not path:
        raise AnalyticsError(
            "Name a file, or the lake with --lake PATH.", "请给出文件，或用 --lake 指明数据湖的位置。"
        )
    lake = Lake(path)
    if lake.version(metric.table) < 0:
        raise AnalyticsError(
            f"The lake at {path} holds no {metric.table} yet.",
            f"位于 {path} 的数据湖中还没有 {metric.table} 数据。",
        )
    return lake


def _split(group: str, source: Source) -> Sequence[str]:
    is_one = isinstance(source, FileSource) and group in source.raw.names
    return [group] if is_one else group.split(",")


def _min_n(args: argparse.Namespace) -> int:
    return args.min_n if args.min_n is not None else 1 if args.file else 5


def _weight(source: FileSource) -> str:
    found = [name for name in source.raw.names if "weight" in name.lower() or "权重" in name]
    if len(found) != 1:
        raise AnalyticsError(
            "Say which column holds the weight: --weight COLUMN.", "请用 --weight 指明权重所在的列。"
        )
    return found[0]


def _pairs(texts: Sequence[str], option: str, form: str) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise AnalyticsError(
                f"Write {option} {form}, not {text!r}.", f"请写成 {option} {form}，而不是“{text}”。"
            )
        found[name.strip()] = value.strip()
    return found


def _words(texts: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        for kind, word in _pairs([text], "--word", "KIND=WORD").items():
            if kind not in ("taken", "resolved", "closed", "new"):
                raise AnalyticsError(
                    f"--word knows taken, resolved, closed and new, not {kind!r}.",
                    f"--word 只接受 taken、resolved、closed、new，而不是“{kind}”。",
                )
            found.setdefault(kind, []).append(word)
    return found


def _where(pairs: Sequence[str]) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise AnalyticsError(
                f"Write --where COLUMN=VALUE, not {pair!r}.", f"请写成 --where 列=值，而不是“{pair}”。"
            )
        found.setdefault(name, []).append(value or None)
    return found


def _nothing(args: argparse.Namespace, source: Source, metric: Metric) -> AnalyticsError:
    hint_en, hint_zh = "", ""
    wheres = _where(args.where)
    if isinstance(source, FileSource) and wheres:
        name = next(iter(wheres))
        column = source.named(metric, name)
        known = _values(source, metric, column)
        hint_en, hint_zh = f"; {name} holds {', '.join(known)}", f"；{name} 的取值：{'、'.join(known)}"
    return AnalyticsError(
        f"There is nothing to measure {metric.name} on: no row matches{hint_en}.",
        f"没有可用于计算 {metric.name} 的数据{hint_zh}。",
    )


def _values(source: FileSource, metric: Metric, column: str) -> list[str]:
    from voiceloop.analytics.engines import engine

    sql = source.read(metric).facts.sql
    name = '"' + column.replace('"', '""') + '"'
    found = engine().run(
        f"SELECT {name} FROM ({sql}) WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 6",
        None,
    )
    return [str(value) for (value,) in found]


def _renamed(result: Result, names: Mapping[str, str]) -> Result:
    """Return the result with its columns called what the question called them."""
    groups = Groups(
        {names.get(name, name): keys for name, keys in result.groups.keys.items()}, result.groups.parts
    )
    return replace(
        result,
        groups=groups,
        by=tuple(names.get(name, name) for name in result.by),
        filter=tuple((names.get(name, name), values) for name, values in result.filter),
    )
