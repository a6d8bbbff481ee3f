"""`voiceloop flow`: how the cases of an event log run, on the command line."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from voiceloop.analytics.commands import one_sentence
from voiceloop.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from voiceloop.analytics.flow.result import Estimate, Flow

_EPILOG = """\
examples · 例子:
  voiceloop flow events.csv.gz
  voiceloop flow log.csv --case ticket --activity status --time changed_at --resource team --json
  voiceloop flow events.csv.gz --html flow.html
"""


def add_flow(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_flow(parser.add_subparsers())
    >>> parser.parse_args(["flow", "log.csv", "--case", "id"]).case
    'id'
    """
    parser = subparsers.add_parser(
        "flow",
        help="steps, waits, rework, variants and the bottleneck of an event log",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="*", help="CSV, CSV.gz or Parquet, one event a row; none: the lake")
    parser.add_argument("--case", metavar="COLUMN", help="column of the case (default: seen)")
    parser.add_argument("--activity", metavar="COLUMN", help="column of the activity (default: seen)")
    parser.add_argument("--time", metavar="COLUMN", help="column of the time (default: seen)")
    parser.add_argument("--resource", metavar="COLUMN", help="who has the case in hand (default: seen)")
    parser.add_argument("--most", type=int, default=10, help="how many steps and variants are shown (10)")
    parser.add_argument("--lake", metavar="PATH", help="folder of the lake (default: $VOICELOOP_LAKE)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--html", metavar="REPORT.html", type=Path, help="write a report of one page")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    parser.set_defaults(run=main)


def main(args: argparse.Namespace) -> int:
    """Print how the cases run; on an error say why in one sentence and return 2."""
    return one_sentence(_answer, args)


def _answer(args: argparse.Namespace, language: str) -> None:
    found = _found(args)
    if args.html:
        _write(args.html, found, language)
    print(
        json.dumps(found.to_dict(), ensure_ascii=False, default=str)
        if args.json
        else as_text(found, language)
    )


def _found(args: argparse.Namespace) -> Flow:
    from voiceloop.analytics.files import FileSource
    from voiceloop.analytics.flow.mining import flow
    from voiceloop.analytics.lake import Lake

    if not args.file:
        path = args.lake or os.environ.get("VOICELOOP_LAKE")
        if not path:
            raise AnalyticsError(
                "Name a file, or the lake with --lake PATH.", "请给出文件，或用 --lake 指明数据湖的位置。"
            )
        return flow(Lake(path), most=args.most)
    # The SQL that reads a file is DuckDB's, whatever engine reads the lake.
    os.environ["VOICELOOP_ENGINE"] = "duckdb"
    told = {"subject": args.case, "activity": args.activity, "at": args.time, "actor": args.resource}
    source = FileSource(args.file, {name: column for name, column in told.items() if column}, shape="log")
    return flow(source, resource=args.resource, most=args.most)


def as_text(found: Flow, language: str) -> str:
    """Return the answer as tables for people."""
    lines = [_first(found, language)]
    for title, table in tables(found, language):
        widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
        lines += [
            "",
            title,
            *(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                for row in table
            ),
        ]
    return "\n".join(lines)


def tables(found: Flow, language: str) -> list[tuple[str, list[list[str]]]]:
    """Return (title, rows) of each table: steps, activities, variants."""
    at = 0 if language == "zh" else 1
    steps = [
        [
            *(
                ["步骤", "次数", "中位等待", "P90", "总等待占比%"]
                if at == 0
                else ["step", "n", "median wait", "p90", "% of all waiting"]
            )
        ]
    ]
    steps += [
        [
            f"{step.before} → {step.after}",
            f"{step.n:,}",
            _span_of(step.wait),
            span(step.p90),
            f"{step.share:.1f}",
        ]
        for step in found.steps
    ]
    activities = [[["活动", "次数", "工单", "返工%"], ["activity", "events", "cases", "rework %"]][at]]
    activities += [
        [one.name, f"{one.events:,}", f"{one.cases:,}", _percent(one.rework)] for one in found.activities
    ]
    variants = [[["工单", "占比%", "路径"], ["cases", "%", "variant"]][at]]
    variants += [[f"{one.cases:,}", f"{one.share:.1f}", " → ".join(one.activities)] for one in found.variants]
    names = [
        ("步骤（总等待最长在前）", "Steps, longest total wait first"),
        ("活动", "Activities"),
        ("路径", "Variants"),
    ]
    return [(name[at], table) for name, table in zip(names, (steps, activities, variants), strict=True)]


def span(seconds: float | None) -> str:
    """Return seconds as people say them.

    Examples
    --------
    >>> span(42), span(5400), span(200000)
    ('42 s', '1.5 h', '2.3 d')
    """
    if seconds is None:
        return "—"
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def _first(found: Flow, language: str) -> str:
    took, p90 = _span_of(found.throughput), span(found.throughput_p90)
    back = _percent(found.ping_pong) if found.ping_pong else "—"
    if language == "zh":
        return (
            f"{found.cases:,} 个工单，{found.events:,} 个事件，{found.n_variants:,} 条路径；"
            f"历时中位数 {took}，P90 {p90}；返工 {_percent(found.rework)}；往返转派 {back}"
        )
    return (
        f"{found.cases:,} cases, {found.events:,} events, {found.n_variants:,} variants; "
        f"median duration {took}, p90 {p90}; rework {_percent(found.rework)}; ping-pong {back}"
    )


def _span_of(found: Estimate) -> str:
    return f"{span(found.value)} ({span(found.low)} – {span(found.high)})"


def _percent(found: Estimate) -> str:
    low, high = found.low or 0.0, found.high or 0.0
    return f"{found.value:.1f} ({low:.1f} – {high:.1f})"


def _write(path: Path, found: Flow, language: str) -> None:
    from voiceloop.analytics.report import filled

    body = "".join(f"<h2>{escape(title)}</h2>{_html(table)}" for title, table in tables(found, language))
    title = ("流程 · Flow of cases", "Flow of cases · 流程")[language != "zh"]
    facts = {
        ("时间", "Period"): f"{found.first:%Y-%m-%d} – {found.last:%Y-%m-%d}",
        ("读作", "Read as"): json.dumps(found.read_as.get("columns", {}), ensure_ascii=False),
        (
            "方法",
            "Method",
        ): f"waits from event to event; medians by binomial ranks, shares by Wilson, {found.confidence:g}",
    }
    filled(
        path,
        language,
        title=title,
        definition=f"<p>{escape(_first(found, language))}</p>",
        table=body,
        facts=facts,
    )


def _html(table: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th class=key>{escape(cell)}</th>" for cell in table[0])
    rows = "".join(
        "<tr>" + "".join(f"<td class=key>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table[1:]
    )
    return f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
