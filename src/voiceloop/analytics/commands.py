"""`voiceloop measure`: a figure on the command line, from a plain file or the lake."""

from __future__ import annotations

import argparse
import json
import os
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceloop.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from voiceloop.analytics.metric import Metric
    from voiceloop.analytics.result import Result
    from voiceloop.analytics.scan import Source

_EPILOG = "voiceloop measure nps answers.csv --score recommend --weight weight --by channel --json"


def add_measure(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_measure(parser.add_subparsers())
    >>> parser.parse_args(["measure", "nps", "a.csv", "--score", "s"]).metric
    'nps'
    """
    parser = subparsers.add_parser("measure", help="measure a metric on a file or the lake", epilog=_EPILOG)
    parser.add_argument("metric", help="nps, csat, ces, …")
    parser.add_argument(
        "file", nargs="?", type=Path, help="CSV, CSV.gz or Parquet; without it the lake is measured"
    )
    parser.add_argument("--score", metavar="COLUMN", help="column that holds the score")
    parser.add_argument("--weight", metavar="COLUMN", help="column that holds the survey weight")
    parser.add_argument("--date", metavar="COLUMN", help="column that holds the date of the answer")
    parser.add_argument("--scale", help="scale of the scores: nps_0_10, csat_1_5, …")
    parser.add_argument(
        "--by", metavar="COLUMN", action="append", default=[], help="group by (again for more)"
    )
    parser.add_argument(
        "--where", metavar="COLUMN=VALUE", action="append", default=[], help="keep only these rows"
    )
    parser.add_argument(
        "--every", choices=("day", "week", "month", "quarter", "year"), help="one figure per period"
    )
    parser.add_argument("--since", metavar="YYYY-MM-DD", help="first day")
    parser.add_argument("--until", metavar="YYYY-MM-DD", help="day after the last")
    parser.add_argument("--weighted", action="store_true", help="use the lake's weights")
    parser.add_argument("--min-n", type=int, help="withhold figures on fewer rows (file 1, lake 5)")
    parser.add_argument("--lake", metavar="PATH", help="folder of the lake (default: $VOICELOOP_LAKE)")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=main)


def main(args: argparse.Namespace) -> int:
    """Print the figure that was asked for; on an error say why in one sentence and return 2.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_measure` registers.

    Returns
    -------
    int
        0, or 2 when there is no honest answer.
    """
    language = reader_language(args.lang, os.environ)
    try:
        result = _measured(args)
    except AnalyticsError as error:
        sys.stderr.write(error.say(language) + "\n")
        return 2
    sys.stdout.write((_as_json(result) if args.json else _as_table(result, language)) + "\n")
    return 0


def reader_language(asked: str | None, environ: Mapping[str, str]) -> str:
    """Return 'zh' or 'en': as asked, else as the environment says, else English.

    Examples
    --------
    >>> reader_language(None, {"LANG": "zh_CN.UTF-8"}), reader_language("en", {"LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    names = ("VOICELOOP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    spoken = asked or next((environ[name] for name in names if environ.get(name)), "en")
    return "zh" if spoken.lower().startswith("zh") else "en"


def _measured(args: argparse.Namespace) -> Result:
    # Imported here: `voiceloop --help` need not wait for an engine.
    from voiceloop.analytics.measure import measure
    from voiceloop.analytics.registry import metric

    wanted = metric(args.metric)
    source = _source(args, wanted)
    result = measure(
        source,
        wanted,
        by=args.by,
        where=_where(args.where) | ({"scale": args.scale} if args.scale and not args.file else {}),
        every=args.every,
        since=_day(args.since),
        until=_day(args.until),
        weighted=bool(args.weighted or args.weight),
        min_n=args.min_n if args.min_n is not None else 1 if args.file else 5,
    )
    if not any(row.n for row in result.rows):
        raise AnalyticsError(
            f"There is nothing to measure {wanted.name} on: no row matches.",
            f"没有可用于计算 {wanted.name} 的数据。",
        )
    return result


def _source(args: argparse.Namespace, metric: Metric) -> Source:
    from voiceloop.analytics.files import FileSource
    from voiceloop.analytics.lake import Lake

    if args.file:
        if not args.score:
            raise AnalyticsError(
                "Say which column holds the score: --score COLUMN.", "请用 --score 指明分数所在的列。"
            )
        given = {"score": args.score, "weight": args.weight, "day": args.date}
        return FileSource(
            args.file, {name: column for name, column in given.items() if column}, scale=args.scale
        )
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


def _where(pairs: Sequence[str]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise AnalyticsError(
                f"Write --where COLUMN=VALUE, not {pair!r}.", f"请写成 --where 列=值，而不是“{pair}”。"
            )
        found[name] = [*found.get(name, []), value]
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise AnalyticsError(
            f"{text!r} is not a date; write YYYY-MM-DD.", f"“{text}”不是有效日期，请写成 YYYY-MM-DD。"
        ) from error


def _as_json(result: Result) -> str:
    said = result.to_dict()
    rows = said.pop("rows")
    if not result.by and not result.every:
        figure = {name: rows[0][name] for name in ("n", "value", "low", "high")}
        return json.dumps(
            {"metric": said.pop("metric"), **figure, "method": said.pop("method"), **said}, ensure_ascii=False
        )
    return json.dumps(
        {"metric": said.pop("metric"), "method": said.pop("method"), **said, "rows": rows}, ensure_ascii=False
    )


def _as_table(result: Result, language: str) -> str:
    names = [*result.by, *(["period"] if result.every else [])]
    figures = ["n", "数值", "下限", "上限"] if language == "zh" else ["n", "value", "low", "high"]
    lines = [[*names, *figures]]
    for row in result.rows:
        lines.append(
            [
                *(_said(row.key[name]) for name in names),
                f"{row.n:,}",
                *map(_number, (row.value, row.low, row.high)),
            ]
        )
    widths = [max(_width(line[i]) for line in lines) for i in range(len(lines[0]))]
    table = [
        "  ".join(_padded(cell, widths[i], i < len(names)) for i, cell in enumerate(line)) for line in lines
    ]
    label = result.metric.label_zh if language == "zh" else result.metric.label_en
    return "\n".join([label, *table, result.method])


def _said(key: Any) -> str:
    return "—" if key is None else str(key)


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int, to_left: bool) -> str:
    room = " " * (width - _width(text))
    return text + room if to_left else room + text
