"""`voiceloop measure`: a figure on the command line, from plain files or the lake."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from voiceloop.analytics.errors import AnalyticsError

_EPILOG = """\
examples · 例子:
  voiceloop measure nps answers.csv --by channel --every month
  voiceloop measure csat answers.csv --score rate_overall --weight weight --json
  voiceloop measure waiting_time calls.csv.gz --column wait_seconds=q_time --by type --since 1999-08-01
  voiceloop measure resolution_rate events.csv.gz --by priority --html report.html
  voiceloop measure nps --lake LAKE --where region=华东
  voiceloop measure --list            every metric, its definition and the columns it needs
  voiceloop measure nps --explain     one definition, its formula and its SQL

A file is a survey, a call log, tickets, an event log or orders: CSV, CSV.gz or Parquet, UTF-8 or GB18030.
Columns are guessed from the header, Chinese or English, and said; --column, --score, --weight and --date
tell them. Rows that cannot be read are counted and named by line, never dropped in silence.
Exit code 0 with a figure, 2 with one sentence that says why there is none.
"""


def add_measure(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_measure(parser.add_subparsers())
    >>> parser.parse_args(["measure", "nps", "a.csv", "--score", "s"]).metric
    'nps'
    """
    parser = subparsers.add_parser(
        "measure",
        help="measure a metric on a file or the lake",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("metric", nargs="?", help="nps, csat, waiting_time, …; --list names them all")
    parser.add_argument(
        "file", nargs="*", help="CSV, CSV.gz or Parquet, several of the same columns, or *; none: the lake"
    )
    _add_columns(parser)
    _add_question(parser)
    _add_answer(parser)
    parser.set_defaults(run=main)


def _add_columns(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("columns of the file · 文件中的列")
    group.add_argument("--score", metavar="COLUMN", help="column that holds the score")
    group.add_argument("--weight", metavar="COLUMN", help="survey weight; the figure is then weighted")
    group.add_argument("--date", metavar="COLUMN", help="date of the row")
    group.add_argument(
        "--column",
        metavar="NAME=COLUMN",
        action="append",
        default=[],
        help="any measured column, such as wait_seconds=q_time, case_id=number, amount=total; again for more",
    )
    group.add_argument("--shape", help="survey, calls, tickets, log, orders or rows (default: seen)")
    group.add_argument("--scale", help="scale of the scores: nps_0_10, csat_1_5, … (default: seen)")
    group.add_argument(
        "--word",
        metavar="KIND=WORD",
        action="append",
        default=[],
        help="tickets and logs: which state or activity is taken, resolved, closed or new (again for more)",
    )
    group.add_argument("--dates", choices=("dmy", "mdy"), help="what 03/04/2026 means (default: seen)")
    group.add_argument("--strict", action="store_true", help="a row that cannot be read is an error")


def _add_question(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("question · 提问")
    group.add_argument(
        "--by", metavar="COLUMN", action="append", default=[], help="group by; again, or a,b, for more"
    )
    group.add_argument(
        "--where",
        metavar="COLUMN=VALUE",
        action="append",
        default=[],
        help="keep only these rows; again for more columns, or for more values of one",
    )
    group.add_argument("--every", metavar="day|week|month|quarter|year", help="one figure per period")
    group.add_argument("--since", metavar="YYYY-MM-DD", help="first day")
    group.add_argument("--until", metavar="YYYY-MM-DD", help="day after the last")
    group.add_argument("--weighted", action="store_true", help="use the weights of the lake or the file")
    group.add_argument(
        "--cluster", metavar="COLUMN", help="rows that hang together (one customer's, one store's)"
    )
    group.add_argument("--min-n", type=int, help="withhold figures on fewer rows (file 1, lake 5)")
    group.add_argument("--confidence", type=float, default=0.95, help="level of the intervals (0.95)")
    group.add_argument("--lake", metavar="PATH", help="folder of the lake (default: $VOICELOOP_LAKE)")


def _add_answer(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("answer · 回答")
    group.add_argument("--json", action="store_true", help="one JSON object on standard output")
    group.add_argument("--csv", action="store_true", help="CSV on standard output")
    group.add_argument("--html", metavar="REPORT.html", type=Path, help="write a report of one page")
    group.add_argument("--compare", action="store_true", help="say which groups differ from the rest")
    group.add_argument("--list", action="store_true", help="list the metrics")
    group.add_argument("--explain", action="store_true", help="definition, formula, columns and SQL")
    group.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")


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
    return one_sentence(_answer, args)


def one_sentence(answer: Callable[[argparse.Namespace, str], None], args: argparse.Namespace) -> int:
    """Run a command; what goes wrong becomes one sentence in the reader's language and exit code 2."""
    language = reader_language(args.lang, os.environ)
    try:
        answer(args, language)
    except AnalyticsError as error:
        return _refused(error, language)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:
        # A damaged file or table surfaces in whatever library meets it first.
        if os.environ.get("VOICELOOP_DEBUG"):
            raise
        why = " ".join(str(error).split())[:300] or type(error).__name__
        return _refused(
            AnalyticsError(
                f"The data cannot be read; it may be damaged, half written or locked ({why}).",
                f"无法读取数据，可能已损坏、未写完或被占用（{why}）。",
            ),
            language,
        )
    return 0


def _refused(error: AnalyticsError, language: str) -> int:
    sys.stderr.write(" ".join(error.say(language).split()) + "\n")
    return 2


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


def _answer(args: argparse.Namespace, language: str) -> None:
    # Imported here: `voiceloop --help` need not wait for an engine.
    from voiceloop.analytics import terminal
    from voiceloop.analytics.asking import asked
    from voiceloop.analytics.explaining import explained, listed

    if args.list:
        print(listed(language, as_json=args.json))
        return
    if not args.metric:
        raise AnalyticsError(
            "Name a metric; `voiceloop measure --list` names them all.",
            "请给出指标名；用 voiceloop measure --list 查看全部指标。",
        )
    if args.explain:
        print(explained(args, language))
        return
    answer = asked(args)
    if args.html:
        from voiceloop.analytics.report import written

        written(args.html, answer, language)
    if args.csv:
        print(terminal.as_csv(answer), end="")
    elif args.json:
        print(terminal.as_json(answer))
    else:
        sys.stderr.write("".join(line + "\n" for line in terminal.said(answer, language)))
        print(terminal.as_table(answer, language))
