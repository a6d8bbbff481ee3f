"""`voiceloop drivers`: what drives a score, on the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from voiceloop.analytics.commands import one_sentence
from voiceloop.analytics.errors import AnalyticsError

_EPILOG = """\
examples · 例子:
  voiceloop drivers passengers.csv.gz --outcome satisfaction
  voiceloop drivers nps.csv --outcome recommend_0_10 --weight weight --json
  voiceloop drivers 满意度.csv --outcome 整体满意度 --driver 网速 --driver 资费 --missing -1

A file is CSV, CSV.gz or Parquet, UTF-8 or GB18030. 0-10 is read as NPS, other numbers as an average, two
classes as the share of the better one. Which columns can explain it is found out and said: identifiers,
texts, copies of the outcome and what was written after it are set aside; who the customer is is held equal.
"""


def add_drivers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_drivers(parser.add_subparsers())
    >>> parser.parse_args(["drivers", "a.csv", "--outcome", "nps"]).outcome
    'nps'
    """
    parser = subparsers.add_parser(
        "drivers",
        help="what drives a score, how much, and which way",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="CSV, CSV.gz or Parquet, one answer a row")
    parser.add_argument("--outcome", metavar="COLUMN", required=True, help="what is to be explained")
    parser.add_argument("--positive", metavar="CLASS", help="the good class of an outcome in words")
    parser.add_argument(
        "--driver",
        metavar="COLUMN",
        action="append",
        default=[],
        help="may explain it; may be repeated (default: all that can)",
    )
    parser.add_argument("--weight", metavar="COLUMN", help="survey weight")
    parser.add_argument(
        "--cluster", metavar="COLUMN", help="what rows that hang together share, such as a store"
    )
    parser.add_argument(
        "--missing",
        metavar="VALUE",
        action="append",
        default=[],
        help="an answer that is none, such as -1; may be repeated",
    )
    parser.add_argument(
        "--method",
        choices=("auto", "lmg", "sampled", "johnson"),
        default="auto",
        help="how R² is shared out (auto)",
    )
    parser.add_argument(
        "--gaps",
        choices=("auto", "listwise", "pairwise", "filled"),
        default="auto",
        help="what is done about gaps (auto)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    parser.set_defaults(run=main)


def main(args: argparse.Namespace) -> int:
    """Print what drives the outcome; on an error say why in one sentence and return 2."""
    return one_sentence(_answer, args)


def _answer(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.drivers.importance import key_drivers
    from voiceloop.analytics.drivers.reading import columns_of
    from voiceloop.analytics.drivers.terminal import as_text

    if args.method == "lmg" and len(args.driver) > 15:
        raise AnalyticsError(
            "All orders of more than 15 drivers are too many.", "超过 15 个因素时无法穷举全部次序。"
        )
    table = columns_of(args.file)
    found = key_drivers(
        table, args.outcome, drivers=args.driver, weight=args.weight, cluster=args.cluster,
        missing=args.missing, positive=args.positive, method=args.method,
        handled="" if args.gaps == "auto" else args.gaps,
    )  # fmt: skip
    if args.json:
        print(json.dumps({"file": args.file.name, **found.to_dict()}, ensure_ascii=False, allow_nan=False))
    else:
        print(as_text(found, language))
