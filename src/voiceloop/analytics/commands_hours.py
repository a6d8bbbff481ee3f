"""`voiceloop hours`: contacts, waits and people needed by hour of the week, on the command line."""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING, Any

from voiceloop.analytics.commands import one_sentence
from voiceloop.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from voiceloop.analytics.hours import Hour, Week
    from voiceloop.analytics.stats.erlang import Staffing

_EPILOG = """\
examples · 例子:
  voiceloop hours calls.csv.gz
  voiceloop hours --lake LAKE --kind call --share 90 --within 30 --json
"""
_DAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_HEAD = {
    "zh": ("星期", "小时", "n", "每小时", "P50 秒", "P90 秒", "需要人数"),
    "en": ("day", "hour", "n", "per hour", "P50 s", "P90 s", "people needed"),
}
# The clock of a file stands in it; that of the lake is read in the zone of the house.
_FILE_ZONE = "UTC"


def add_hours(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_hours(parser.add_subparsers())
    >>> parser.parse_args(["hours", "calls.csv", "--within", "30"]).within
    30.0
    """
    parser = subparsers.add_parser(
        "hours",
        help="contacts, waits and people needed (Erlang C) by hour of the week",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="*", help="a call log as CSV, CSV.gz or Parquet; none: the lake")
    parser.add_argument("--kind", action="append", help="call, chat, mail …; again for more (lake only)")
    parser.add_argument("--time", default="waiting_time", help="waiting_time or first_response_time")
    parser.add_argument("--share", type=float, default=80, help="per cent answered in time (80)")
    parser.add_argument("--within", type=float, default=20, help="seconds to the answer (20)")
    parser.add_argument("--away", type=float, default=0, help="per cent of the paid time off the seat (0)")
    parser.add_argument("--zone", help="time zone of the hours (Asia/Shanghai; a file keeps its clock)")
    parser.add_argument("--min-n", type=int, default=5, help="hours with fewer contacts show no figure (5)")
    parser.add_argument("--lake", metavar="PATH", help="folder of the lake (default: $VOICELOOP_LAKE)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    parser.set_defaults(run=main)


def main(args: argparse.Namespace) -> int:
    """Print the hours of the week that have contacts; on an error say why in one sentence and return 2."""
    return one_sentence(_answer, args)


def _answer(args: argparse.Namespace, language: str) -> None:
    week = _week(args)
    rows = [(hour, _need(args, week, hour)) for hour in week.hours if hour.n >= max(args.min_n, 1)]
    if args.json:
        print(json.dumps(_plain(week, rows), ensure_ascii=False, default=str))
    else:
        print(_text(week, rows, language))


def _week(args: argparse.Namespace) -> Week:
    from voiceloop.analytics.files import FileSource
    from voiceloop.analytics.hours import ZONE, by_hour
    from voiceloop.analytics.lake import Lake

    if args.file:
        # The SQL that reads a file is DuckDB's, whatever engine reads the lake.
        os.environ["VOICELOOP_ENGINE"] = "duckdb"
        source, zone = FileSource(args.file, shape="calls"), args.zone or _FILE_ZONE
        return by_hour(source, time=args.time, kinds=args.kind, zone=zone, min_n=args.min_n)
    path = args.lake or os.environ.get("VOICELOOP_LAKE")
    if not path:
        raise AnalyticsError(
            "Name a file, or the lake with --lake PATH.", "请给出文件，或用 --lake 指明数据湖的位置。"
        )
    return by_hour(Lake(path), time=args.time, kinds=args.kind, zone=args.zone or ZONE, min_n=args.min_n)


def _need(args: argparse.Namespace, week: Week, hour: Hour) -> Staffing | None:
    from voiceloop.analytics.stats.erlang import agents_needed

    if week.handling is None or hour.per_hour is None:
        return None
    return agents_needed(
        hour.per_hour,
        week.handling,
        share=args.share / 100,
        within=args.within,
        shrinkage=args.away / 100,
    )


def _plain(week: Week, rows: list[tuple[Hour, Staffing | None]]) -> dict[str, Any]:
    return {
        "n": week.n,
        "first": week.first,
        "last": week.last,
        "time": week.time,
        "handling": week.handling,
        "hours": [
            {
                "weekday": hour.weekday,
                "hour": hour.clock,
                "n": hour.n,
                "per_hour": hour.per_hour,
                "n_timed": hour.n_timed,
                **{name: getattr(hour, name) for name in ("p50", "p90", "p90_low", "p90_high")},
                "needed": need.on_duty if need else None,
                "service_level": need.service_level if need else None,
            }
            for hour, need in rows
        ],
    }


def _text(week: Week, rows: list[tuple[Hour, Staffing | None]], language: str) -> str:
    tongue = "en" if language == "en" else "zh"
    lines = [
        (f"n = {week.n:,} · {week.first} – {week.last}",),
        _HEAD[tongue],
        *(
            (
                _DAYS[tongue][hour.weekday],
                f"{hour.clock:02}:00",
                f"{hour.n:,}",
                f"{hour.per_hour or 0:.1f}",
                _seconds(hour.p50),
                _seconds(hour.p90),
                str(need.on_duty) if need else "—",
            )
            for hour, need in rows
        ),
    ]
    return "\n".join("\t".join(line) for line in lines)


def _seconds(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"
